#include "transfer/engine_pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "http/curl/curl_client.hpp"
#include "http/test_server.hpp"

namespace brood::transfer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Answers = std::map<std::string, std::string>;

/// Answers by "METHOD /path", in the shapes of the references; keeps what it was asked.
struct FakeEngine {
  explicit FakeEngine(Answers given)
      : answers(std::move(given)),
        server([this](const http::ServerRequest& request) { return Answer(request); }) {}

  http::ServerResponse Answer(const http::ServerRequest& request) {
    const std::string call = std::string(http::Name(request.method)) + " " + request.path;
    asked.push_back(call + " " + request.body);
    if (const auto login = http::Find(request.headers, "Authorization")) authorization = std::string(*login);
    if (const auto at = answers.find(call + " " + request.body); at != answers.end())
      return http::Respond(200, at->second);
    const auto at = answers.find(call);
    return at == answers.end() ? http::Respond(404, R"({"error":"IndexMissingException"})")
                               : http::Respond(200, at->second);
  }

  Answers answers;
  std::vector<std::string> asked;
  std::string authorization;
  http::TestServer server;
};

struct Read {
  Expected<bool, Error> done = false;
  std::vector<std::string> values, bad;
  std::uint64_t pages = 0, all = 0;
};

Read ReadWhitelist(const std::string& url) {
  http::curl::CurlClient client;
  EnginePages engine(client, url);
  Read read;
  if (const auto version = engine.Version(); !version) {
    read.done = Unexpected(version.error());
    return read;
  }
  read.done = engine.Read(
      "whitelist", "",
      [&read](const Record& record) {
        read.values.push_back(std::get<store::WhitelistEntry>(record).value);
        return store::Result<void>();
      },
      [&read](const std::string& place, const std::string& why) { read.bad.push_back(place + ": " + why); },
      [&read](EnginePages::Progress at) {
        ++read.pages;
        read.all = at.all;
      });
  return read;
}

std::string Hit(const std::string& id) {
  return R"({"_index":"whitelist","_type":"subnet","_id":")" + id +
         R"(","_score":1.0,"_source":{"owner":"x"}})";
}

std::string Hits(const std::string& scroll, const std::string& total, const std::string& hits) {
  return R"({"_scroll_id":")" + scroll +
         R"(","took":2,"timed_out":false,"_shards":{"total":5,"successful":5,"failed":0},)" +
         R"("hits":{"total":)" + total + R"(,"max_score":1.0,"hits":[)" + hits + "]}}";
}

Answers Engine(const std::string& version, const std::string& total) {
  return {{"GET /", R"({"name":"Spider-Man","version":{"number":")" + version + R"("}})"},
          {"POST /whitelist/_search", Hits("first", total, Hit("10.0.0.0/8") + "," + Hit("evil"))}};
}

TEST(EnginePages, ReadsAnElasticsearch2ByScrolling) {
  auto answers = Engine("2.4.6", "3");
  answers[R"(POST /_search/scroll {"scroll":"5m","scroll_id":"first"})"] =
      Hits("second", "3", Hit("10.1.0.0/16"));
  answers[R"(POST /_search/scroll {"scroll":"5m","scroll_id":"second"})"] = Hits("second", "3", "");
  FakeEngine engine(answers);
  const Read read = ReadWhitelist(engine.server.Url(""));
  ASSERT_TRUE(read.done) << Describe(read.done.error());
  EXPECT_TRUE(*read.done);
  EXPECT_THAT(read.values, ElementsAre("10.0.0.0/8", "10.1.0.0/16"));
  EXPECT_THAT(read.bad, ElementsAre(HasSubstr("whitelist/subnet/evil: ")));
  EXPECT_EQ(read.all, 3U);
  EXPECT_EQ(engine.asked.back(), R"(DELETE /_search/scroll {"scroll_id":["second"]})");
}

TEST(EnginePages, AnElasticsearch1TakesTheBareScrollId) {
  auto answers = Engine("1.7.5", "2");
  answers["POST /_search/scroll first"] = Hits("first", "2", "");
  FakeEngine engine(answers);
  const Read read = ReadWhitelist(engine.server.Url(""));
  ASSERT_TRUE(read.done) << Describe(read.done.error());
  EXPECT_THAT(read.values, ElementsAre("10.0.0.0/8"));
  EXPECT_THAT(engine.asked.at(1), HasSubstr(R"({"size":500})"));
}

TEST(EnginePages, TheTotalOfAnElasticsearch7IsAnObject) {
  auto answers = Engine("7.17.28", R"({"value":2,"relation":"eq"})");
  answers[R"(POST /_search/scroll {"scroll":"5m","scroll_id":"first"})"] = Hits("first", "2", "");
  FakeEngine engine(answers);
  const Read read = ReadWhitelist(engine.server.Url(""));
  ASSERT_TRUE(read.done) << Describe(read.done.error());
  EXPECT_EQ(read.all, 2U);
}

TEST(EnginePages, AnIndexThatIsNotThereIsTold) {
  FakeEngine engine(Answers{{"GET /", R"({"version":{"number":"2.4.6"}})"}});
  const Read read = ReadWhitelist(engine.server.Url(""));
  ASSERT_TRUE(read.done);
  EXPECT_FALSE(*read.done);
}

TEST(EnginePages, APartIsNeverTakenForTheWhole) {
  auto answers = Engine("2.4.6", "3");
  answers["POST /_search/scroll"] = Hits("first", "3", "");
  FakeEngine short_of_one(answers);
  EXPECT_THAT(Describe(ReadWhitelist(short_of_one.server.Url("")).done.error()),
              HasSubstr("gave 2 of the 3 documents"));
  answers["POST /whitelist/_search"] = R"({"_shards":{"failed":1},"hits":{"total":0,"hits":[]}})";
  FakeEngine without_a_shard(answers);
  EXPECT_THAT(Describe(ReadWhitelist(without_a_shard.server.Url("")).done.error()),
              HasSubstr("1 shards did not answer"));
}

TEST(EnginePages, TheLoginIsSentAndNeverShown) {
  FakeEngine engine(Answers{{"GET /", "{}"}});
  const std::string url = "http://me:hush%21@127.0.0.1:" + std::to_string(engine.server.Port());
  const Read read = ReadWhitelist(url);
  ASSERT_FALSE(read.done);
  EXPECT_EQ(engine.authorization, "Basic bWU6aHVzaCE=");
  EXPECT_THAT(Describe(read.done.error()), testing::Not(HasSubstr("hush")));
}

}  // namespace
}  // namespace brood::transfer
