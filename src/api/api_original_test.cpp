#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_bench.hpp"

namespace brood::api {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr auto kMd5 = "44d88612fea8a8f36de82e1278abb02f";

TEST(OriginalCalls, HealthNamesTheOriginalServicesAndOurs) {
  ApiBench bench;
  bench.Start();
  for (const std::string path : {"/health_check", "/health_check/"}) {
    const auto answer = bench.Get(path);
    EXPECT_EQ(http::Find(answer.headers, "Content-Type"), "application/json");
    const auto health = Parsed(answer);
    EXPECT_EQ(TextOf(health, "CuckooBinarySubmitTask"), "True");
    EXPECT_EQ(TextOf(health, "ReportProcessTask"), "False");
    EXPECT_EQ(TextOf(health, "BlacklistingTask"), "False");
    EXPECT_EQ(TextOf(health, "APIListener"), "True");
    EXPECT_EQ(TextOf(health, "check_results"), "True");
  }
}

TEST(OriginalCalls, ADeadServiceIsFalse) {
  ApiBench bench;
  bench.services = {{"submit_binary", true, 0}, {"feed_cuckoo", false, 0}, {"blacklist_processor", true, 0}};
  bench.Start();
  const auto health = Parsed(bench.Get("/health_check"));
  EXPECT_EQ(TextOf(health, "CuckooBinarySubmitTask"), "False");
  EXPECT_EQ(TextOf(health, "feed_cuckoo"), "False");
  EXPECT_EQ(TextOf(health, "BlacklistingTask"), "True");
}

TEST(OriginalCalls, HashGetListsMd5sOfTheLastSeconds) {
  ApiBench bench;
  bench.Start();
  bench.List("hash", kMd5, bench.clock.Now() - std::chrono::seconds(59));
  bench.List("hash", "00000000000000000000000000000000", bench.clock.Now() - std::chrono::seconds(61));
  bench.List("ip", "192.0.2.1");
  EXPECT_EQ(bench.Get("/hash/get/60").body, fmt::format("[\"{}\"]", kMd5));
  EXPECT_EQ(bench.Get("/hash/get/60/").body, fmt::format("[\"{}\"]", kMd5));
  EXPECT_EQ(bench.Get("/hash/get/0").body, "[]");
  EXPECT_THAT(Parsed(bench.Get("/hash/get/all")).as_array(), SizeIs(2));
}

TEST(OriginalCalls, HashGetGoesThroughAllPages) {
  ApiBench bench;
  std::vector<store::BlacklistEntry> entries(20'001);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].type = "hash";
    entries[i].value = fmt::format("{:032x}", i);
    entries[i].last_change = bench.clock.Now();
  }
  ASSERT_TRUE(bench.store.Blacklist().Upsert(entries));
  bench.Start();
  EXPECT_THAT(Parsed(bench.Get("/hash/get/all")).as_array(), SizeIs(20'001));
}

TEST(OriginalCalls, HashGetRefusesWhatIsNoNumberOfSeconds) {
  ApiBench bench;
  bench.Start();
  for (const std::string since :
       {"ALL", "-1", "1e3", "60s", "99999999999999999999", "%3Cscript%3E", "..%2F..", "%20"}) {
    const auto answer = bench.Get("/hash/get/" + since);
    EXPECT_EQ(answer.status, 400) << since;
    EXPECT_THAT(answer.body, HasSubstr("seconds"));
    EXPECT_THAT(answer.body, Not(HasSubstr("<")));
  }
}

TEST(OriginalCalls, ExistSaysTrueOrFalseAndNothingElse) {
  ApiBench bench;
  bench.Start();
  bench.List("hash", kMd5);
  for (const std::string slash : {"", "/"}) {
    const auto listed = bench.Get("/blacklist/exist/hash" + slash + "?id=44D88612FEA8A8F36DE82E1278ABB02F");
    EXPECT_EQ(listed.body, "True");
    EXPECT_EQ(http::Find(listed.headers, "Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(bench.Get("/blacklist/exist/hash" + slash + "?id=44d88612").body, "False");
    EXPECT_EQ(bench.Get("/blacklist/exist/ip" + slash + "?id=" + kMd5).body, "False");
  }
}

TEST(OriginalCalls, ExistRefusesAMissingOrImpossibleId) {
  ApiBench bench;
  bench.Start();
  for (const std::string& query : {std::string(), std::string("?"), std::string("?ID=x"), std::string("?id="),
                                   std::string("?id=a%00b"), "?id=" + std::string(5'000, 'a')}) {
    const auto answer = bench.Get("/blacklist/exist/hash" + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_THAT(answer.body, testing::EndsWith(".\n"));
  }
}

TEST(OriginalCalls, TheMetricsPageHasQueuesAndSubmissionsAsTheyAreNow) {
  ApiBench bench;
  bench.Start();
  bench.metrics.GetCounter("brood_test_things_total", "Things.").Add(3);
  ASSERT_EQ(bench.Upload("name=a", "bytes").status, 201);
  const auto answer = bench.Get("/metrics");
  EXPECT_EQ(http::Find(answer.headers, "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(answer.body, HasSubstr("brood_test_things_total 3"));
  EXPECT_THAT(answer.body, HasSubstr("brood_queue_ready_messages{queue=\"worker/feed_cuckoo\"} 1"));
  EXPECT_THAT(answer.body, HasSubstr("brood_store_submissions{state=\"accepted\"} 1"));
  EXPECT_THAT(answer.body, HasSubstr("brood_store_submissions{state=\"scored\"} 0"));
  ASSERT_EQ(bench.Upload("name=a&again=1", "bytes").status, 201);
  EXPECT_THAT(bench.Get("/metrics/").body, HasSubstr("brood_store_submissions{state=\"accepted\"} 2"));
}

}  // namespace
}  // namespace brood::api
