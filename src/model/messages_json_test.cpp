#include "model/messages_json.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "model/testing/go_services.hpp"

namespace brood::model {
namespace {

namespace json = boost::json;

constexpr const char* kCrits =
    R"({"crits_url":"u","analysis_id":"a","object_type":"Sample","object_id":"o","username":"n","api_key":"k","md5":"m","source":"s"})";

struct Recorded {
  std::string queue, body;
};

std::vector<Recorded> RecordedMessages() {
  std::ifstream file("src/model/testdata/amqp-go-services.jsonl");
  std::vector<Recorded> messages;
  for (std::string line; std::getline(file, line);) {
    const auto value = json::parse(line);
    messages.push_back({std::string(value.at("queue").as_string()), std::string(value.at("body").as_string())});
  }
  return messages;
}

std::string Rewritten(const Recorded& message) {
  if (message.queue == "worker/feed_cuckoo") return ToJson(FeedMessageFromJson(message.body).value());
  if (message.queue == "worker/failed") return ToJson(FailureMessageFromJson(message.body).value());
  return ToJson(TaskMessageFromJson(message.body).value());
}

TEST(Messages, EveryRecordedMessageIsWrittenAgainWithTheSameContent) {
  int seen = 0;
  for (const Recorded& message : RecordedMessages()) {
    if (message.body.empty()) continue;
    EXPECT_EQ(json::parse(Rewritten(message)), json::parse(message.body)) << message.queue;
    ++seen;
  }
  EXPECT_GE(seen, 4);
}

TEST(Messages, WhatFeedCuckooAndTheCritsServiceSendIsTheSameByteForByte) {
  int seen = 0;
  for (const Recorded& message : RecordedMessages()) {
    if (message.queue != "worker/check_results" && message.queue != "worker/failed") continue;
    if (message.body.empty()) continue;
    EXPECT_EQ(Rewritten(message), message.body);
    ++seen;
  }
  EXPECT_EQ(seen, 2);
}

TEST(Messages, TheGoServicesOfTheTestsSendWhatTheRealOnesDo) {
  const auto recorded = RecordedMessages();
  ASSERT_EQ(recorded.size(), 5U);
  const auto feed = testing::GoFeedCuckooReads(recorded[0].body).value();
  EXPECT_EQ(testing::GoFeedCuckooSends(feed, 17, "http://127.0.0.1:18012"), recorded[1].body);
  EXPECT_EQ(testing::GoCheckResultsSends(testing::GoTaskReads(recorded[4].body).value()), recorded[4].body);
  EXPECT_EQ(testing::GoSendsFailure({"feed_cuckoo", "worker/feed_cuckoo",
                                     "invalid character 'h' in literal true (expecting 'r')",
                                     "Could not decode json!", "this is not json\n"}),
            recorded[2].body);
}

TEST(Messages, TheGoServicesOfTheTestsRefuseWhatTheRealOnesDo) {
  const auto feed = [](const std::string& body) { return testing::GoFeedCuckooReads(body).error(); };
  EXPECT_EQ(feed(R"({"crits_data":{}})"), "File map doesn't exist!");
  EXPECT_EQ(feed(R"({"file":{"name":"a"},"crits_data":{}})"), "file map layout invalid!");
  EXPECT_EQ(feed(R"({"file":{"name":"a","data":"TVo="}})"), "crits struct doesn't exist!");
  EXPECT_FALSE(testing::GoFeedCuckooReads(R"({"file":{"name":1},"crits_data":{}})"));
  EXPECT_EQ(testing::GoTaskReads(R"({"TaskId":1,"CritsData":{}})").error(), "No CuckooURL / TaskId!");
  EXPECT_FALSE(testing::GoTaskReads(R"({"TaskId":"1","CuckooURL":"u","CritsData":{}})"));
  EXPECT_FALSE(testing::GoOverseerReads(R"({"Service":"s","Queue":"q","Msg":"{}"})"));
}

TEST(Messages, AGoServiceReadsOursCompletelyWhateverElseTheyCarry) {
  CritsData crits{"u", "a", "Sample", "o", "n", Secret("k"), "m", "<s>"};
  const testing::GoCritsData same{"u", "a", "Sample", "o", "n", "k", "m", "<s>"};
  FeedMessage feed;
  feed.payload = {{"custom", "<&>"}, {"timeout", "60"}};
  feed.file_name = "\u00e9.exe";
  feed.file_data = std::string("MZ\0\xFF", 4);
  feed.sha256 = SampleHash{std::string(64, 'a')};
  feed.submission = SubmissionId{std::string(32, 'b')};
  feed.attempt = 2;
  feed.crits = crits;
  feed.extras = {{"lost", "1"}};
  const auto fed = testing::GoFeedCuckooReads(ToJson(feed)).value();
  EXPECT_EQ(fed.payload, feed.payload);
  EXPECT_EQ(fed.file.at("name"), feed.file_name);
  EXPECT_EQ(fed.bytes, feed.file_data);
  EXPECT_EQ(fed.crits, same);

  TaskMessage task{.task = TaskId{5},
                   .node = NodeUrl{"http://x"},
                   .crits = crits,
                   .sha256 = feed.sha256,
                   .submission = feed.submission,
                   .attempt = 2,
                   .fed_at = FromMillis(77),
                   .timeout_s = 60,
                   .parsed = {"info"},
                   .extras = {{"CritsBytes", "1"}, {"Cleanup", "true"}}};
  const auto tasked = testing::GoTaskReads(ToJson(task)).value();
  EXPECT_EQ(tasked.task, 5);
  EXPECT_EQ(tasked.cuckoo_url, "http://x");
  EXPECT_EQ(tasked.crits, same);

  for (const std::string& msg : {ToJson(feed), ToJson(task)}) {
    const FailureMessage failure{.service = "s",
                                 .queue = "q",
                                 .error = "e & e",
                                 .desc = "d",
                                 .msg = msg,
                                 .kind = ErrorKind::kTaskLost,
                                 .submission = feed.submission};
    const auto failed = testing::GoOverseerReads(ToJson(failure)).value();
    EXPECT_EQ(failed.error, "e & e");
    EXPECT_EQ(failed.queue, "q");
    EXPECT_EQ(failed.msg, msg);
  }
}

TEST(Messages, KeysAreMatchedWithoutRegardToCase) {
  const auto message = TaskMessageFromJson(R"({"taskid": 17, "CUCKOOURL": "http://x", "critsdata": )" +
                                           std::string(kCrits) + "}");
  ASSERT_TRUE(message) << Describe(message.error());
  EXPECT_EQ(message->task, TaskId{17});
  EXPECT_EQ(message->crits.api_key.Reveal(), "k");
}

TEST(Messages, UnknownKeysAreCarriedAlong) {
  const auto message = TaskMessageFromJson(R"({"TaskId":1,"CuckooURL":"http://x","Mine":{"a":[1,2]}})");
  ASSERT_TRUE(message);
  const json::value again = json::parse(ToJson(*message));
  EXPECT_EQ(json::serialize(again.at("Mine")), R"({"a":[1,2]})");
}

TEST(Messages, CarriesUnknownNumbersDigitByDigit) {
  const std::string text =
      R"({"TaskId":1,"CuckooURL":"u","big":144444444444444444444444444444444,"a\"b": [ 1e400, {"}": "]\\"} ] ,"last":-0.10})";
  const auto message = TaskMessageFromJson(text);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->extras.at("big"), "144444444444444444444444444444444");
  EXPECT_EQ(message->extras.at("a\"b"), R"([ 1e400, {"}": "]\\"} ])");
  EXPECT_EQ(message->extras.at("last"), "-0.10");
  EXPECT_EQ(TaskMessageFromJson(ToJson(*message)).value(), *message);
}

