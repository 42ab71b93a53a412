#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/access.hpp"
#include "api/testing/api_bench.hpp"

namespace brood::api {
namespace {

using http::Method;
using testing::HasSubstr;
using testing::Optional;

constexpr auto kEntry = "/api/v1/blacklist/hash/44d88612fea8a8f36de82e1278abb02f";

http::ServerRequest From(std::string remote, http::HeaderList headers = {}) {
  http::ServerRequest request;
  request.remote = std::move(remote);
  request.headers = std::move(headers);
  return request;
}

TEST(Access, EveryChangeWithoutATokenIsRefusedAndChangesNothing) {
  ApiBench bench;
  bench.Start();
  const std::vector<std::pair<Method, std::string>> changes = {{Method::kPut, kEntry},
                                                               {Method::kDelete, kEntry},
                                                               {Method::kPost, "/api/v1/whitelist"},
                                                               {Method::kDelete, "/api/v1/whitelist"},
                                                               {Method::kPut, "/api/v1/samples/0"},
                                                               {Method::kPost, "/api/v1/dead/0/retry"},
                                                               {Method::kPost, "/api/v1/dead/0/drop"},
                                                               {Method::kPost, "/api/v1/submissions?name=a"}};
  for (const auto& [method, path] : changes) {
    const auto answer = bench.Send(method, path, method == Method::kDelete ? "" : "{}");
    EXPECT_EQ(answer.status, 401) << path;
    EXPECT_THAT(http::Find(answer.headers, "WWW-Authenticate"), Optional(HasSubstr("Bearer"))) << path;
    EXPECT_THAT(ErrorIn(answer), HasSubstr("Authorization: Bearer")) << path;
  }
  EXPECT_EQ(bench.store.Blacklist().Since("", std::nullopt, {})->items.size(), 0U);
  EXPECT_TRUE(bench.store.Submissions().List({}, {})->items.empty());
}

TEST(Access, IsCheckedBeforeABodyIsRead) {
  ApiBench bench;
  bench.Start();
  const std::string head = "POST /api/v1/submissions?name=a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n";
  const std::string refusal = bench.Raw(head + "Expect: 100-continue\r\n\r\n");
  EXPECT_THAT(refusal, testing::StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(refusal, HasSubstr("Connection: close"));
  EXPECT_THAT(refusal, HasSubstr("Cache-Control: no-store"));
  EXPECT_THAT(refusal, HasSubstr("Authorization: Bearer TOKEN"));
  EXPECT_THAT(bench.Raw(head + "Authorization: Bearer wrong\r\n\r\n"), HasSubstr("not the right one"));
  EXPECT_THAT(bench.Raw("POST /no/such/path HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"),
              testing::StartsWith("HTTP/1.1 404 "));
}

TEST(Access, AWrongTokenIsRefusedHoweverItIsWritten) {
  ApiBench bench;
  bench.Start();
  const std::string right(ApiBench::kToken);
  for (const std::string& header :
       {std::string("Bearer wrong"), "Bearer " + right + "x", "Bearer " + right.substr(1), "Basic " + right,
        right, std::string("Bearer"), std::string("Bearer ")}) {
    EXPECT_EQ(bench.Send(Method::kPut, kEntry, "{}", {{"Authorization", header}}).status, 401) << header;
  }
  const auto refusal = bench.Send(Method::kPut, kEntry, "{}", {{"Authorization", "Bearer secret-guess"}});
  EXPECT_THAT(refusal.body, Not(HasSubstr("secret-guess")));
  EXPECT_EQ(bench.Send(Method::kPut, kEntry, "{}", {{"Authorization", "bearer " + right}}).status, 200);
}

TEST(Access, WithoutATokenConfiguredNobodyBringsTheRightOne) {
  const Access access({}, Secret());
  EXPECT_TRUE(access.Check(From("127.0.0.1", {{"Authorization", "Bearer "}}), Access::Right::kChange));
  EXPECT_TRUE(access.Check(From("127.0.0.1"), Access::Right::kChange));
}

TEST(Access, ATrustedNetNeedsNoToken) {
  Settings settings;
  settings.trusted_nets = {"10.0.0.0/8", "2001:db8::/32"};
  const Access access(settings, Secret("t"));
  EXPECT_FALSE(access.Check(From("10.200.3.4"), Access::Right::kChange));
  EXPECT_FALSE(access.Check(From("::ffff:10.200.3.4"), Access::Right::kChange));
  EXPECT_FALSE(access.Check(From("2001:db8::7"), Access::Right::kChange));
  EXPECT_TRUE(access.Check(From("11.0.0.1"), Access::Right::kChange));
  EXPECT_TRUE(access.Check(From("fe80::1%eth0"), Access::Right::kChange));
}

TEST(Access, AWebPageInATrustedNetNeedsTheToken) {
  Settings settings;
  settings.trusted_nets = {"127.0.0.0/8"};
  const Access access(settings, Secret("t"));
  EXPECT_TRUE(access.Check(From("127.0.0.1", {{"Origin", "http://evil.example"}}), Access::Right::kChange));
  EXPECT_TRUE(access.Check(From("127.0.0.1", {{"Sec-Fetch-Site", "cross-site"}}), Access::Right::kChange));
  EXPECT_TRUE(access.Check(From("127.0.0.1", {{"Referer", "http://evil.example/"}}), Access::Right::kChange));
  EXPECT_FALSE(access.Check(From("127.0.0.1", {{"Sec-Fetch-Site", "none"}}), Access::Right::kChange));
  EXPECT_FALSE(
      access.Check(From("127.0.0.1", {{"Origin", "http://evil.example"}, {"Authorization", "Bearer t"}}),
                   Access::Right::kChange));
}

TEST(Access, AMalformedTrustedNetStopsTheStart) {
  Settings settings;
  settings.trusted_nets = {"10.0.0.0/40"};
  EXPECT_THROW(Access(settings, Secret("t")), std::invalid_argument);
}

TEST(Access, ReadsNeedTheTokenWhereAnonymousReadIsOff) {
  ApiBench bench;
  bench.settings.anonymous_read = false;
  bench.Start();
  for (const std::string path :
       {"/health_check", "/metrics", "/hash/get/all", "/blacklist/exist/hash?id=a", "/api/v1/status",
        "/api/v1/submissions", "/api/v1/submissions/0", "/api/v1/reports/0", "/api/v1/blacklist",
        "/api/v1/whitelist", "/api/v1/dead", "/api/v1/dead/0"}) {
    EXPECT_EQ(bench.Get(path).status, 401) << path;
    EXPECT_NE(bench.Change(Method::kGet, path).status, 401) << path;
  }
}

TEST(Access, TrustedNetsAndAddressAreCheckedWithTheSettings) {
  Settings settings;
  const auto complaints = [&] {
    std::vector<std::string> all;
    const config::Section section = Describe(settings);
    for (const auto& check : section.Checks()) {
      if (auto complaint = check.complaint(); !complaint.empty()) all.push_back(complaint);
    }
    return all;
  };
  EXPECT_TRUE(complaints().empty());
  settings.listen_ip = "localhost";
  settings.trusted_nets = {"10.0.0.0/8", "everyone"};
  EXPECT_THAT(complaints(), testing::ElementsAre(HasSubstr("localhost"), HasSubstr("everyone")));
}

}  // namespace
}  // namespace brood::api
