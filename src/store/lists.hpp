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

enum class WhitelistKind { kSubnet, kHash, kDomain };
[[nodiscard]] std::string_view Name(WhitelistKind kind);  ///< "subnet", "hash", "domain"
[[nodiscard]] std::optional<WhitelistKind> WhitelistKindFrom(std::string_view name);

struct WhitelistEntry {
  WhitelistKind kind = WhitelistKind::kSubnet;
  std::string value;  ///< CIDR as given by the network's canonical text, MD5/SHA-256, domain
  std::string owner;
  bool operator==(const WhitelistEntry&) const = default;
};

/// The records of the indices `whitelist` and `third_party_blacklist`.
class Lists {
 public:
  virtual ~Lists() = default;
  /// Adds the entry; one of the same kind and value gets the new owner.
  [[nodiscard]] virtual Result<void> PutWhitelist(const WhitelistEntry& entry) = 0;
  /// False if there was none.
  [[nodiscard]] virtual Result<bool> RemoveWhitelist(WhitelistKind kind, std::string_view value) = 0;
  /// In order of kind and value.
  [[nodiscard]] virtual Result<std::vector<WhitelistEntry>> Whitelist() = 0;
  /// Puts the entries if that was never done and the whitelist has none; true if they were put. What is removed
  /// later does not come back.
  [[nodiscard]] virtual Result<bool> SeedWhitelist(std::span<const WhitelistEntry> entries) = 0;
  /// The whole list of one category from one source: swapped in whole or not at all. No entries: the feed goes.
  /// Its note goes in either case, and never later than the entries change.
  [[nodiscard]] virtual Result<void> ReplaceFeed(std::string_view category,
                                                 std::span<const std::string> entries,
                                                 std::string_view source) = 0;
  struct Feed {
    std::string category, source;
    std::vector<std::string> entries;
    bool operator==(const Feed&) const = default;
  };
  /// In order of category and source; entries as they were given.
  [[nodiscard]] virtual Result<std::vector<Feed>> Feeds() = 0;
  /// What is known of a source beside its entries, for the next look at it. It may stand without entries.
  struct FeedNote {
    std::string category, source;
    Time looked{};   ///< when it was asked last, whatever came of it
    Time fetched{};  ///< when the entries that stand were downloaded or confirmed; 0: not by us
    std::string etag, last_modified;  ///< as its server gave them with those entries
    std::int64_t skipped = 0;         ///< lines of that download that were no entries
    std::string trouble;              ///< why the last look gave no list; empty if it did
    bool operator==(const FeedNote&) const = default;
  };
  /// In the place of the former note of the same category and source. The generation stays.
  [[nodiscard]] virtual Result<void> NoteFeed(const FeedNote& note) = 0;
  /// In order of category and source.
  [[nodiscard]] virtual Result<std::vector<FeedNote>> FeedNotes() = 0;
  /// Grows with every change of a list; polled each second, so that a change is effective at once everywhere.
  [[nodiscard]] virtual Result<std::int64_t> Generation() = 0;
};

}  // namespace brood::store
