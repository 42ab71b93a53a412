#include "store/opensearch/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <mutex>

#include "http/curl/curl_client.hpp"
#include "http/test_server.hpp"
#include "store/opensearch/documents.hpp"

namespace brood::store::opensearch {
namespace {

using http::Respond;
using http::ServerRequest;
using http::ServerResponse;
using testing::HasSubstr;
using testing::Not;

constexpr auto kReadOnly =
    R"({"error":{"type":"cluster_block_exception","reason":"index [queue] blocked by: [TOO_MANY_REQUESTS/12/disk )"
    R"(usage exceeded flood-stage watermark, index has read-only-allow-delete block]"},"status":429})";

/// Answers in turn with what a test gives it, the last one for ever, and notes what was asked.
class Script {
 public:
  explicit Script(std::deque<ServerResponse> answers)
      : answers_(std::move(answers)), server_([this](const ServerRequest& request) { return Next(request); }) {}

  [[nodiscard]] std::string Url() const { return "http://127.0.0.1:" + std::to_string(server_.Port()); }
  [[nodiscard]] int Asked() const { return asked_; }
  [[nodiscard]] std::string Login() {
    const std::lock_guard lock(mutex_);
    return login_;
  }

 private:
  ServerResponse Next(const ServerRequest& request) {
    const std::lock_guard lock(mutex_);
    ++asked_;
    login_ = http::Find(request.headers, "Authorization").value_or("");
    ServerResponse answer = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    return answer;
  }

  std::mutex mutex_;
  std::deque<ServerResponse> answers_;
  std::string login_;
  std::atomic<int> asked_{0};
  http::TestServer server_;
};

class EngineTest : public testing::Test {
 protected:
  /// A port that nobody listens on.
  static constexpr auto kNobody = "http://127.0.0.1:9";

  Result<Answer> Ask(Repeat repeat = Repeat::kHarmless) {
    if (!engine_) {
      settings_.rejected = {Millis{1}, Millis{5}, 2.0};
      engine_ = std::make_unique<Engine>(settings_, std::make_shared<http::curl::CurlClient>(), clock_,
                                         metrics_, stop_.get_token());
    }
    return engine_->Demand({"count records", http::Method::kPost, "/queue/_count", "{}", repeat});
  }

  Settings settings_;
  SystemClock clock_;
  metrics::Registry metrics_;
  std::stop_source stop_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineTest, AHostThatIsAwayIsPassedOverAndAskedLast) {
  Script there({Respond(200, "{}")});
  settings_.hosts = {kNobody, there.Url()};
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(Ask());
  EXPECT_EQ(there.Asked(), 6);
  EXPECT_EQ(metrics_.Find("brood_store_failures_total").value_or(0), 1) << "once it is known to be away";
}

TEST_F(EngineTest, HostsAreAskedInTurn) {
  Script one({Respond(200, "{}")}), two({Respond(200, "{}")});
  settings_.hosts = {one.Url(), two.Url()};
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(Ask());
  EXPECT_EQ(one.Asked(), 4);
  EXPECT_EQ(two.Asked(), 4);
}

TEST_F(EngineTest, WithoutAnyHostTheSentenceNamesTheLastOne) {
  settings_.hosts = {kNobody};
  const auto answer = Ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kUnavailable);
  EXPECT_THAT(answer.error().what,
              HasSubstr("the search engine at http://127.0.0.1:9/, asked to count records"));
}

TEST_F(EngineTest, ALoginByNameAndPassword) {
  Script there({Respond(200, "{}")});
  settings_.hosts = {there.Url()};
  settings_.user = "brood";
  settings_.password = Secret("hunter2");
  ASSERT_TRUE(Ask());
  EXPECT_EQ(there.Login(), "Basic YnJvb2Q6aHVudGVyMg==");
}

TEST_F(EngineTest, ALoginByApiKey) {
  Script there({Respond(200, "{}")});
  settings_.hosts = {there.Url()};
  settings_.api_key = Secret("VnVhQ2ZHY0JDZGJrUW0=");
  ASSERT_TRUE(Ask());
  EXPECT_EQ(there.Login(), "ApiKey VnVhQ2ZHY0JDZGJrUW0=");
}

