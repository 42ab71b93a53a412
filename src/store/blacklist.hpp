#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "store/result.hpp"

namespace brood::store {

enum class Origin { kRule, kApi, kImport };
[[nodiscard]] std::string_view Name(Origin origin);  ///< "rule", "api", "import"
[[nodiscard]] std::optional<Origin> OriginFrom(std::string_view name);

struct BlacklistEntry {
  std::string type, value;
  std::string sha256;  ///< for type hash: the sample's SHA-256
  Time last_change{};
  std::string reasons;  ///< JSON list [{reason, data}]
  double score = 0.0;
  Origin origin = Origin::kRule;
  bool operator==(const BlacklistEntry&) const = default;
};

/// "type:value", over 400 bytes "type:sha256(value)".
[[nodiscard]] std::string EntryId(std::string_view type, std::string_view value);

/// How often the blacklist has changed, by any process. Both only grow.
struct BlacklistGeneration {
  std::int64_t additions = 0;  ///< one more with each Upsert
  std::int64_t removals = 0;   ///< one more with each call that removed something
  bool operator==(const BlacklistGeneration&) const = default;
};

/// The records of the index `blacklist`.
class Blacklist {
 public:
  virtual ~Blacklist() = default;
  /// An entry that exists is kept and its reasons, score, last_change and (unless empty) sha256 are refreshed;
  /// a rule never turns an entry of origin api or import into one of its own. last_change never goes back, so
  /// that who polls Since misses nothing.
  [[nodiscard]] virtual Result<void> Upsert(std::span<const BlacklistEntry> entries) = 0;
  /// False if there was none.
  [[nodiscard]] virtual Result<bool> Remove(std::string_view type, std::string_view value) = 0;
  /// Removes each entry that still stands exactly as it is given: what changed since it was read stays. One
  /// answer for each, in order: whether it was removed. REQUIRES: no entry twice.
  [[nodiscard]] virtual Result<std::vector<bool>> RemoveUnchanged(std::span<const BlacklistEntry> entries) = 0;
  [[nodiscard]] virtual Result<std::optional<BlacklistEntry>> Get(std::string_view type,
                                                                  std::string_view value) = 0;
  /// Whether there is such an entry. May be a second behind what another process does, never behind this one.
  [[nodiscard]] virtual Result<bool> Contains(std::string_view type, std::string_view value) {
    return Get(type, value).map([](const auto& entry) { return entry.has_value(); });
  }
  /// Changed at or after `since` (all without), oldest change first. An empty type means all types. What
  /// changes while one pages may come twice, the rest comes once.
  [[nodiscard]] virtual Result<Listing<BlacklistEntry>> Since(std::string_view type, std::optional<Time> since,
                                                              const Page& page) = 0;
  /// How many of them were changed at or after `since`.
  [[nodiscard]] virtual Result<std::uint64_t> CountSince(std::string_view type, std::optional<Time> since) = 0;
  /// Current, and asked for each second, so that a copy of the blacklist follows every process's changes. Once
  /// it is given, listings and counts have all changes that it counts.
  [[nodiscard]] virtual Result<BlacklistGeneration> Generation() = 0;
};

}  // namespace brood::store
