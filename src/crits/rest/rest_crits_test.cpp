#include "crits/rest/rest_crits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <latch>
#include <mutex>
#include <thread>

#include "http/curl/curl_client.hpp"
#include "http/test_server.hpp"
#include "http/url.hpp"

namespace brood::crits::rest {
namespace {

using http::ServerRequest;
using http::ServerResponse;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr auto kDone = R"({"return_code": 0, "message": "", "id": "10c9"})";

Analysis Of(const std::string& url) {
  Analysis analysis;
  analysis.crits_url = url;
  analysis.analysis_id = "1111";
  analysis.object_type = "Sample";
  analysis.object_id = "6b01";
  analysis.username = "user";
  analysis.api_key = Secret("planted-key");
  analysis.source = "test";
  return analysis;
}

/// Answers everything with kDone, or as told, and keeps what came.
class Site {
 public:
  ServerResponse Answer(const ServerRequest& request) {
    const std::lock_guard lock(mutex_);
    came_.push_back(request);
    if (statuses_.empty()) return http::Respond(200, kDone);
    const int status = statuses_.front();
    statuses_.erase(statuses_.begin());
    return http::Respond(status, status == 200 ? kDone : "");
  }
  void Next(std::vector<int> statuses) { statuses_ = std::move(statuses); }
  std::vector<ServerRequest> Came() {
    const std::lock_guard lock(mutex_);
    return came_;
  }

 private:
  std::mutex mutex_;
  std::vector<ServerRequest> came_;
  std::vector<int> statuses_;
};

class RestCritsTest : public testing::Test {
 protected:
  RestCrits Client(Settings settings) {
    settings.first_delay = Millis{1};
    return {settings, http_, clock_, metrics_};
  }

