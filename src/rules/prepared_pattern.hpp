#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/expected.hpp"
#include "rules/pcre.hpp"
#include "rules/python_regex.hpp"
#include "rules/text_pattern.hpp"
#include "rules/widen.hpp"

namespace brood::rules {

/// A pattern in the words of the engines, before either has seen it.
struct PreparedPattern {
  TranslatedRegex search;  ///< for PCRE2, which decides what matches
  std::string plain;       ///< of a wildcard: the same without atomic groups
  bool is_regex = false;   ///< what its writer wrote

  /// For Hyperscan.
  [[nodiscard]] WideExpression Wide(Texts texts) const;
  /// PCRE2's objection to `search`, with the place in the source.
  [[nodiscard]] std::string Describe(const PcreError& error) const;
};

/// Refuses what Python refuses, in its words, and what is too long.
[[nodiscard]] Expected<PreparedPattern, std::string> Prepare(const TextPattern& pattern);

/// SHA-256 in hex over both forms of all patterns, the format of ScanPlan::ToBytes, the engines' versions and
/// the processor's features. Two lists that share it have the same plan, and if PCRE2 took one, it takes the
/// other.
[[nodiscard]] std::string PatternsKey(std::span<const PreparedPattern> patterns);

}  // namespace brood::rules