TEST_F(EngineTest, AWrongLoginIsToldWithoutThePassword) {
  Script there({Respond(401, R"({"error":{"type":"security_exception","reason":"unable to authenticate"}})")});
  settings_.hosts = {there.Url()};
  settings_.user = "brood";
  settings_.password = Secret("hunter2");
  const auto answer = Ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kUnavailable);
  EXPECT_THAT(answer.error().what,
              HasSubstr("unable to authenticate (401 security_exception); are store.user"));
  EXPECT_THAT(answer.error().what, Not(HasSubstr("hunter2")));
  EXPECT_TRUE(engine_->ShutOut());
}

TEST_F(EngineTest, WhatItHasNoRoomForIsTriedAgain) {
  Script there(
      {Respond(429, R"({"error":{"type":"es_rejected_execution_exception","reason":"queue is full"}})"),
       Respond(429, R"({"error":{"type":"circuit_breaking_exception","reason":"Data too large"}})"),
       Respond(200, "{}")});
  settings_.hosts = {there.Url()};
  EXPECT_TRUE(Ask(Repeat::kOnlyIfNotBegun));
  EXPECT_EQ(there.Asked(), 3);
  EXPECT_EQ(metrics_.Find("brood_store_rejections_total").value_or(0), 2);
}

TEST_F(EngineTest, WhatItNeverHasRoomForIsUnavailableInTheEnd) {
  Script there(
      {Respond(429, R"({"error":{"type":"es_rejected_execution_exception","reason":"queue is full"}})")});
  settings_.hosts = {there.Url()};
  settings_.tries_when_rejected = 3;
  const auto answer = Ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kUnavailable);
  EXPECT_THAT(answer.error().what, HasSubstr("queue is full"));
  EXPECT_EQ(there.Asked(), 3);
}

TEST_F(EngineTest, StatusesMeanWhatTheyMean) {
  const std::tuple<int, std::string, Errc, const char*> cases[] = {
      {429, kReadOnly, Errc::kFull, "once its disk has room"},
      {403, R"({"error":{"type":"cluster_block_exception","reason":"index read-only"}})", Errc::kFull,
       "read-only"},
      {403, R"({"error":{"type":"security_exception","reason":"no"}})", Errc::kUnavailable, "is too little"},
      {413, "", Errc::kInvalid, "store.max_body"},
      {400, R"({"error":{"type":"parsing_exception","reason":"no such"}})", Errc::kInvalid, "no such"},
      {404, R"({"error":{"type":"index_not_found_exception","reason":"no such index [queue]"}})",
       Errc::kUnavailable, "brood indices create"},
      {503, R"({"error":{"type":"master_not_discovered_exception","reason":null},"status":503})",
       Errc::kUnavailable, "503 master_not_discovered_exception"},
      {500, "<html>oops</html>", Errc::kUnavailable, "oops"},
      {301, "", Errc::kUnavailable, "is this the URL"}};
  for (const auto& [status, body, code, words] : cases) {
    Script there({Respond(status, body)});
    settings_.hosts = {there.Url()};
    settings_.tries_when_rejected = 1;
    engine_.reset();
    const auto answer = Ask();
    ASSERT_FALSE(answer) << status;
    EXPECT_EQ(answer.error().code, code) << status << body;
    EXPECT_THAT(answer.error().what, HasSubstr(words)) << status;
  }
}

TEST_F(EngineTest, AWriteWhoseAnswerIsLostGoesToNoSecondHost) {
  http::RawServer mute([](http::RawConnection& connection) { (void)connection.ReadUntil("\r\n\r\n"); });
  Script there({Respond(200, "{}")});
  std::string url = mute.Url("/");
  url.pop_back();
  settings_.hosts = {url, there.Url()};
  EXPECT_FALSE(Ask(Repeat::kOnlyIfNotBegun));
  EXPECT_EQ(there.Asked(), 0);
  engine_.reset();
  EXPECT_TRUE(Ask(Repeat::kHarmless));
  EXPECT_EQ(there.Asked(), 1);
}

