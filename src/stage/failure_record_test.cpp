#include "stage/failure_record.hpp"

#include <gtest/gtest.h>

#include "model/messages_json.hpp"

namespace brood::stage {
namespace {

constexpr std::size_t kRoomy = std::size_t{1} << 20;
constexpr std::size_t kSmall = std::size_t{64} << 10;
const std::string kSubmission(32, 'a');

model::FailureMessage Decoded(const broker::Outgoing& record) {
  return model::FailureMessageFromJson(record.body).value();
}

FailureRecorder Recorder(KeepBody keep_body = {}) {
  return {"feed_cuckoo", "worker/feed_cuckoo", "worker/failed", std::move(keep_body)};
}

TEST(FailureRecord, SaysWhatTheOriginalOverseerReads) {
  const broker::Message message{"worker/feed_cuckoo/urgent",
                                R"({"submission":")" + kSubmission + R"("})",
                                {{"first-seen", "17"}, {"other", "x"}}};
  const auto record = Recorder().Make(message, Permanent("no file", "HTTP 400"), kRoomy).value();
  EXPECT_EQ(record.queue, "worker/failed");
  EXPECT_EQ(record.headers, (broker::Headers{{"first-seen", "17"}}));
  const auto failure = Decoded(record);
  EXPECT_EQ(failure.service, "feed_cuckoo");
  EXPECT_EQ(failure.queue, "worker/feed_cuckoo/urgent");
  EXPECT_EQ(failure.error, "HTTP 400");
  EXPECT_EQ(failure.desc, "no file");
  EXPECT_EQ(failure.msg, message.body);
  EXPECT_EQ(failure.kind, ErrorKind::kPermanent);
  EXPECT_EQ(failure.submission.Get(), kSubmission);
}

TEST(FailureRecord, NamesTheSubmissionByTheCritsDataWhereAGoServiceHasDroppedItsKey) {
  const auto named = [](const std::string& body) {
    return Decoded(Recorder().Make({"", body, {}}, Permanent("x"), kRoomy).value()).submission.Get();
  };
  EXPECT_EQ(named(R"({"TaskId":1,"CritsData":{"analysis_id":")" + kSubmission + R"("}})"), kSubmission);
  EXPECT_EQ(named(R"({"crits_data":{"analysis_id":")" + kSubmission + R"("}})"), kSubmission);
  EXPECT_EQ(named(R"({"CritsData":{"analysis_id":")" + kSubmission + R"(","object_id":"6b01"}})"), "")
      << "that is an analysis of CRITs";
  EXPECT_EQ(named(R"({"CritsData":"nonsense"})"), "");
}

TEST(FailureRecord, TakesABodyThatIsNoJsonAsItIs) {
  const std::string body = "\xff\xfe not json";
  const auto failure = Decoded(Recorder().Make({"", body, {}}, Permanent("not JSON"), kRoomy).value());
  EXPECT_EQ(failure.msg, body);
  EXPECT_EQ(failure.error, "not JSON");
  EXPECT_EQ(failure.queue, "worker/feed_cuckoo");
  EXPECT_TRUE(failure.submission.Get().empty());
}

TEST(FailureRecord, ABodyThatDoesNotFitIsKeptBesideTheBroker) {
  std::string kept;
  const auto recorder = Recorder([&kept](std::string_view body) -> Expected<std::string, Error> {
    kept = body;
    return "sha256:abc";
  });
  const std::string body(kSmall, 'x');
  const auto record = recorder.Make({"q", body, {}}, Permanent("no"), kSmall).value();
  EXPECT_LE(record.body.size(), kSmall);
  const auto failure = Decoded(record);
  EXPECT_EQ(kept, body);
  EXPECT_EQ(failure.msg, "");
  EXPECT_EQ(failure.extras.at("MsgRef"), R"("sha256:abc")");
}

TEST(FailureRecord, ABodyThatFitsIsNotKept) {
  const auto recorder = Recorder([](std::string_view) -> Expected<std::string, Error> {
    ADD_FAILURE() << "kept";
    return "";
  });
  EXPECT_EQ(Decoded(recorder.Make({"q", "small", {}}, Permanent("no"), kSmall).value()).msg, "small");
}

TEST(FailureRecord, WhenTheBodyCannotBeKeptThereIsNoRecordYet) {
  const auto recorder = Recorder(
      [](std::string_view) -> Expected<std::string, Error> { return Unexpected(Transient("disk full")); });
  const auto record = recorder.Make({"q", std::string(kSmall, 'x'), {}}, Permanent("no"), kSmall);
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().what, "disk full");
}

TEST(FailureRecord, WithNowhereToKeepItABodyIsCutAndThisIsSaid) {
  const std::string body(kSmall, '\x01');
  const auto record = Recorder().Make({"q", body, {}}, Permanent("no"), kSmall).value();
  EXPECT_LE(record.body.size(), kSmall);
  const auto failure = Decoded(record);
  EXPECT_LT(failure.msg.size(), body.size());
  EXPECT_FALSE(failure.msg.empty());
  EXPECT_EQ(failure.extras.at("MsgCut"), std::to_string(body.size()));
}

TEST(FailureRecord, AnEndlessErrorTextIsShortened) {
  const auto record =
      Recorder().Make({"q", "x", {}}, Permanent("no", std::string(kRoomy, 'e')), kSmall).value();
  EXPECT_LE(record.body.size(), kSmall);
}

}  // namespace
}  // namespace brood::stage
