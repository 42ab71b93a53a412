#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace brood::rules {

enum class LetterCase { kMatters, kIgnored };

/// One text value of a rule. Without the prefix `!REGEX!` it is a wildcard; with kVerbatim it is itself.
struct TextPattern {
  enum class Syntax { kWildcardOrRegex, kVerbatim };
  std::uint32_t id = 0;  ///< the caller's, told back in hits
  std::string text;
  Syntax syntax = Syntax::kWildcardOrRegex;
  LetterCase letter_case = LetterCase::kMatters;
};

[[nodiscard]] bool IsRegex(const TextPattern& pattern);

/// The one text that the pattern stands for, where a look-up can find it.
[[nodiscard]] std::optional<std::string> ExactText(const TextPattern& pattern);

}  // namespace brood::rules
