#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "store/result.hpp"

namespace brood::store {

/// The indices by the names that users of the original know.
enum class Index { kQueue, kHashes, kCuckoo, kBlacklist, kWhitelist, kThirdPartyBlacklist };
[[nodiscard]] std::string_view Name(Index index);  ///< "queue", …, "third_party_blacklist"
[[nodiscard]] std::optional<Index> IndexFrom(std::string_view name);

/// How many records each index has.
class Counts {
 public:
  virtual ~Counts() = default;
  /// Of one type, or of all where it is empty; an unknown type has none. The types are: of queue (the
  /// submissions, finished ones too) and hashes "item", of cuckoo "report", of blacklist the entries' own, of
  /// whitelist "subnet", "hash" and "domain", of third_party_blacklist the category: there each entry of a feed
  /// counts, one that stands in two feeds twice.
  [[nodiscard]] virtual Result<std::uint64_t> Of(Index index, std::string_view type) = 0;
};

/// The one type of an index that has one only: "item" or "report". Empty for the others.
[[nodiscard]] std::string_view OnlyTypeOf(Index index);

}  // namespace brood::store
