#include "store/opensearch/indices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "http/curl/curl_client.hpp"
#include "http/test_server.hpp"
#include "store/opensearch/documents.hpp"
#include "store/opensearch/opensearch_store.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/source_json.hpp"
#include "store/opensearch/testing/search_engine.hpp"

namespace brood::store::opensearch {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Mappings, AreTheSixIndices) {
  std::vector<std::string_view> names;
  for (const Mapping& mapping : Mappings()) {
    names.push_back(mapping.index);
    EXPECT_THAT(mapping.json, HasSubstr("\"dynamic\": false")) << mapping.index;
  }
  EXPECT_THAT(names,
              ElementsAre("queue", "hashes", "cuckoo", "blacklist", "whitelist", "third_party_blacklist"));
}

TEST(Indices, AnEngineThatIsTooOldIsNamedWithTheWayOut) {
  const http::TestServer old([](const http::ServerRequest& request) {
    return request.path == "/"
               ? http::Respond(200, R"({"version":{"number":"2.4.6","lucene_version":"5.5.4"}})")
               : http::Respond(200, R"({"queue":{"mappings":{"item":{"properties":{}}}}})");
  });
  Settings settings;
  settings.hosts = {old.Url("")};
  SystemClock clock;
  metrics::Registry metrics;
  Engine engine(settings, std::make_shared<http::curl::CurlClient>(), clock, metrics, {});
  const auto made = Indices(engine).CreateAll();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::kInvalid);
  EXPECT_THAT(made.error().what, StartsWith("Elasticsearch 2.4.6 is too old: "));
  EXPECT_THAT(made.error().what, HasSubstr("brood import --from"));
}

class OnEngine : public ::testing::TestWithParam<const char*> {
 protected:
  testing::SearchEngine& shared_ = testing::SearchEngine::Shared(GetParam());
  Settings settings_ = shared_.NewSettings();
  SystemClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<http::Client> client_ = std::make_shared<http::curl::CurlClient>();
  Engine engine_{settings_, client_, clock_, metrics_, {}};
  Indices indices_{engine_};
};

TEST_P(OnEngine, IndicesAreMadeOnceToldOfAndDeletedOnce) {
  const Mapping& hashes = Mappings()[1];
  EXPECT_FALSE(indices_.Status(hashes).value().exists);
  EXPECT_EQ(indices_.Create(hashes).value(), Made::kNow);
  EXPECT_EQ(indices_.Create(hashes).value(), Made::kBefore);
  Documents documents(engine_, indices_.NameOf("hashes"));
  const Write write{Write::Kind::kPut, "a", R"({"type":"hash","id":"a"})", {}, {}};
  ASSERT_TRUE(documents.WriteAll({&write, 1}));
  ASSERT_TRUE(documents.Refresh());
  const IndexStatus status = indices_.Status(hashes).value();
  EXPECT_TRUE(status.exists);
  EXPECT_EQ(status.name, settings_.index_prefix + "hashes");
  EXPECT_EQ(status.health, "green");
  EXPECT_EQ(status.documents, 1U);
  EXPECT_GT(status.bytes, 0U);
  EXPECT_EQ(indices_.Delete(hashes).value(), Gone::kNow);
  EXPECT_EQ(indices_.Delete(hashes).value(), Gone::kBefore);
}

TEST_P(OnEngine, AnIndexOfSomebodyElseIsLeftAlone) {
  const Mapping& hashes = Mappings()[1];
  const std::string name = indices_.NameOf("hashes");
  ASSERT_TRUE(engine_.Demand({"make an index", http::Method::kPut, "/" + name, "{}", Repeat::kHarmless}));
  const auto told = [](const auto& result) {
    return !result && result.error().code == Errc::kInvalid &&
           result.error().what.find("is none of brood's; with store.index_prefix") != std::string::npos;
  };
  EXPECT_TRUE(told(indices_.Create(hashes)));
  EXPECT_TRUE(told(indices_.Delete(hashes)));
  EXPECT_TRUE(told(indices_.Status(hashes)));
  EXPECT_TRUE(told(OpenSearchStore(settings_, client_, clock_, metrics_).MakeIndices()));
  EXPECT_EQ(engine_.Ask({"look", http::Method::kGet, "/" + name, {}, Repeat::kHarmless}).value().status, 200);
  (void)engine_.Ask({"delete it", http::Method::kDelete, "/" + name, {}, Repeat::kHarmless});
}

