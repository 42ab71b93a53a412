#pragma once

#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "rules/python_regex.hpp"

namespace brood::rules {

/// Reads a regular expression character by character. Not owning.
struct RegexCursor {
  static constexpr char32_t kEnd = 0xFFFFFFFF;

  std::u32string_view text;
  std::size_t at = 0;

  bool Done() const { return at >= text.size(); }
  char32_t Peek() const { return Done() ? kEnd : text[at]; }
  char32_t Next() { return Done() ? kEnd : text[at++]; }
  bool Take(char32_t c) {
    if (Peek() != c) return false;
    ++at;
    return true;
  }
};

/// What a backslash and what follows it mean in Python's `re`.
struct RegexEscape {
  enum class Kind {
    kLiteral,        ///< value: the character
    kClass,          ///< value: one of d D s S w W
    kAnchor,         ///< value: one of A Z b B
    kBackReference,  ///< value: the group's number
  };
  Kind kind;
  char32_t value;
};

enum class EscapePlace { kOutside, kInSet };

/// The cursor stands behind the backslash, and afterwards behind the escape.
[[nodiscard]] Expected<RegexEscape, RegexError> ReadEscape(RegexCursor& cursor, EscapePlace place);

/// A class as the inside of a PCRE2 set, Unicode or ASCII after the flags.
[[nodiscard]] std::string_view ClassInSet(char32_t letter, std::uint32_t flags);

/// Reads a set whose `[` has been read and gives it in PCRE2's syntax.
[[nodiscard]] Expected<std::string, RegexError> TranslateRegexSet(RegexCursor& cursor, std::uint32_t flags);

[[nodiscard]] constexpr bool IsRegexDigit(char32_t c) { return c >= '0' && c <= '9'; }

}  // namespace brood::rules
