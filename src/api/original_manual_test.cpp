#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_bench.hpp"

namespace brood::api {
namespace {

using http::Method;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr std::string_view kText = "text/plain; charset=utf-8", kJson = "application/json";
constexpr auto kForm = "application/x-www-form-urlencoded";

/// One line of the original's manual: what is asked, and what comes back, after the lines before it.
struct Line {
  std::string promise;
  std::string path, query;
  int status;
  std::string_view type;
  std::string answer;  ///< a regular expression
  Method method = Method::kGet;
  std::string form = {};
};

/// An installation's life, told in the original's calls. The clock stands still; at the start a hash was
/// blacklisted a minute ago and another one two hours ago, an address just now, a report stored just now and
/// one long ago.
std::vector<Line> Manual() {
  const std::string md5 = "99d473dcb245acbfae1197f370fdecb3";
  const std::string success = R"(\{"message":"success"\})";
  return {
      {"all gives every blacklisted hash", "/hash/get/all", "", 200, kJson, R"(\["0{32}","1{32}"\])"},
      {"a number gives those of the last seconds", "/hash/get/61", "", 200, kJson, R"(\["1{32}"\])"},
      {"no hash in that time: an empty list", "/hash/get/0", "", 200, kJson, R"(\[\])"},
      {"else it is refused", "/hash/get/sixty", "", 400, kText, "What follows /hash/get/ .*seconds.*\n"},

      {"a whitelist without subnets", "/count/whitelist/subnet", "", 200, kText, "0"},
      {"records of an index under a type", "/count/blacklist/hash", "", 200, kText, "2"},
      {"of all types", "/count/blacklist/all", "", 200, kText, "3"},
      {"of a type that has none", "/count/blacklist/url", "", 200, kText, "0"},
      {"submissions are items of queue", "/count/queue/item", "", 200, kText, "1"},
      {"known samples are items of hashes", "/count/hashes/item", "", 200, kText, "1"},
      {"reports are those of cuckoo", "/count/cuckoo/report", "", 200, kText, "2"},
      {"a category, escaped", "/count/third_party_blacklist/C%26C", "", 200, kText, "2"},
      {"an index that is none of the six", "/count/_all/item", "", 400, kText, "There is no such index.*\n"},

      {"hashes blacklisted in the last hour", "/stats/hashes", "", 200, kText, "1"},
      {"addresses blacklisted in the last hour", "/stats/ip", "", 200, kText, "1"},
      {"reports stored in the last hour", "/cuckoo/get/hour", "", 200, kText, "1"},

      {"not there yet", "/blacklist/exist/hash", "id=" + md5, 200, kText, "False"},
      {"a person blacklists a value", "/blacklist/create/hash", "id=" + md5 + "&reason=Stuff", 200, kText,
       "True"},
      {"now it is there", "/blacklist/exist/hash", "id=" + md5, 200, kText, "True"},
      {"however it is written", "/blacklist/exist/hash", "id=99D473DCB245ACBFAE1197F370FDECB3", 200, kText,
       "True"},
      {"under its type alone", "/blacklist/exist/ip", "id=" + md5, 200, kText, "False"},
      {"and in the list", "/hash/get/0", "", 200, kJson, "\\[\"" + md5 + "\"\\]"},
      {"and is counted", "/stats/hashes", "", 200, kText, "2"},
      {"one that is there is kept", "/blacklist/create/hash", "id=" + md5 + "&reason=x", 200, kText, "False"},
      {"it is taken off", "/blacklist/delete/hash", "id=" + md5, 200, kText, "True"},
      {"and is gone", "/blacklist/exist/hash", "id=" + md5, 200, kText, "False"},
      {"what is not there is not taken off", "/blacklist/delete/hash", "id=" + md5, 200, kText, "False"},
      {"an id is due", "/blacklist/exist/hash", "", 400, kText, "The parameter 'id' is missing: .*\n"},
      {"here too", "/blacklist/create/hash", "reason=x", 400, kText, "The parameter 'id' is missing: .*\n"},
      {"and a reason", "/blacklist/create/hash", "id=" + md5, 400, kText,
       "The parameter 'reason' is missing: .*\n"},
      {"and here an id", "/blacklist/delete/hash", "", 400, kText, "The parameter 'id' is missing: .*\n"},
      {"a hash is an MD5", "/blacklist/create/hash", "id=7&reason=x", 400, kText, "For type hash .*MD5.*\n"},
      {"a type is known", "/blacklist/create/mail", "id=7&reason=x", 400, kText, "There is no such type .*\n"},

      {"a subnet is whitelisted", "/whitelist/subnet/add", "", 200, kJson, success, Method::kPost,
       "subnet=192.168.0.0/16&owner=private-c"},
      {"and counted", "/count/whitelist/subnet", "", 200, kText, "1"},
      {"a subnet is due", "/whitelist/subnet/add", "", 400, kText, "The form's field 'subnet' is missing: .*\n",
       Method::kPost, "owner=private-c"},
      {"an owner is due", "/whitelist/subnet/add", "", 400, kText, "The form's field 'owner' is missing: .*\n",
       Method::kPost, "subnet=10.0.0.0/8"},
      {"in CIDR form", "/whitelist/subnet/add", "", 400, kText, "That is no subnet: .*\n", Method::kPost,
       "subnet=10.0.0.0/40&owner=us"},
      {"a subnet is taken off", "/whitelist/subnet/delete", "", 200, kJson, success, Method::kPost,
       "subnet=192.168.0.0%2F16"},
      {"and is gone", "/count/whitelist/all", "", 200, kText, "0"},
      {"what is not there", "/whitelist/subnet/delete", "", 404, kText,
       "That subnet is not on the whitelist.\n", Method::kPost, "subnet=192.168.0.0/16"},

      {"which services live", "/health_check", "", 200, kJson,
       R"(\{"CuckooBinarySubmitTask":"True","ReportProcessTask":"False","BlacklistingTask":"False",)"
       R"("APIListener":"True","submit_binary":"True".*\})"},
  };
}

void StoreReport(ApiBench& bench, const std::string& id, Time stored) {
  store::StoredReport report;
  report.id = id;
  report.stored = stored;
  report.document = "{}";
  ASSERT_TRUE(bench.store.Reports().Put(std::span(&report, 1)));
}

void Fill(ApiBench& bench) {
  const Time now = bench.clock.Now();
  bench.List("hash", std::string(32, '0'), now - std::chrono::hours(2));
  bench.List("hash", std::string(32, '1'), now - std::chrono::minutes(1));
  bench.List("ip", "192.0.2.1");
  StoreReport(bench, "new", now);
  StoreReport(bench, "old", now - std::chrono::minutes(61));
  const std::vector<std::string> feed{"192.0.2.1", "192.0.2.2"};
  ASSERT_TRUE(bench.store.Lists().ReplaceFeed("C&C", feed, "https://lists.test"));
  ASSERT_EQ(bench.Upload("name=a", "bytes").status, 201);
}

class OriginalManual : public testing::TestWithParam<std::string> {};

TEST_P(OriginalManual, EveryCallAnswersAsItSays) {
  ApiBench bench;
  bench.Start();
  Fill(bench);
  for (const Line& line : Manual()) {
    const std::string target = line.path + GetParam() + (line.query.empty() ? "" : "?" + line.query);
    http::HeaderList headers;
    if (line.method == Method::kPost) headers.emplace_back("Content-Type", kForm);
    const auto answer = bench.Change(line.method, target, line.form, headers);
    EXPECT_EQ(answer.status, line.status) << line.promise << ": " << target;
    EXPECT_EQ(http::Find(answer.headers, "Content-Type"), line.type) << line.promise << ": " << target;
    EXPECT_THAT(answer.body, MatchesRegex(line.answer)) << line.promise << ": " << target;
  }
}

INSTANTIATE_TEST_SUITE_P(Slash, OriginalManual, testing::Values("", "/"),
                         [](const auto& slash) { return slash.param.empty() ? "Without" : "With"; });

TEST(OriginalCalls, WhatAPersonCreatesHasTheirReasonAndNoScore) {
  ApiBench bench;
  bench.Start();
  ASSERT_EQ(bench.Change(Method::kGet, "/blacklist/create/ip?id=192.0.2.7&reason=seen+in+a+mail").body, "True");
  const auto entry = **bench.store.Blacklist().Get("ip", "192.0.2.7");
  EXPECT_EQ(entry.origin, store::Origin::kApi);
  EXPECT_EQ(entry.score, 0.0);
  EXPECT_EQ(entry.last_change, bench.clock.Now());
  EXPECT_EQ(entry.reasons, R"([{"reason":"Blacklisted through API","data":"seen in a mail"}])");
}

TEST(OriginalCalls, CreateLeavesAnEntryOfARuleAsItIs) {
  ApiBench bench;
  bench.Start();
  bench.List("ip", "192.0.2.7");
  const auto before = **bench.store.Blacklist().Get("ip", "192.0.2.7");
  EXPECT_EQ(bench.Change(Method::kGet, "/blacklist/create/ip?id=192.0.2.7&reason=x").body, "False");
  EXPECT_EQ(**bench.store.Blacklist().Get("ip", "192.0.2.7"), before);
}

TEST(OriginalCalls, TheWhitelistTakesBothKindsOfFormAndNothingElse) {
  ApiBench bench;
  bench.Start();
  const auto post = [&](const std::string& type, const std::string& body) {
    return bench.Change(Method::kPost, "/whitelist/subnet/add", body, {{"Content-Type", type}});
  };
  const std::string multipart =
      "--b\r\nContent-Disposition: form-data; name=\"subnet\"\r\n\r\n10.1.2.3/8\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"owner\"\r\n\r\nus\r\n--b--\r\n";
  EXPECT_EQ(post("multipart/form-data; boundary=b", multipart).status, 200);
  EXPECT_EQ(post("Application/X-WWW-Form-Urlencoded; charset=utf-8", "subnet=172.16.0.0%2F12&owner=").status,
            200);
  EXPECT_EQ(*bench.store.Lists().Whitelist(),
            (std::vector<store::WhitelistEntry>{{store::WhitelistKind::kSubnet, "10.0.0.0/8", "us"},
                                                {store::WhitelistKind::kSubnet, "172.16.0.0/12", ""}}));
  EXPECT_THAT(post("application/json", R"({"subnet":"10.0.0.0/8"})").body, HasSubstr("must be a form"));
  EXPECT_EQ(post("multipart/form-data; boundary=c", multipart).status, 400);
  EXPECT_EQ(post(kForm, "subnet=%4&owner=a").status, 400);
}

TEST(OriginalCalls, WhatChangesThingsNeedsTheTokenThoughItIsAGet) {
  ApiBench bench;
  bench.Start();
  bench.List("ip", "192.0.2.7");
  for (const std::string path :
       {"/blacklist/create/ip?id=192.0.2.8&reason=x", "/blacklist/delete/ip?id=192.0.2.7"}) {
    for (const Method method : {Method::kGet, Method::kHead}) {
      EXPECT_EQ(bench.Send(method, path).status, 401) << path;
    }
  }
  EXPECT_TRUE(*bench.store.Blacklist().Contains("ip", "192.0.2.7"));
  EXPECT_FALSE(*bench.store.Blacklist().Contains("ip", "192.0.2.8"));
}

}  // namespace
}  // namespace brood::api