TEST(Messages, OfAnUnknownKeyThatStandsTwiceTheLastIsCarried) {
  const auto message = TaskMessageFromJson(R"({"TaskId":1,"CuckooURL":"u","x":1,"x":[2]})");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->extras.at("x"), "[2]");
}

TEST(Messages, AMessageWithoutCritsDataIsValid) {
  const auto message = FeedMessageFromJson(R"({"file":{"name":"a","data":"TVo="}})");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->file_data, "MZ");
  EXPECT_EQ(message->crits, CritsData{});
}

TEST(Messages, OurOwnKeysSurvive) {
  FeedMessage feed;
  feed.payload = {{"options", "free=yes"}};
  feed.file_name = "a.exe";
  feed.sample = "sha256:" + std::string(64, 'a');
  feed.sha256 = SampleHash{std::string(64, 'a')};
  feed.submission = SubmissionId{std::string(32, 'b')};
  feed.attempt = 2;
  EXPECT_EQ(FeedMessageFromJson(ToJson(feed)).value(), feed);
  TaskMessage task{.task = TaskId{5},
                   .node = NodeUrl{"http://x"},
                   .fed_at = FromMillis(77),
                   .timeout_s = 60,
                   .parsed = {"info"}};
  EXPECT_EQ(TaskMessageFromJson(ToJson(task)).value(), task);
}

TEST(Messages, BytesThatAreNotUtf8TravelAsBase64) {
  FailureMessage failure{.service = "feed_cuckoo",
                         .queue = "worker/feed_cuckoo",
                         .error = "e",
                         .desc = "d",
                         .msg = std::string("a\xFF\0z", 4),
                         .kind = ErrorKind::kPermanent};
  EXPECT_EQ(FailureMessageFromJson(ToJson(failure)).value(), failure);
}

TEST(Messages, AnErrorNamesThePathOfTheBadField) {
  const auto describe = [](const auto& message) { return message ? "" : Describe(message.error()); };
  EXPECT_EQ(describe(FeedMessageFromJson(R"({"file":{"name":"a","data":"*"}})")),
            "a message of the wrong shape: file: file.data: not base64");
  EXPECT_EQ(describe(TaskMessageFromJson(R"({"TaskId":"x","CuckooURL":"u"})")),
            "a message of the wrong shape: TaskId: not a whole number");
  EXPECT_EQ(describe(TaskMessageFromJson("{}")), "a message of the wrong shape: TaskId: missing");
  EXPECT_EQ(describe(TaskMessageFromJson("[]")), "not a JSON object");
  EXPECT_NE(describe(TaskMessageFromJson("this is not json\n")).find("syntax error near byte 0 of 17"),
            std::string::npos);
  EXPECT_EQ(describe(TaskMessageFromJson("{} {}")), "not JSON: more text follows the document at byte 3");
}

TEST(Messages, ADecodingErrorIsPermanent) {
  EXPECT_EQ(FeedMessageFromJson("x").error().kind, ErrorKind::kPermanent);
}

TEST(Messages, DeepNestingIsRefusedWithoutACrash) {
  EXPECT_FALSE(FeedMessageFromJson(std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace brood::model
