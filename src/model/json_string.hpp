#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace brood::model {

// What stands between a JSON string's quotes, written and read sixteen bytes at a time.

/// Writes `text` as it stands in a JSON string; UTF-8 stays as it is. There must be room for kWorstEscape times
/// its size and kStringSlack more. Gives the end of what was written.
[[nodiscard]] char* Escape(std::string_view text, char* out);
inline constexpr std::size_t kWorstEscape = 6, kStringSlack = 16;

/// How many bytes Escape writes.
[[nodiscard]] std::size_t EscapedSize(std::string_view text);

/// Where the first byte stands that cannot be in a JSON string as it is: a quote, a backslash, a control
/// character. The text's size if there is none.
[[nodiscard]] std::size_t FindEscapable(std::string_view text);

/// What had to be replaced to make valid UTF-8 of a JSON string.
struct Repairs {
  std::int64_t surrogates = 0;   ///< \ud800 without its other half: U+FFFD
  std::int64_t bad_escapes = 0;  ///< \x and the like: kept as written
  bool not_ascii = false;        ///< there are bytes from 0x80 on, which are as they were: valid UTF-8 or not
};

/// Writes the text that `raw` means; \u0000 becomes a NUL. It is never longer than `raw`; there must be room
/// for that and kStringSlack more. Gives the end of what was written.
[[nodiscard]] char* Unescape(std::string_view raw, char* out, Repairs& repairs);

/// A JSON string, read strictly.
struct StrictText {
  std::string_view text;         ///< lies in the input, or in the buffer if there were escapes
  const char* behind = nullptr;  ///< the closing quote
  std::string_view problem;      ///< what is wrong; none if it is empty
};

/// Reads from behind the opening quote. Invalid UTF-8 is not looked for.
[[nodiscard]] StrictText ReadText(const char* begin, const char* end, std::string& buffer);

}  // namespace brood::model
