#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_bench.hpp"
#include "base/digest.hpp"

namespace brood::api {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

TEST(Status, HasServicesQueuesSubmissionsAndNodes) {
  ApiBench bench;
  bench.node->SetCounts(4, 2);
  (void)bench.fleet.Choose(std::nullopt, {});
  bench.Start();
  ASSERT_EQ(bench.Upload("name=a", "bytes").status, 201);
  const auto status = Parsed(bench.Get("/api/v1/status"));
  EXPECT_FALSE(TextOf(status, "version").empty());
  EXPECT_EQ(TextOf(status.at("services").at(1), "name"), "feed_cuckoo");
  EXPECT_TRUE(status.at("services").at(1).at("alive").as_bool());
  EXPECT_EQ(status.at("services").at(1).at("in_hand").to_number<int>(), 2);
  EXPECT_EQ(TextOf(status.at("queues").at(0), "name"), "worker/feed_cuckoo");
  EXPECT_EQ(status.at("queues").at(0).at("ready").to_number<int>(), 1);
  EXPECT_EQ(status.at("submissions").at("accepted").to_number<int>(), 1);
  EXPECT_EQ(status.at("submissions").at("failed").to_number<int>(), 0);
  const auto& node = status.at("nodes").at(0);
  EXPECT_EQ(TextOf(node, "url"), "http://node.test:8090/");
  EXPECT_EQ(TextOf(node, "health"), "up");
  EXPECT_EQ(node.at("pending").to_number<int>(), 4);
  EXPECT_EQ(node.at("running").to_number<int>(), 2);
}

TEST(Submissions, OneIsShownWithEverythingThatIsKnownOfIt) {
  ApiBench bench;
  bench.Start();
  model::Submission record;
  record.id = model::DeriveSubmissionId("one");
  record.sha256 = model::SampleHash(Sha256Hex("x"));
  record.name = "<b>\xFF.exe";
  record.origin = "folder";
  record.state = model::State::kScored;
  record.attempt = 1;
  record.accepted = FromMillis(1'000);
  record.changed = FromMillis(2'000);
  record.node = model::NodeUrl("http://user:hidden@sandbox:8090");
  record.task = model::TaskId(17);
  record.report_note = "empty";
  record.score = 2.5;
  record.blacklisted = true;
  record.reasons = R"([{"reason":"mutex","data":"\"quoted\""}])";
  ASSERT_TRUE(bench.store.Submissions().Advance(std::span(&record, 1)));
  const auto answer = bench.Get("/api/v1/submissions/" + record.id.Get());
  EXPECT_THAT(answer.body, Not(HasSubstr("hidden")));
  const auto shown = Parsed(answer);
  EXPECT_EQ(TextOf(shown, "id"), record.id.Get());
  EXPECT_EQ(TextOf(shown, "state"), "scored");
  EXPECT_EQ(TextOf(shown, "name"), "<b>\xEF\xBF\xBD.exe");
  EXPECT_EQ(shown.at("task").to_number<int>(), 17);
  EXPECT_EQ(shown.at("changed").to_number<int>(), 2'000);
  EXPECT_EQ(shown.at("score").to_number<double>(), 2.5);
  EXPECT_TRUE(shown.at("blacklisted").as_bool());
  EXPECT_EQ(TextOf(shown.at("reasons").at(0), "data"), "\"quoted\"");
}

TEST(Submissions, AnUnknownOrImpossibleIdIs404) {
  ApiBench bench;
  bench.Start();
  for (const std::string id :
       {"00000000000000000000000000000000", "x", "..%2F..%2Fetc", "%27%20OR%201%3D1--", "a%09"}) {
    const auto answer = bench.Get("/api/v1/submissions/" + id);
    EXPECT_EQ(answer.status, 404) << id;
    EXPECT_THAT(ErrorIn(answer), HasSubstr("no such submission"));
  }
}

TEST(Submissions, TheListIsFilteredAndPaged) {
  ApiBench bench;
  bench.Start();
  for (const std::string body : {"a", "b", "c"}) {
    ASSERT_EQ(bench.Upload("name=" + body, body).status, 201);
    bench.clock.Advance(Millis{1});
  }
  const auto first = Parsed(bench.Get("/api/v1/submissions?limit=2"));
  ASSERT_THAT(first.at("items").as_array(), SizeIs(2));
  EXPECT_EQ(TextOf(first.at("items").at(0), "name"), "c");
  const auto rest = Parsed(bench.Get("/api/v1/submissions?limit=2&after=" + TextOf(first, "next")));
  ASSERT_THAT(rest.at("items").as_array(), SizeIs(1));
  EXPECT_EQ(TextOf(rest.at("items").at(0), "name"), "a");
  EXPECT_EQ(TextOf(rest, "next"), "");
  EXPECT_THAT(Parsed(bench.Get("/api/v1/submissions?state=failed")).at("items").as_array(), SizeIs(0));
  EXPECT_THAT(Parsed(bench.Get("/api/v1/submissions?state=accepted")).at("items").as_array(), SizeIs(3));
  const auto one = Parsed(bench.Get("/api/v1/submissions?sha256=" + Sha256Hex("b")));
  EXPECT_THAT(one.at("items").as_array(), SizeIs(1));
}

TEST(Submissions, BadFiltersAndPagesAreRefusedByName) {
  ApiBench bench;
  bench.Start();
  for (const auto& [query, what] : {std::pair{"state=lost", "'state'"},
                                    {"sha256=abc", "'sha256'"},
                                    {"limit=0", "'limit'"},
                                    {"limit=10001", "'limit'"},
                                    {"limit=ten", "'limit'"},
                                    {"after=../../etc", "place to go on from"},
                                    {"order=name", "'order'"}}) {
    const auto answer = bench.Get("/api/v1/submissions?" + std::string(query));
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_THAT(ErrorIn(answer), HasSubstr(what));
  }
}

TEST(Reports, AReportIsTheFilteredDocumentAsStored) {
  ApiBench bench;
  bench.Start();
  store::StoredReport report;
  report.id = "http://node:8090:5";
  report.run = {bench.clock.Now(), "run"};
  report.document = R"({"processed":false,"score":1.5})";
  ASSERT_TRUE(bench.store.Reports().Put(std::span(&report, 1)));
  const auto answer = bench.Get("/api/v1/reports/http%3A%2F%2Fnode%3A8090%3A5");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(http::Find(answer.headers, "Content-Type"), "application/json");
  EXPECT_EQ(answer.body, report.document);
  EXPECT_EQ(bench.Get("/api/v1/reports/" + std::string(64, '0')).status, 404);
  EXPECT_EQ(bench.Get("/api/v1/reports/" + std::string(600, '0')).status, 404);
}

}  // namespace
}  // namespace brood::api
