#include "store/contract/contract.hpp"

#include <algorithm>
#include <mutex>
#include <set>

#include "http/curl/curl_client.hpp"
#include "store/opensearch/indices.hpp"
#include "store/opensearch/opensearch_store.hpp"
#include "store/opensearch/testing/search_engine.hpp"

namespace brood::store::contract {
namespace {

using opensearch::OpenSearchStore;
using opensearch::testing::SearchEngine;

/// A handle that makes an index when a test first wants the port that stands on it: making all six takes
/// seconds.
class AsWanted final : public Store {
 public:
  using Want = std::function<void(std::string_view index)>;
  AsWanted(std::unique_ptr<OpenSearchStore> store, Want want)
      : store_(std::move(store)), want_(std::move(want)) {}

  store::Submissions& Submissions() override { return After("queue").Submissions(); }
  store::Hashes& Hashes() override { return After("hashes").Hashes(); }
  store::Reports& Reports() override { return After("cuckoo").Reports(); }
  store::Blacklist& Blacklist() override {
    want_("whitelist");
    return After("blacklist").Blacklist();
  }
  store::Lists& Lists() override {
    want_("whitelist");
    return After("third_party_blacklist").Lists();
  }
  store::DeadLetters& DeadLetters() override { return After("queue").DeadLetters(); }
  store::Effects& Effects() override { return After("queue").Effects(); }
  store::Counts& Counts() override {
    for (const opensearch::Mapping& mapping : opensearch::Mappings()) want_(mapping.index);
    return store_->Counts();
  }

 private:
  OpenSearchStore& After(std::string_view index) {
    want_(index);
    return *store_;
  }

  const std::unique_ptr<OpenSearchStore> store_;
  const Want want_;
};

/// Two handles on indices of their own, as two processes have them.
class OnEngine final : public Bench {
 public:
  explicit OnEngine(const std::string& kind) : settings_(SearchEngine::Shared(kind).NewSettings()) { Reopen(); }
  ~OnEngine() override {
    for (const opensearch::Mapping* mapping : made_) (void)indices_.Delete(*mapping);
  }

  Store& First() override { return *first_; }
  Store& Second() override { return *second_; }
  void Reopen() override {
    first_ = Open();
    second_ = Open();
  }

 private:
  std::unique_ptr<Store> Open() {
    return std::make_unique<AsWanted>(std::make_unique<OpenSearchStore>(settings_, client_, clock_, metrics_),
                                      [this](std::string_view index) { Make(index); });
  }

  void Make(std::string_view index) {
    const std::lock_guard lock(mutex_);
    const auto& mapping = *std::ranges::find(opensearch::Mappings(), index, &opensearch::Mapping::index);
    if (made_.insert(&mapping).second) Must(indices_.Create(mapping));
  }

  const opensearch::Settings settings_;
  std::shared_ptr<http::Client> client_ = std::make_shared<http::curl::CurlClient>();
  SystemClock clock_;
  metrics::Registry metrics_;
  opensearch::Engine engine_{settings_, client_, clock_, metrics_, {}};
  opensearch::Indices indices_{engine_};
  std::mutex mutex_;
  std::set<const opensearch::Mapping*> made_;
  std::unique_ptr<Store> first_, second_;
};

const auto kBackends =
    testing::Values(Backend{"OpenSearch", [] { return std::make_unique<OnEngine>("opensearch"); }},
                    Backend{"Elasticsearch", [] { return std::make_unique<OnEngine>("elasticsearch"); }});

}  // namespace

INSTANTIATE_TEST_SUITE_P(Engine, SubmissionsContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Engine, HashesContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Engine, ReportsContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Engine, BlacklistContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Engine, ListsContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Engine, DeadLettersContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Engine, EffectsContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Engine, CountsContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Engine, DurabilityContract, kBackends, NameOfBackend);

}  // namespace brood::store::contract