  Site site_;
  http::TestServer server_{[this](const ServerRequest& request) { return site_.Answer(request); }};
  std::shared_ptr<http::Client> http_ = std::make_shared<http::curl::CurlClient>();
  SystemClock clock_;
  metrics::Registry metrics_;
};

const Update kEnd{{}, "", Level::kInfo, End::kCompleted};

TEST_F(RestCritsTest, RequestsAreAsCritsTakesThem) {
  RestCrits crits = Client({});
  const Analysis analysis = Of(server_.Url(""));
  ASSERT_TRUE(crits.Send(analysis, kEnd, {}));
  ASSERT_EQ(crits.AddSample(analysis, {"a.exe", "bytes"}, {}), "10c9");
  ASSERT_TRUE(crits.Relate(analysis, "10c9", {}));
  const auto came = site_.Came();
  ASSERT_EQ(came.size(), 3U);
  EXPECT_EQ(came[0].path, "/api/v1/services/");
  EXPECT_EQ(http::Find(came[0].headers, "Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_FALSE(http::Find(came[0].headers, "Authorization"));
  EXPECT_EQ(http::FindField(*http::ParseFields(came[0].body), "api_key"), "planted-key");
  EXPECT_EQ(came[1].path, "/api/v1/samples/");
  EXPECT_THAT(std::string(*http::Find(came[1].headers, "Content-Type")),
              testing::StartsWith("multipart/form-data"));
  EXPECT_EQ(came[2].method, http::Method::kPatch);
  EXPECT_EQ(came[2].path, "/api/v1/samples/6b01/");
  EXPECT_EQ(http::Find(came[2].headers, "Authorization"), "ApiKey user:planted-key");
  EXPECT_THAT(came[2].body, Not(HasSubstr("planted-key")));
}

TEST_F(RestCritsTest, AMessageWithoutUrlGoesToTheConfiguredOne) {
  Settings settings;
  RestCrits none = Client(settings);
  const auto sent = none.Send(Of(""), kEnd, {});
  ASSERT_FALSE(sent);
  EXPECT_THAT(sent.error().what, HasSubstr("crits.url is not set"));
  settings.url = server_.Url("");
  EXPECT_TRUE(Client(settings).Send(Of(""), kEnd, {}));
}

TEST_F(RestCritsTest, AUrlThatIsNotOnTheListGetsNothingAndIsNamed) {
  Settings settings;
  settings.allow = {"https://crits.example"};
  RestCrits crits = Client(settings);
  const Analysis analysis = Of(server_.Url(""));
  const auto sent = crits.Send(analysis, kEnd, {});
  const auto added = crits.AddSample(analysis, {"a", "b"}, {});
  const auto related = crits.Relate(analysis, "1", {});
  ASSERT_FALSE(sent || added || related);
  for (const CritsError& error : {sent.error(), added.error(), related.error()}) {
    EXPECT_EQ(error.code, Errc::kNotAllowed);
    EXPECT_THAT(error.what, HasSubstr(analysis.crits_url));
    EXPECT_THAT(error.what, HasSubstr("crits.allow"));
    EXPECT_EQ(ToError(error).kind, ErrorKind::kPermanent);
  }
  EXPECT_TRUE(site_.Came().empty());
  settings.url = server_.Url("");
  EXPECT_TRUE(Client(settings).Send(analysis, kEnd, {})) << "the configured one is always allowed";
}

TEST_F(RestCritsTest, APasswordInAUrlIsRefusedAndNotShown) {
  const auto sent = Client({}).Send(Of("http://user:planted-password@127.0.0.1:1"), kEnd, {});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::kNotAllowed);
  EXPECT_THAT(sent.error().what, Not(HasSubstr("planted-password")));
}

TEST_F(RestCritsTest, WhatIsOverTheLimitIsNotSent) {
  Settings settings;
  settings.max_body = 3'000;
  RestCrits crits = Client(settings);
  const auto added = crits.AddSample(Of(server_.Url("")), {"a", std::string(3'000, 'x')}, {});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, Errc::kRefused);
  EXPECT_THAT(added.error().what, HasSubstr("crits.max_body"));
  EXPECT_TRUE(site_.Came().empty());
}

TEST_F(RestCritsTest, ALostAnswerIsAskedForAgainWhereTwiceIsHarmless) {
  site_.Next({504, 502, 200});
  EXPECT_EQ(Client({}).AddSample(Of(server_.Url("")), {"a", "b"}, {}), "10c9");
  EXPECT_EQ(site_.Came().size(), 3U);
}

TEST_F(RestCritsTest, ResultsAreSentOnceWhenTheAnswerIsLost) {
  site_.Next({504, 200});
  const auto sent =
      Client({}).Send(Of(server_.Url("")), {{R"(["a"])", R"(["{}"])", R"(["s"])", 1}, "", {}, {}}, {});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::kAnswerLost);
  EXPECT_EQ(site_.Came().size(), 1U);
}

TEST_F(RestCritsTest, ARefusalIsNotRepeated) {
  site_.Next({401, 200});
  EXPECT_FALSE(Client({}).AddSample(Of(server_.Url("")), {"a", "b"}, {}));
  EXPECT_EQ(site_.Came().size(), 1U);
}

TEST_F(RestCritsTest, NobodyThereIsUnreachable) {
  server_.Stop();
  const auto sent = Client({}).Send(Of(server_.Url("")), kEnd, {});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::kUnreachable);
  EXPECT_EQ(metrics_.Find("brood_crits_requests_total", {{"outcome", "unreachable"}}), 3.0);
}

TEST(RestCritsParallel, NoMoreRequestsAtOnceThanAllowed) {
  std::atomic<int> now = 0, most = 0;
  std::barrier two(2);  // each request waits for another one beside it
  http::TestServer server(
      [&](const ServerRequest&) {
        most = std::max(most.load(), ++now);
        two.arrive_and_wait();
        --now;
        return http::Respond(200, kDone);
      },
      {.threads = 8});
  SystemClock clock;
  metrics::Registry metrics;
  Settings settings;
  settings.parallel = 2;
  RestCrits crits(settings, std::make_shared<http::curl::CurlClient>(), clock, metrics);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { EXPECT_TRUE(crits.Send(Of(server.Url("")), kEnd, {})); });
  }
  threads.clear();
  EXPECT_EQ(most, 2);
}

}  // namespace
}  // namespace brood::crits::rest