TEST_P(OnEngine, TheVersionNamesTheEngine) {
  const bool open = std::string_view(GetParam()) == "opensearch";
  EXPECT_THAT(indices_.Version().value(), StartsWith(open ? "OpenSearch 2.19" : "Elasticsearch 7.17"));
}

TEST_P(OnEngine, AMissingIndexIsToldWithWhatMakesIt) {
  OpenSearchStore store(settings_, client_, clock_, metrics_);
  const auto read = store.Submissions().Get(model::SubmissionId("a"));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::kUnavailable);
  EXPECT_THAT(read.error().what, HasSubstr("brood indices create makes it"));
  const auto counted = store.Reports().CountSince(std::nullopt);
  ASSERT_FALSE(counted);
  EXPECT_THAT(counted.error().what, HasSubstr("brood indices create makes it"));
}

TEST_P(OnEngine, PagesGoOnBehindTheEnginesTenThousandHits) {
  constexpr std::size_t kEntries = 10'500;
  ASSERT_TRUE(indices_.Create(Mappings()[3]));
  OpenSearchStore store(settings_, client_, clock_, metrics_);
  std::vector<BlacklistEntry> entries;
  for (std::size_t i = 0; i < kEntries; ++i) {
    entries.push_back({.type = "ip", .value = std::to_string(i), .reasons = "[]"});
  }
  ASSERT_TRUE(store.Blacklist().Upsert(entries));
  ASSERT_TRUE(Documents(engine_, indices_.NameOf("blacklist")).Refresh());
  std::set<std::string> values;
  Page page{100'000, {}};
  int pages = 0;
  do {
    const auto listing = store.Blacklist().Since("ip", std::nullopt, page);
    ASSERT_TRUE(listing) << listing.error().what;
    for (const BlacklistEntry& entry : listing->items) values.insert(entry.value);
    page.after = listing->next;
    ASSERT_LT(++pages, 10);
  } while (!page.after.empty());
  EXPECT_EQ(values.size(), kEntries);
  EXPECT_EQ(pages, 2) << "each as long as the engine allows";
  (void)indices_.Delete(Mappings()[3]);
}

TEST_P(OnEngine, ALongTermIsStoredAndNotIndexed) {
  ASSERT_TRUE(indices_.Create(Mappings()[2]));
  OpenSearchStore store(settings_, client_, clock_, metrics_);
  const StoredReport report{.id = "a",
                            .document = R"({"processed":false,"string":["short",")" + std::string(40'000, 'x') +
                                        R"("],"unknown":{"a":1}})"};
  ASSERT_TRUE(store.Reports().Put({&report, 1}));
  Documents documents(engine_, indices_.NameOf("cuckoo"));
  ASSERT_TRUE(documents.Refresh());
  EXPECT_EQ(documents.Count(Query().Is("string", "short").Conditions()).value(), 1U);
  EXPECT_EQ(documents.Count(Query().Is("unknown.a", "1").Conditions()).value(), 0U);
  EXPECT_EQ(store.Reports().Get("a").value()->document, report.document);
  (void)indices_.Delete(Mappings()[2]);
}

TEST_P(OnEngine, AScanPageOfLargeDocumentsEndsEarly) {
  ASSERT_TRUE(indices_.Create(Mappings()[2]));
  OpenSearchStore store(settings_, client_, clock_, metrics_);
  for (const auto* id : {"a", "b", "c"}) {
    const StoredReport report{
        .id = id, .document = R"({"string":[")" + std::string(std::size_t{9} << 20, 's') + R"("]})"};
    ASSERT_TRUE(store.Reports().Put({&report, 1}));
  }
  ASSERT_TRUE(Documents(engine_, indices_.NameOf("cuckoo")).Refresh());
  const auto first = store.Reports().Scan({100, {}});
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(first->items.size(), 2U);
  const auto rest = store.Reports().Scan({100, first->next});
  ASSERT_EQ(rest->items.size(), 1U);
  EXPECT_EQ(rest->items[0].id, "c");
  EXPECT_EQ(rest->next, "");
  (void)indices_.Delete(Mappings()[2]);
}

INSTANTIATE_TEST_SUITE_P(Of, OnEngine, ::testing::Values("opensearch", "elasticsearch"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace brood::store::opensearch
