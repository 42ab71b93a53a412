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
  kNever,      ///< no text matches
};

struct PatternPlace {
  Tier tier = Tier::kAlone;
  bool every_text = false;  ///< kConfirmed, but every text is a candidate
  bool operator==(const PatternPlace&) const = default;
};

/// How a list of patterns is looked for together.
struct ScanPlan {
  /// Of ToBytes, of how Make finds places and of what Widen makes of a pattern: grows with any change of these.
  static constexpr std::string_view kFormat = "plan 4";

  std::vector<PatternPlace> places;    ///< of each pattern
  std::vector<std::uint32_t> members;  ///< which pattern each expression of `set` is
  std::optional<ScanSet> set;          ///< of those that Hyperscan looks for

  /// Takes seconds for thousands of patterns. Never fails: what Hyperscan refuses is alone.
  [[nodiscard]] static ScanPlan Make(std::span<const WideExpression> patterns);

  [[nodiscard]] static ScanPlan AllAlone(std::size_t patterns);

  /// What ToBytes gave for as many patterns; nothing if it is not that.
  [[nodiscard]] static std::optional<ScanPlan> FromBytes(std::string_view bytes, std::size_t patterns);
  /// Nothing if Hyperscan fails to write its part.
  [[nodiscard]] std::optional<std::string> ToBytes() const;
};

/// For texts of ASCII alone, and for all others.
struct ScanPlans {
  ScanPlan ascii, any;
};

}  // namespace brood::rules
