#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_bench.hpp"
#include "base/digest.hpp"
#include "model/messages_json.hpp"

namespace brood::api {
namespace {

using http::Method;
using store::LetterState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class DeadLettersApi : public testing::Test {
 protected:
  DeadLettersApi() {
    bench_.remove_dump = [this](const std::string& key) -> Expected<void, Error> {
      removed_.push_back(key);
      return {};
    };
    bench_.Start();
  }

  store::DeadLetter Put(const std::string& name, LetterState state,
                        std::string queue = "worker/parse_and_submit") {
    model::FailureMessage failure;
    failure.service = "parse_and_submit";
    failure.queue = std::move(queue);
    failure.error = "Post https://crits.example/api/v1/x/?username=u&api_key=k3y: connection refused";
    failure.desc = "k3y in the description";
    failure.msg =
        R"({"TaskId":7,"CuckooURL":"http://n","CritsData":{"api_key":"k3y","analysis_id":"11","object_id":"6b"}})";
    store::DeadLetter letter;
    letter.key = Sha256Hex(name);
    letter.failure = model::ToJson(failure);
    letter.queue = failure.queue;
    letter.submission = model::DeriveSubmissionId("one");
    letter.state = state;
    letter.attempts = 4;
    EXPECT_TRUE(bench_.store.DeadLetters().Put(letter));
    return Letter(letter.key);
  }
  store::DeadLetter Letter(const std::string& key) {
    return bench_.store.DeadLetters().Get(key).value().value();
  }
  std::size_t Listed(const std::string& query) {
    return Parsed(bench_.Get("/api/v1/dead?" + query)).at("items").as_array().size();
  }
  http::Response Do(const std::string& key, const std::string& what, std::string body = "") {
    return bench_.Change(Method::kPost, "/api/v1/dead/" + key + "/" + what, std::move(body));
  }

  std::vector<std::string> removed_;
  ApiBench bench_;
};

TEST_F(DeadLettersApi, TheListShowsTheErrorAndNeverTheMessage) {
  const auto letter = Put("letter", LetterState::kDead);
  const auto answer = bench_.Get("/api/v1/dead?state=dead");
  EXPECT_THAT(answer.body, Not(HasSubstr("k3y")));
  const auto shown = Parsed(answer).at("items").at(0);
  EXPECT_EQ(TextOf(shown, "key"), letter.key);
  EXPECT_EQ(TextOf(shown, "queue"), "worker/parse_and_submit");
  EXPECT_EQ(TextOf(shown, "submission"), letter.submission.Get());
  EXPECT_EQ(TextOf(shown, "state"), "dead");
  EXPECT_EQ(shown.at("attempts").to_number<int>(), 4);
  EXPECT_EQ(TextOf(shown, "stage"), "parse_and_submit");
  EXPECT_EQ(shown.at("task").to_number<int>(), 7);
  EXPECT_EQ(TextOf(shown, "analysis"), "11");
  EXPECT_EQ(TextOf(shown, "what"), "[secret] in the description");
  EXPECT_THAT(TextOf(shown, "error"), HasSubstr("Post https://crits.example/api/v1/x/?… connection refused"));
  EXPECT_FALSE(shown.as_object().contains("message"));
}

TEST_F(DeadLettersApi, TheListIsOfAStateAQueueAndAKey) {
  const auto first = Put("first", LetterState::kDead);
  Put("second", LetterState::kDead, "worker/feed_cuckoo");
  Put("third", LetterState::kSent);
  EXPECT_EQ(Listed(""), 3U);
  EXPECT_EQ(Listed("state=sent"), 1U);
  EXPECT_EQ(Listed("state=dropped"), 0U);
  EXPECT_EQ(Listed("queue=worker%2Ffeed_cuckoo"), 1U);
  EXPECT_EQ(Listed("key=" + first.key.substr(0, 10)), 1U);
  for (const char* query : {"state=buried", "key=xyz", "key=%25", "order=up"}) {
    EXPECT_EQ(bench_.Get(std::string("/api/v1/dead?") + query).status, 400) << query;
  }
}

TEST_F(DeadLettersApi, OneIsShownWithItsMessageButForTheKey) {
  const auto letter = Put("letter", LetterState::kDead);
  const auto answer = bench_.Get("/api/v1/dead/" + letter.key);
  EXPECT_THAT(answer.body, Not(HasSubstr("k3y")));
  const auto shown = Parsed(answer);
  EXPECT_EQ(TextOf(shown.at("message").at("CritsData"), "api_key"), "[secret]");
  EXPECT_EQ(TextOf(shown.at("message").at("CritsData"), "analysis_id"), "11");
}

TEST_F(DeadLettersApi, AnUnknownOrImpossibleKeyIs404) {
  for (const std::string& key : {Sha256Hex("none"), std::string("x"), std::string("..%2F..%2Fetc")}) {
    EXPECT_EQ(bench_.Get("/api/v1/dead/" + key).status, 404) << key;
    EXPECT_EQ(Do(key, "retry").status, 404) << key;
    EXPECT_EQ(Do(key, "drop", R"({"reason":"x"})").status, 404) << key;
  }
}

TEST_F(DeadLettersApi, ARetryMakesItDueAndTwiceIsOnce) {
  const auto letter = Put("letter", LetterState::kDead);
  for (int i = 0; i < 2; ++i) {
    const auto answer = Do(letter.key, "retry");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(TextOf(Parsed(answer), "state"), "delayed");
  }
  EXPECT_EQ(Letter(letter.key).due, bench_.clock.Now());
  EXPECT_EQ(Letter(letter.key).attempts, 0);
  EXPECT_EQ(Do(letter.key, "retry", R"({"when":"now"})").status, 400);
}

TEST_F(DeadLettersApi, ADropNeedsAReasonAndKeepsIt) {
  const auto letter = Put("letter", LetterState::kDead);
  for (const char* body : {"", "{}", R"({"reason":""})", R"({"why":"x"})"}) {
    EXPECT_EQ(Do(letter.key, "drop", body).status, 400) << body;
  }
  EXPECT_THAT(removed_, SizeIs(0));
  const auto answer = Do(letter.key, "drop", R"({"reason":"a test of ours"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(TextOf(Parsed(answer), "note"), "a test of ours");
  EXPECT_THAT(removed_, ElementsAre(letter.key));
  EXPECT_THAT(Letter(letter.key).failure, Not(HasSubstr("k3y")));
  const auto refused = Do(letter.key, "retry");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(ErrorIn(refused), HasSubstr("was dropped"));
}

TEST_F(DeadLettersApi, WhatIsOnItsWayIsNotDropped) {
  const auto letter = Put("letter", LetterState::kSent);
  EXPECT_EQ(Do(letter.key, "drop", R"({"reason":"x"})").status, 409);
  EXPECT_EQ(Letter(letter.key), letter);
}

}  // namespace
}  // namespace brood::api
