#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/expected.hpp"

namespace brood::rules {

/// A regular expression in Python's `re` syntax (3.11, text patterns), rewritten for PCRE2.
struct TranslatedRegex {
  std::string pattern;
  // Flags set at the start of the expression; those of one group, as in (?i:...), stand in the pattern.
  enum Flag : std::uint32_t { kIgnoreCase = 1, kMultiline = 2, kDotAll = 4, kAscii = 8 };
  std::uint32_t flags = 0;
  /// (byte in `pattern`, character in the source), growing.
  std::vector<std::pair<std::size_t, std::size_t>> origins;

  /// The character of the source that the byte at `offset` of `pattern` comes from.
  [[nodiscard]] std::size_t Origin(std::size_t offset) const;
};

struct RegexError {
  std::string what;
  std::size_t offset = 0;  ///< character in the source
};

/// What Python refuses is refused here with Python's words; what PCRE2 refuses (a look-behind of no fixed
/// width) is left for it to refuse. What differs between the two is rewritten: `\Z`, `{,n}`, `\uHHHH`, octal
/// escapes, `\v`, `\s`, named groups, comments, verbose mode, sets like `[[:alpha:]]`. `\N{...}`, (?L) and
/// (?a:...) are refused with a sentence.
[[nodiscard]] Expected<TranslatedRegex, RegexError> TranslatePythonRegex(std::string_view source);

}  // namespace brood::rules
