#include "cli/plant.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "base/log.hpp"
#include "cli/make_broker.hpp"
#include "cli/queues.hpp"
#include "cli/reach_engine.hpp"
#include "feeds/shipped.hpp"
#include "http/allow_list.hpp"
#include "interop/interop_broker.hpp"
#include "rules/folder.hpp"
#include "store/indexed_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::cli {
namespace {

namespace fs = std::filesystem;

void MakeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw std::runtime_error(fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
  fs::permissions(folder, fs::perms::owner_all, error);
}

/// For settings that say how certificates are checked.
template <class Tls>
http::curl::CurlSettings CurlFor(const Tls& settings) {
  http::curl::CurlSettings curl;
  curl.verify = settings.verify_ssl ? http::curl::TlsCheck::kVerify : http::curl::TlsCheck::kOff;
  curl.ca_file = settings.ca_file;
  return curl;
}

std::shared_ptr<sandbox::Node> MakeNode(const SandboxSettings& settings, const NodeSettings& node,
                                        Millis upload) {
  http::curl::CurlSettings curl = CurlFor(settings);
  curl.keep_alive = node.parallel > 1 ? http::curl::KeepAlive::kOn : http::curl::KeepAlive::kOff;
  curl.max_idle_handles = static_cast<std::size_t>(node.parallel);
  sandbox::cuckoo::CuckooSettings cuckoo;
  cuckoo.url = model::NodeUrl{node.url};
  cuckoo.token = node.token;
  cuckoo.dialect = node.dialect;
  cuckoo.parallel = node.parallel;
  cuckoo.upload = upload;
  return std::make_shared<sandbox::cuckoo::CuckooNode>(cuckoo, std::make_shared<http::curl::CurlClient>(curl));
}

/// Which sandboxes messages may name although they are not configured here.
sandbox::NodeDirectory::Admits AdmitsGuests(const SandboxSettings& settings) {
  if (settings.allow.empty()) return [](const model::NodeUrl&) { return false; };
  if (settings.AllowsAny())
    log::Warning("any sandbox that a message names is talked to: sandbox.allow is \"*\"");
  return [list = settings.AllowsAny() ? http::AllowList() : http::AllowList(settings.allow)](
             const model::NodeUrl& url) { return list.Allows(url.Get()); };
}

}  // namespace

Plant::Plant(const Settings& settings, metrics::Registry& metrics, Clock& clock, std::string_view service)
    : metrics_(metrics),
      clock_(clock),
      rules_settings_(settings.rules),
      state_dir_(settings.general.state_dir),
      watch_settings_(settings.sandbox.watch) {
  OpenStores(settings);
  broker_ = MakeBroker(settings, service, *records_writer_, metrics);
  if (settings.feed_cuckoo.interop == model::Interop::kGo) {
    broker_ = std::make_unique<interop::InteropBroker>(std::move(broker_), settings.feed_cuckoo.consumer_queue,
                                                       *samples_);
  }
  queues_ = QueuesConsumed(settings);
  MakeNodes(settings);
  intake::Settings intake;
  intake.feed_queue = settings.submit_binary.producer_queue;
  intake.default_options = {{"options", settings.submit_binary.options}};
  if (settings.submit_binary.options.empty()) intake.default_options.clear();
  intake.seen_for = settings.submit_binary.seen_for;
  intake_ = std::make_unique<intake::Intake>(store_->Submissions(), store_->Hashes(), intake, clock_);
  lists_ = std::make_unique<feeds::ListsInForce>(
      store_->Lists(), clock_, Millis{1'000},
      settings.rules.shipped_whitelist ? feeds::ShippedWhitelist() : std::vector<store::WhitelistEntry>());
  crits_ = std::make_unique<crits::rest::RestCrits>(
      settings.crits, std::make_shared<http::curl::CurlClient>(CurlFor(settings.crits)), clock_, metrics_);
}

Plant::~Plant() {
  for (auto& [url, watch] : watches_) watch->Stop();
  const auto records = records_writer_->Counted();
  const auto reports = reports_writer_ ? reports_writer_->Counted() : decltype(records){};
  log::Info("database writes of this process", {{"works", records.works + reports.works},
                                                {"transactions", records.transactions + reports.transactions}});
}

void Plant::OpenStores(const Settings& settings) {
  const fs::path& state = settings.general.state_dir;
  MakeFolder(state);
  records_writer_ = std::make_shared<sqlite::Writer>(state / "brood.db");
  if (settings.store.kind == store::opensearch::Kind::kSqlite) {
    reports_writer_ =
        std::make_shared<sqlite::Writer>(state / "reports.db", sqlite::WriterSettings{.page_bytes = 16'384});
    store_ = std::make_unique<store::sqlite::SqliteStore>(records_writer_, reports_writer_);
  } else {
    store_ = ReachEngine(settings.store, clock_, metrics_, store_stop_.get_token());
  }
  samples_ = std::make_unique<samples::folder::FolderSampleStore>(state / "samples");
}

void Plant::HandReportsOn(std::size_t max_bytes) {
  if (max_bytes > 0) recent_reports_ = std::make_unique<store::RecentReports>(max_bytes, metrics_);
}

void Plant::HoldBlacklist(std::size_t max_bytes) {
  if (max_bytes > 0) {
    store_ = std::make_unique<store::IndexedStore>(std::move(store_), max_bytes, metrics_, clock_);
  }
}

void Plant::EndStoreCallsAfter(Millis wait) {
  store_ender_ = std::jthread([this, wait](const std::stop_token& stop) {
    SystemClock().WaitFor(wait, stop);
    store_stop_.request_stop();
  });
}

void Plant::MakeNodes(const Settings& settings) {
  const Millis upload = settings.feed_cuckoo.upload_deadline;
  std::vector<std::shared_ptr<sandbox::Node>> nodes;
  for (const NodeSettings& node : settings.sandbox.nodes)
    nodes.push_back(MakeNode(settings.sandbox, node, upload));
  fleet_ = std::make_unique<sandbox::Fleet>(nodes, settings.sandbox.fleet, clock_);
  // A guest gets none of our tokens.
  directory_ = std::make_unique<sandbox::NodeDirectory>(
      std::move(nodes), AdmitsGuests(settings.sandbox),
      [guests = settings.sandbox, upload](const model::NodeUrl& url) {
        return MakeNode(guests, NodeSettings{.url = url.Get()}, upload);
      });
}

sandbox::NodeWatch* Plant::Watch(const model::NodeUrl& url) {
  std::lock_guard lock(mutex_);
  const auto known = watches_.find(url);
  if (known != watches_.end()) return known->second.get();
  auto node = directory_->Find(url);
  if (!node) return nullptr;
  auto& watch = watches_[url];
  watch = std::make_unique<sandbox::NodeWatch>(std::move(node), watch_settings_, metrics_, clock_);
  watch->Start();
  return watch.get();
}

rules::RuleSet Plant::Rules() {
  std::lock_guard lock(mutex_);
  if (!rules_) {
    rules::Options options;
    options.blacklist_score = rules_settings_.blacklist_score;
    options.score_per = rules_settings_.score_per;
    options.cache_folder = state_dir_ / rules::kCacheFolder;
    rules_ = std::make_unique<RulesWatch>(rules_settings_.folder.string(), options, clock_);
  }
  return rules_->Current();
}

}  // namespace brood::cli
