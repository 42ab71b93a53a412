#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "broker/broker.hpp"
#include "cli/rules_watch.hpp"
#include "cli/settings.hpp"
#include "crits/rest/rest_crits.hpp"
#include "feeds/lists_in_force.hpp"
#include "http/curl/curl_client.hpp"
#include "intake/intake.hpp"
#include "metrics/registry.hpp"
#include "samples/folder/folder_store.hpp"
#include "sandbox/cuckoo/cuckoo_node.hpp"
#include "sandbox/fleet.hpp"
#include "sandbox/node_directory.hpp"
#include "sandbox/node_watch.hpp"
#include "sqlite/writer.hpp"
#include "store/recent_reports.hpp"
#include "store/store.hpp"

namespace brood::cli {

/// After a stop, what a call to a store on another machine may still take.
inline constexpr Millis kStoreMayTake{4'000};

/// The backends of one process, built from the settings: queue, stores, samples, sandboxes, rules. What the
/// services stand on; destroyed after them. Throws std::runtime_error with a sentence when something cannot be
/// opened.
class Plant {
 public:
  /// `service` is the one that runs alone; empty for all of them.
  Plant(const Settings& settings, metrics::Registry& metrics, Clock& clock, std::string_view service = {});
  ~Plant();
  Plant(const Plant&) = delete;
  Plant& operator=(const Plant&) = delete;

  [[nodiscard]] broker::Broker& Broker() { return *broker_; }
  [[nodiscard]] store::Store& Store() { return *store_; }
  [[nodiscard]] samples::SampleStore& Samples() { return *samples_; }
  [[nodiscard]] intake::Intake& Intake() { return *intake_; }
  [[nodiscard]] crits::Crits& Crits() { return *crits_; }
  [[nodiscard]] sandbox::Fleet& Fleet() { return *fleet_; }
  /// A node that a message names: configured, or allowed by its URL; else null.
  [[nodiscard]] std::shared_ptr<sandbox::Node> Node(const model::NodeUrl& url) { return directory_->Find(url); }
  [[nodiscard]] feeds::ListsInForce& Lists() { return *lists_; }
  [[nodiscard]] const std::vector<std::string>& Queues() const { return queues_; }

  /// From now on what parse_and_submit of this process stores is kept for its blacklist_processor.
  void HandReportsOn(std::size_t max_bytes);
  /// Null before HandReportsOn.
  [[nodiscard]] store::RecentReports* RecentReports() { return recent_reports_.get(); }

  /// From now on Store() answers look-ups of the blacklist from memory (store/indexed_store.hpp); 0 bytes: as
  /// before. REQUIRES: nobody has asked for Store() yet.
  void HoldBlacklist(std::size_t max_bytes);

  /// Calls that still wait for a store on another machine then end, so that a stop need not wait for them. The
  /// embedded store does not hear it.
  void EndStoreCallsAfter(Millis wait);

  /// The node's watch, polling from the first call on; null where Node is.
  [[nodiscard]] sandbox::NodeWatch* Watch(const model::NodeUrl& url);
  /// The rules in force. The first call loads them and throws std::runtime_error with every problem if they are
  /// broken.
  [[nodiscard]] rules::RuleSet Rules();

 private:
  void OpenStores(const Settings& settings);
  void MakeNodes(const Settings& settings);

  metrics::Registry& metrics_;
  Clock& clock_;
  const RulesSettings rules_settings_;
  const std::filesystem::path state_dir_;
  const sandbox::WatchSettings watch_settings_;
  std::stop_source store_stop_;
  std::shared_ptr<sqlite::Writer> records_writer_,
      reports_writer_;  ///< the second is null where none is needed
  std::unique_ptr<samples::SampleStore> samples_;
  std::unique_ptr<broker::Broker> broker_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::RecentReports> recent_reports_;
  std::unique_ptr<intake::Intake> intake_;
  std::unique_ptr<feeds::ListsInForce> lists_;
  std::unique_ptr<crits::Crits> crits_;
  std::unique_ptr<sandbox::Fleet> fleet_;
  std::unique_ptr<sandbox::NodeDirectory> directory_;
  std::vector<std::string> queues_;
  std::mutex mutex_;
  std::map<model::NodeUrl, std::unique_ptr<sandbox::NodeWatch>> watches_;
  std::unique_ptr<RulesWatch> rules_;
  std::jthread store_ender_;
};

}  // namespace brood::cli
