#pragma once

#include "base/clock.hpp"
#include "feeds/schedule.hpp"
#include "feeds/settings.hpp"
#include "feeds/updater.hpp"
#include "http/curl/curl_client.hpp"
#include "metrics/registry.hpp"
#include "store/store.hpp"

namespace brood::cli {

/// What updates the third-party lists of `[feeds]`: client, updater and schedule.
class FeedsService {
 public:
  /// All of them outlive it. Nothing runs before Start.
  FeedsService(const feeds::Settings& settings, store::Store& store, metrics::Registry& metrics, Clock& clock);

  [[nodiscard]] feeds::Updater& Updater() { return updater_; }
  [[nodiscard]] feeds::Schedule& Schedule() { return schedule_; }
  [[nodiscard]] const feeds::Schedule& Schedule() const { return schedule_; }
  [[nodiscard]] bool HasLists() const { return !updater_.Sources().empty(); }
  /// Does nothing where no list is configured.
  void Start();

 private:
  http::curl::CurlClient client_;
  feeds::Updater updater_;
  feeds::Schedule schedule_;
};

}  // namespace brood::cli
