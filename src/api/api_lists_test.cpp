#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_bench.hpp"

namespace brood::api {
namespace {

using http::Method;
using testing::HasSubstr;
using testing::SizeIs;

constexpr auto kMd5 = "44d88612fea8a8f36de82e1278abb02f";

std::string Entry(const std::string& value, const std::string& type = "hash") {
  return "/api/v1/blacklist/" + type + "/" + value;
}

TEST(Blacklist, TheListHasEntriesWithTheirReasons) {
  ApiBench bench;
  bench.Start();
  bench.List("hash", kMd5, FromMillis(5'000));
  bench.List("ip", "192.0.2.1", FromMillis(6'000));
  const auto all = Parsed(bench.Get("/api/v1/blacklist?type=&limit=100"));
  ASSERT_THAT(all.at("items").as_array(), SizeIs(2));
  const auto& entry = all.at("items").at(0);
  EXPECT_EQ(TextOf(entry, "value"), kMd5);
  EXPECT_EQ(TextOf(entry, "origin"), "rule");
  EXPECT_EQ(entry.at("score").to_number<double>(), 2.5);
  EXPECT_EQ(entry.at("last_change").to_number<int>(), 5'000);
  EXPECT_EQ(TextOf(entry.at("reasons").at(0), "reason"), "mutex");
  EXPECT_EQ(TextOf(entry.at("reasons").at(0), "data"), "<evil>");
  EXPECT_THAT(Parsed(bench.Get("/api/v1/blacklist?type=ip")).at("items").as_array(), SizeIs(1));
  EXPECT_THAT(Parsed(bench.Get("/api/v1/blacklist?since=6000")).at("items").as_array(), SizeIs(1));
  const auto first = Parsed(bench.Get("/api/v1/blacklist?limit=1"));
  EXPECT_THAT(first.at("items").as_array(), SizeIs(1));
  const auto second = Parsed(bench.Get("/api/v1/blacklist?limit=1&after=" + TextOf(first, "next")));
  EXPECT_EQ(TextOf(second.at("items").at(0), "value"), "192.0.2.1");
}

TEST(Blacklist, APersonPutsAndTakesOffAValue) {
  ApiBench bench;
  bench.Start();
  const auto put =
      bench.Change(Method::kPut, Entry("44D88612FEA8A8F36DE82E1278ABB02F"), R"({"reason":"seen here"})");
  ASSERT_EQ(put.status, 200) << put.body;
  const auto entry = **bench.store.Blacklist().Get("hash", kMd5);
  EXPECT_EQ(entry.origin, store::Origin::kApi);
  EXPECT_EQ(entry.score, 0.0);
  EXPECT_EQ(entry.last_change, bench.clock.Now());
  EXPECT_EQ(entry.reasons, R"([{"reason":"Blacklisted through API","data":"seen here"}])");
  EXPECT_EQ(bench.Get(std::string("/blacklist/exist/hash?id=") + kMd5).body, "True");
  EXPECT_EQ(bench.Change(Method::kDelete, Entry(kMd5)).status, 204);
  EXPECT_EQ(bench.Get(std::string("/blacklist/exist/hash?id=") + kMd5).body, "False");
  EXPECT_EQ(bench.Change(Method::kDelete, Entry(kMd5)).status, 404);
}

TEST(Blacklist, AddressesDomainsAndUrlsAreFoundHoweverTheyAreWritten) {
  ApiBench bench;
  bench.Start();
  for (const auto& [type, value, other] :
       {std::tuple{"ip", "2001%3ADB8%3A0%3A%3A1", "2001%3Adb8%3A%3A1"},
        {"domain", "Evil.Example.", "evil.example"},
        {"url", "http%3A%2F%2FEvil.Example%3A80%2Fa%3Fb%3D1%23c", "http%3A%2F%2Fevil.example%2Fa%3Fb%3D1"}}) {
    const std::string exist = std::string("/blacklist/exist/") + type + "?id=" + other;
    EXPECT_EQ(bench.Get(exist).body, "False");
    EXPECT_EQ(bench.Change(Method::kPut, Entry(value, type)).status, 200) << type;
    EXPECT_EQ(bench.Get(exist).body, "True") << type;
    EXPECT_EQ(bench.Get("/blacklist/exist/hash?id=" + std::string(other)).body, "False") << type;
    EXPECT_THAT(Parsed(bench.Get(std::string("/api/v1/blacklist?type=") + type)).at("items").as_array(),
                SizeIs(1));
    EXPECT_EQ(bench.Change(Method::kDelete, Entry(other, type)).status, 204) << type;
    EXPECT_EQ(bench.Get(exist).body, "False");
  }
}

TEST(Blacklist, AReasonMayBeLeftOut) {
  ApiBench bench;
  bench.Start();
  ASSERT_EQ(bench.Change(Method::kPut, Entry(kMd5)).status, 200);
  EXPECT_EQ((**bench.store.Blacklist().Get("hash", kMd5)).reasons,
            R"([{"reason":"Blacklisted through API","data":""}])");
}

TEST(Blacklist, WhatCannotBeListedIsRefused) {
  ApiBench bench;
  bench.Start();
  for (const auto& [path, what] : {std::pair{Entry("abc"), "32 hex digits"},
                                   {Entry(std::string(64, 'a')), "32 hex digits"},
                                   {Entry("..%2F..%2Fetc%2Fpasswd"), "32 hex digits"},
                                   {Entry("a%01"), "control characters"},
                                   {Entry("%FF"), "UTF-8"},
                                   {Entry(""), "1 to"},
                                   {Entry(kMd5, "no_such_type"), "no such type"},
                                   {Entry("192.0.2.300", "ip"), "IPv6 address"},
                                   {Entry("%3Cscript%3E", "domain"), "between dots"},
                                   {Entry("javascript:alert(1)", "url"), "http://"},
                                   {Entry(kMd5, "%3Cscript%3E"), "no such type"}}) {
    const auto answer = bench.Change(Method::kPut, path, "{}");
    EXPECT_EQ(answer.status, 400) << path;
    EXPECT_THAT(ErrorIn(answer), HasSubstr(what)) << path;
  }
  EXPECT_TRUE(bench.store.Blacklist().Since("", std::nullopt, {})->items.empty());
}

TEST(Blacklist, ABadBodyIsRefused) {
  ApiBench bench;
  bench.Start();
  for (const std::string body :
       {"x", "[]", R"({"reason":1})", R"({"reason":"a","score":9})", "{\"reason\":\"\xFF\"}"}) {
    const auto answer = bench.Change(Method::kPut, Entry(kMd5), body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(ErrorIn(answer), HasSubstr("body"));
  }
  EXPECT_EQ(bench.Change(Method::kPut, Entry(kMd5), std::string(70'000, ' ')).status, 413);
  EXPECT_TRUE(bench.store.Blacklist().Since("", std::nullopt, {})->items.empty());
}

TEST(Whitelist, ASubnetIsKeptUnderItsNetwork) {
  ApiBench bench;
  bench.Start();
  const auto put = bench.Change(Method::kPost, "/api/v1/whitelist", R"({"value":"10.1.2.3/8","owner":"<us>"})");
  ASSERT_EQ(put.status, 200) << put.body;
  const auto items = Parsed(bench.Get("/api/v1/whitelist")).at("items").as_array();
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(TextOf(items[0], "kind"), "subnet");
  EXPECT_EQ(TextOf(items[0], "value"), "10.0.0.0/8");
  EXPECT_EQ(TextOf(items[0], "owner"), "<us>");
  EXPECT_EQ(bench.Change(Method::kDelete, "/api/v1/whitelist?kind=subnet&value=10.9.9.9%2F8").status, 204);
  EXPECT_EQ(bench.Change(Method::kDelete, "/api/v1/whitelist?kind=subnet&value=10.0.0.0%2F8").status, 404);
}

TEST(Whitelist, TheListIsFilteredByKind) {
  ApiBench bench;
  bench.Start();
  for (const std::string body : {R"({"kind":"hash","value":"44D88612FEA8A8F36DE82E1278ABB02F"})",
                                 R"({"kind":"domain","value":"Update.Example.COM."})"}) {
    ASSERT_EQ(bench.Change(Method::kPost, "/api/v1/whitelist", body).status, 200);
  }
  const auto domains = Parsed(bench.Get("/api/v1/whitelist?kind=domain")).at("items").as_array();
  ASSERT_THAT(domains, SizeIs(1));
  EXPECT_EQ(TextOf(domains[0], "value"), "update.example.com");
  EXPECT_THAT(Parsed(bench.Get("/api/v1/whitelist")).at("items").as_array(), SizeIs(2));
}

TEST(Whitelist, WhatIsNoEntryIsRefused) {
  ApiBench bench;
  bench.Start();
  for (const std::string body :
       {R"({"value":"10.0.0.0/33"})", R"({"value":""})", R"({"kind":"port","value":"80"})",
        R"({"kind":"hash","value":"xyz"})", R"({"kind":"domain","value":"a b"})",
        R"({"kind":"domain","value":"a..b"})", R"({"kind":"domain","value":"<script>"})",
        R"({"value":"10.0.0.0/8","owner":"a\u0000b"})", "nothing", ""}) {
    EXPECT_EQ(bench.Change(Method::kPost, "/api/v1/whitelist", body).status, 400) << body;
  }
  EXPECT_EQ(bench.Change(Method::kDelete, "/api/v1/whitelist").status, 400);
  EXPECT_EQ(bench.Get("/api/v1/whitelist?kind=port").status, 400);
  EXPECT_TRUE(bench.store.Lists().Whitelist()->empty());
}

}  // namespace
}  // namespace brood::api
