#include "store/opensearch/opensearch_store.hpp"

#include "store/opensearch/indices.hpp"
#include "store/opensearch/ports.hpp"

namespace brood::store::opensearch {

struct OpenSearchStore::Parts {
  Parts(const Settings& settings, std::shared_ptr<http::Client> client, Clock& clock,
        metrics::Registry& metrics, std::stop_token stop)
      : engine(settings, std::move(client), clock, metrics, std::move(stop)) {}

  [[nodiscard]] Documents Of(std::string_view index) { return {engine, indices.NameOf(index)}; }

  Engine engine;
  Indices indices{engine};
  Documents queue = Of("queue"), hashes_index = Of("hashes"), cuckoo = Of("cuckoo");
  Documents blacklist_index = Of("blacklist"), whitelist = Of("whitelist");
  Documents third_party_blacklist = Of("third_party_blacklist");
  std::unique_ptr<store::Submissions> submissions = MakeSubmissions(queue);
  std::unique_ptr<store::Hashes> hashes = MakeHashes(hashes_index);
  std::unique_ptr<store::Reports> reports = MakeReports(cuckoo);
  std::unique_ptr<store::Blacklist> blacklist = MakeBlacklist(blacklist_index, whitelist);
  std::unique_ptr<store::Lists> lists = MakeLists(whitelist, third_party_blacklist);
  std::unique_ptr<store::DeadLetters> dead_letters = MakeDeadLetters(queue);
  std::unique_ptr<store::Effects> effects = MakeEffects(queue);
  std::unique_ptr<store::Counts> counts =
      MakeCounts({queue, hashes_index, cuckoo, blacklist_index, whitelist, third_party_blacklist});
};

OpenSearchStore::OpenSearchStore(const Settings& settings, std::shared_ptr<http::Client> client, Clock& clock,
                                 metrics::Registry& metrics, std::stop_token stop)
    : parts_(std::make_unique<Parts>(settings, std::move(client), clock, metrics, std::move(stop))) {}

OpenSearchStore::~OpenSearchStore() = default;

Result<void> OpenSearchStore::MakeIndices() { return parts_->indices.CreateAll(); }

bool OpenSearchStore::ShutOut() const { return parts_->engine.ShutOut(); }

store::Submissions& OpenSearchStore::Submissions() { return *parts_->submissions; }
store::Hashes& OpenSearchStore::Hashes() { return *parts_->hashes; }
store::Reports& OpenSearchStore::Reports() { return *parts_->reports; }
store::Blacklist& OpenSearchStore::Blacklist() { return *parts_->blacklist; }
store::Lists& OpenSearchStore::Lists() { return *parts_->lists; }
store::DeadLetters& OpenSearchStore::DeadLetters() { return *parts_->dead_letters; }
store::Effects& OpenSearchStore::Effects() { return *parts_->effects; }
store::Counts& OpenSearchStore::Counts() { return *parts_->counts; }

}  // namespace brood::store::opensearch
