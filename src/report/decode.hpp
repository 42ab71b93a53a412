#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/json_string.hpp"
#include "model/text_list.hpp"

namespace brood::report {

/// What had to be replaced to make valid UTF-8 of a JSON string.
struct Repairs : model::Repairs {
  bool bad_utf8 = false;  ///< bytes that are no character: U+FFFD
  [[nodiscard]] bool Any() const { return surrogates != 0 || bad_escapes != 0 || bad_utf8; }
};

/// Whether a string means just its own bytes.
[[nodiscard]] bool IsPlain(std::string_view raw);
/// The text that `raw` (the bytes between a string's quotes) means. \u0000 becomes a NUL.
[[nodiscard]] std::string Decode(std::string_view raw, Repairs& repairs);
/// The same, added to a list's end once it is committed; gives its size.
[[nodiscard]] std::size_t DecodeInto(model::TextList& list, std::string_view raw, Repairs& repairs);
/// The longest front of `raw` of at most `max_bytes` that ends neither inside an escape nor inside a character.
[[nodiscard]] std::string_view CutRaw(std::string_view raw, std::size_t max_bytes);

}  // namespace brood::report
