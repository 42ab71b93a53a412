#pragma once

#include <memory>
#include <stop_token>
#include <thread>

#include "base/clock.hpp"
#include "metrics/registry.hpp"
#include "store/indexed_blacklist.hpp"
#include "store/store.hpp"

namespace brood::store {

/// A store whose blacklist is held in memory too (indexed_blacklist.hpp); a thread follows what other processes
/// change, so that it counts within a second.
class IndexedStore final : public Store {
 public:
  /// `max_bytes` is what the blacklist may take; metrics and clock outlive the store.
  IndexedStore(std::unique_ptr<Store> behind, std::size_t max_bytes, metrics::Registry& metrics, Clock& clock);
  ~IndexedStore() override = default;

  [[nodiscard]] store::Submissions& Submissions() override { return behind_->Submissions(); }
  [[nodiscard]] store::Hashes& Hashes() override { return behind_->Hashes(); }
  [[nodiscard]] store::Reports& Reports() override { return behind_->Reports(); }
  [[nodiscard]] store::Blacklist& Blacklist() override { return blacklist_; }
  [[nodiscard]] store::Lists& Lists() override { return behind_->Lists(); }
  [[nodiscard]] store::DeadLetters& DeadLetters() override { return behind_->DeadLetters(); }
  [[nodiscard]] store::Effects& Effects() override { return behind_->Effects(); }
  [[nodiscard]] store::Counts& Counts() override { return behind_->Counts(); }

 private:
  void Watch(const std::stop_token& stop);

  const std::unique_ptr<Store> behind_;
  Clock& clock_;
  metrics::Counter& failures_;
  IndexedBlacklist blacklist_;
  std::jthread watcher_;
};

}  // namespace brood::store
