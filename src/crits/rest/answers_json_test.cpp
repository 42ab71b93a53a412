#include "crits/rest/answers_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace brood::crits::rest {
namespace {

using testing::HasSubstr;
using testing::Not;

const CallName kCall{"http://crits.test", "add results", Secret("planted-key")};

Result<std::string> Read(int status, std::string body) {
  return ReadAnswer(kCall, {status, {}, std::move(body)});
}

TEST(Answers, ZeroIsDoneWithOrWithoutAnId) {
  EXPECT_EQ(Read(200, R"({"return_code": 0, "message": "", "id": "6b01"})"), "6b01");
  EXPECT_EQ(Read(200, R"({"return_code": 0, "message": "Success"})"), "");
}

TEST(Answers, AnythingElseIsARefusalInCritsOwnWords) {
  const auto read =
      Read(200, R"({"return_code": 1, "message": ", Could not find <a href=\"x\">task</a>\n to add log to."})");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::kRefused);
  EXPECT_EQ(read.error().what, "CRITs http://crits.test: add results: Could not find task  to add log to.");
}

TEST(Answers, StatusesMeanWhatTheyMean) {
  const std::pair<int, Errc> cases[] = {
      {401, Errc::kUnauthorized}, {403, Errc::kBadAnswer},   {404, Errc::kRefused},
      {405, Errc::kBadAnswer},    {413, Errc::kRefused},     {415, Errc::kBadAnswer},
      {302, Errc::kBadAnswer},    {429, Errc::kServerError}, {500, Errc::kServerError},
      {503, Errc::kServerError},  {502, Errc::kAnswerLost},  {504, Errc::kAnswerLost}};
  for (const auto& [status, code] : cases) {
    const auto read = Read(status, "<html>x</html>");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, code) << status;
    EXPECT_THAT(read.error().what, HasSubstr(std::to_string(status)));
  }
}

TEST(Answers, WhatIsNoAnswerOfCritsIsTold) {
  for (const char* body :
       {"", "<html>hello</html>", "[]", "{}", R"({"return_code": "0"})", "{\"return_code\": 0"}) {
    const auto read = Read(200, body);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().code, Errc::kBadAnswer);
  }
}

TEST(Answers, AKeyThatCritsRepeatsIsNotPassedOn) {
  for (const auto& read : {Read(500, R"({"error_message": "bad planted-key and planted-key"})"),
                           Read(200, R"({"return_code": 1, "message": "planted-key"})")}) {
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().what, Not(HasSubstr("planted-key")));
    EXPECT_THAT(read.error().what, HasSubstr("[secret]"));
  }
}

TEST(Answers, ATransportErrorSaysWhetherItMayHaveHappened) {
  using http::Reached;
  EXPECT_EQ(FromTransport(kCall, {http::Errc::kConnect, "refused", Reached::kNo}).code, Errc::kUnreachable);
  EXPECT_EQ(FromTransport(kCall, {http::Errc::kTimeout, "late", Reached::kMaybe}).code, Errc::kAnswerLost);
  EXPECT_EQ(FromTransport(kCall, {http::Errc::kClosed, "closed", Reached::kMaybe}).code, Errc::kAnswerLost);
  EXPECT_EQ(FromTransport(kCall, {http::Errc::kStopped, "", Reached::kNo}).code, Errc::kStopped);
  EXPECT_EQ(FromTransport(kCall, {http::Errc::kBadRequest, "", Reached::kNo}).code, Errc::kRefused);
}

}  // namespace
}  // namespace brood::crits::rest