TEST_F(EngineTest, AStopEndsACallThatWaits) {
  std::atomic<bool> asked = false;
  http::RawServer mute([&](http::RawConnection& connection) {
    asked = true;
    (void)connection.ReadToEnd();
  });
  std::string url = mute.Url("/");
  url.pop_back();
  settings_.hosts = {url};
  std::jthread stopper([&] {
    asked.wait(false);
    stop_.request_stop();
  });
  std::jthread waker([&] {
    while (!asked) std::this_thread::yield();
    asked.notify_all();
  });
  const auto answer = Ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kUnavailable);
}

/// What a bulk's items say, each for itself.
TEST_F(EngineTest, OneRejectedItemOfABulkIsWrittenAgainAndNoOther) {
  Script there(
      {Respond(200, R"({"errors":true,"items":[{"index":{"status":201}},{"index":{"status":429,"error":)"
                    R"({"type":"es_rejected_execution_exception","reason":"full"}}}]})"),
       Respond(200, R"({"errors":false,"items":[{"index":{"status":201}}]})")});
  settings_.hosts = {there.Url()};
  settings_.rejected = {Millis{1}, Millis{1}, 1.0};
  Engine engine(settings_, std::make_shared<http::curl::CurlClient>(), clock_, metrics_, {});
  Documents documents(engine, "queue");
  const std::vector<Write> writes{{Write::Kind::kPut, "a", "{}", {}, {}},
                                  {Write::Kind::kPut, "b", "{}", {}, {}}};
  const auto written = documents.WriteAll(writes);
  ASSERT_TRUE(written) << written.error().what;
  EXPECT_THAT(*written, testing::ElementsAre(Written::kDone, Written::kDone));
  EXPECT_EQ(there.Asked(), 2);
}

TEST_F(EngineTest, NoRequestOfABulkIsOverTheLimit) {
  constexpr std::size_t kLimit = 1 << 20;
  std::size_t largest = 0, requests = 0;
  http::TestServer there([&](const ServerRequest& request) {
    ++requests;
    largest = std::max(largest, request.body.size());
    std::string items;
    for (std::size_t at = 0; (at = request.body.find("{\"index\":", at)) != std::string::npos; ++at) {
      items += items.empty() ? R"({"index":{"status":201}})" : R"(,{"index":{"status":201}})";
    }
    return Respond(200, R"({"items":[)" + items + "]}");
  });
  settings_.hosts = {"http://127.0.0.1:" + std::to_string(there.Port())};
  settings_.max_body = kLimit;
  Engine engine(settings_, std::make_shared<http::curl::CurlClient>(), clock_, metrics_, {});
  Documents documents(engine, "cuckoo");
  std::vector<Write> writes;
  for (int i = 0; i < 40; ++i) {
    writes.push_back(
        {Write::Kind::kPut, std::string(512, '\x01'), "{" + std::string(90'000, ' ') + "}", {}, {}});
  }
  const auto written = documents.WriteAll(writes);
  ASSERT_TRUE(written) << written.error().what;
  EXPECT_LE(largest, kLimit);
  EXPECT_EQ(requests, 4U) << "11 fit into one";
}

TEST_F(EngineTest, ARecordOverTheLimitIsRefusedBeforeAnythingIsSent) {
  Script there({Respond(200, "{}")});
  settings_.hosts = {there.Url()};
  settings_.max_body = 1 << 20;
  Engine engine(settings_, std::make_shared<http::curl::CurlClient>(), clock_, metrics_, {});
  Documents documents(engine, "cuckoo");
  const std::vector<Write> writes{{Write::Kind::kPut, "a", "{}", {}, {}},
                                  {Write::Kind::kPut, "b", std::string(1 << 20, ' '), {}, {}}};
  const auto written = documents.WriteAll(writes);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::kInvalid);
  EXPECT_THAT(written.error().what, HasSubstr("the record b for the index cuckoo has 1.0 MiB"));
  EXPECT_EQ(there.Asked(), 0);
}

}  // namespace
}  // namespace brood::store::opensearch
