#pragma once

#include <cstdint>
#include <string>

#include "base/expected.hpp"
#include "rules/python_escape.hpp"

namespace brood::rules {

/// Inline flags: (?im), for the whole expression, or (?i-s:, for a group.
struct RegexFlags {
  enum class Scope { kExpression, kGroup };
  Scope scope = Scope::kExpression;
  std::uint32_t global = 0;  ///< TranslatedRegex::Flag, with kExpression
  std::string opening;       ///< what begins the group in PCRE2, with kGroup
  bool verbose_on = false, verbose_off = false;
};

/// One of the letters a i L m s u x.
[[nodiscard]] bool IsRegexFlag(char32_t c);

/// The cursor stands at the first flag or hyphen, and afterwards behind the `)` or `:`.
[[nodiscard]] Expected<RegexFlags, RegexError> ReadRegexFlags(RegexCursor& cursor, std::uint32_t flags_so_far);

}  // namespace brood::rules
