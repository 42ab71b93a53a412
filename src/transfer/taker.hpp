#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/store.hpp"
#include "transfer/document.hpp"

namespace brood::transfer {

struct Count {
  std::uint64_t read = 0;   ///< records that were found
  std::uint64_t taken = 0;  ///< of these, what the store did not have like this; nothing in a dry run
};

struct Counts {
  Count hashes, blacklist, whitelist, third_party;  ///< of third_party the entries
  std::uint64_t waiting = 0;                        ///< samples that are analysed when they are seen again
  std::map<std::string, std::uint64_t> left;        ///< documents that are not taken, by their indices
};

/// Takes an installation's records into a store, some hundreds together. What stands there stays: an entry of
/// the blacklist or the whitelist, a third-party list of the same category and source; of a hash the greater
/// counter. A sample that waits in the original's queue is known with its counter, and nobody's: the next
/// sighting is analysed, for the task's report is not there. So an import may be repeated, and broken off
/// anywhere. Without a store it only counts. Not thread-safe.
class Taker {
 public:
  /// `store` may be null.
  explicit Taker(store::Store* store) : store_(store) {}

  [[nodiscard]] store::Result<void> Take(Record record);
  /// What is gathered is written, the third-party lists as a whole. Once, after all records.
  [[nodiscard]] store::Result<void> Finish();
  [[nodiscard]] const Counts& Counted() const { return counts_; }

 private:
  store::Result<void> TakeOne(Other other);
  store::Result<void> TakeOne(Waiting sample);
  store::Result<void> TakeOne(store::HashRecord record);
  store::Result<void> TakeOne(store::BlacklistEntry entry);
  store::Result<void> TakeOne(store::WhitelistEntry entry);
  store::Result<void> TakeOne(store::Lists::Feed feed);
  store::Result<void> WriteHashes();
  store::Result<void> WriteBlacklist();
  store::Result<void> WriteFeeds();
  store::Result<void> GiveBackWaiting();

  store::Store* const store_;
  Counts counts_;
  std::vector<model::SampleHash> waiting_;
  std::vector<store::HashRecord> hashes_;
  std::vector<store::BlacklistEntry> blacklist_;
  bool whitelist_read_ = false;
  std::set<std::pair<store::WhitelistKind, std::string>> whitelisted_;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> feeds_;  ///< by category and source
};

}  // namespace brood::transfer
