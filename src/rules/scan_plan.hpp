#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/hyperscan.hpp"
#include "rules/widen.hpp"

namespace brood::rules {

/// How a pattern is looked for.
enum class Tier : std::uint8_t {
  kExact,      ///< Hyperscan alone decides
  kConfirmed,  ///< Hyperscan finds the candidates, PCRE2 decides
  kAlone,      ///< Hyperscan refuses it: PCRE2 tries it on every text
};

struct PatternPlace {
  Tier tier = Tier::kAlone;
  bool every_text = false;  ///< kConfirmed, but every text is a candidate
  bool operator==(const PatternPlace&) const = default;
};

/// How a list of patterns is looked for together.
struct ScanPlan {
  std::vector<PatternPlace> places;    ///< of each pattern
  std::vector<std::uint32_t> members;  ///< which pattern each expression of `set` is
  std::optional<ScanSet> set;          ///< of all patterns that are not alone

  /// Takes seconds for thousands of patterns. Never fails: what Hyperscan refuses is alone.
  [[nodiscard]] static ScanPlan Make(std::span<const WideExpression> patterns);

  [[nodiscard]] static ScanPlan AllAlone(std::size_t patterns);

  /// What ToBytes gave for as many patterns; nothing if it is not that.
  [[nodiscard]] static std::optional<ScanPlan> FromBytes(std::string_view bytes, std::size_t patterns);
  /// Nothing if Hyperscan fails to write its part.
  [[nodiscard]] std::optional<std::string> ToBytes() const;
};

/// A text that two lists of patterns share only if the plan of one fits the other: SHA-256 in hex over the
/// expressions, the format of ToBytes, the library's version and the processor's features.
[[nodiscard]] std::string PlanKey(std::span<const WideExpression> patterns);

}  // namespace brood::rules
