#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "rules/lists.hpp"
#include "store/store.hpp"

namespace brood::feeds {

/// The store's whitelist and third-party lists in the form the rules use, kept current: the store's generation
/// is asked at most once in `look_every`, so that a change made by any process counts within that time. While
/// the store is away the last known lists stay in force. A whitelist that nobody has touched yet is seeded
/// first. Thread-safe.
class ListsInForce {
 public:
  ListsInForce(store::Lists& lists, Clock& clock, Millis look_every = Millis{1'000},
               std::vector<store::WhitelistEntry> seed = {})
      : lists_(lists), clock_(clock), look_every_(look_every), seed_(std::move(seed)) {}

  [[nodiscard]] std::shared_ptr<const rules::Lists> Current();

 private:
  void Refresh();
  void Seed();

  store::Lists& lists_;
  Clock& clock_;
  const Millis look_every_;
  std::vector<store::WhitelistEntry> seed_;  ///< empty once it is known to be done
  std::mutex mutex_;
  std::shared_ptr<const rules::Lists> current_ = std::make_shared<rules::Lists>();
  std::optional<std::int64_t> generation_;
  std::optional<Time> looked_;
};

/// The store's entries as the rules use them. An entry that is no address (older software may have stored one)
/// is left out.
[[nodiscard]] rules::Lists ToRules(const std::vector<store::WhitelistEntry>& whitelist,
                                   const std::vector<store::Lists::Feed>& feeds);

}  // namespace brood::feeds
