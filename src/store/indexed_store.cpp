#include "store/indexed_store.hpp"

#include "base/log.hpp"

namespace brood::store {
namespace {

constexpr Millis kLookEvery{500};

}  // namespace

IndexedStore::IndexedStore(std::unique_ptr<Store> behind, std::size_t max_bytes, metrics::Registry& metrics,
                           Clock& clock)
    : behind_(std::move(behind)),
      clock_(clock),
      failures_(metrics.GetCounter("brood_blacklist_index_failures_total",
                                   "How often the store did not say what has changed.")),
      blacklist_(behind_->Blacklist(), max_bytes, metrics, clock),
      watcher_([this](const std::stop_token& stop) { Watch(stop); }) {}

void IndexedStore::Watch(const std::stop_token& stop) {
  bool away = false;
  while (!stop.stop_requested()) {
    const auto refreshed = blacklist_.Refresh();
    if (!refreshed) failures_.Add();
    if (!refreshed && !away) {
      log::Warning("changes of the blacklist are not seen, the last known one stays in force",
                   {{"why", refreshed.error().what}});
    }
    away = !refreshed;
    clock_.WaitFor(kLookEvery, stop);
  }
}

}  // namespace brood::store
