// Between the service of CRITs and a check_results of cuckoo_distributed, beside a feed_cuckoo of it.
#include <gmock/gmock.h>

#include "base/digest.hpp"
#include "model/kin.hpp"
#include "model/testing/go_services.hpp"
#include "stages/feed_cuckoo/testing/feeder.hpp"

namespace brood::stages::feed_cuckoo {
namespace {

using sandbox::testing::Call;
using testing::HasSubstr;
using testing::StartsWith;

/// The shape of what the service of CRITs sends; the keys of its objects in another order than Go's.
const std::string kOfCrits =
    R"({"crits_data":{"analysis_id":"1111","api_key":"key","crits_url":"http://crits.test","md5":"00",)"
    R"("object_id":"6b01","object_type":"Sample","source":"test","username":"user"},)"
    R"("file":{"data":"TVogc2FtcGxlCg==","name":"s1.exe"},"payload":{"custom":"case <7>","timeout":"60"}})";
const model::testing::GoCritsData kCritsData{
    "http://crits.test", "1111", "Sample", "6b01", "user", "key", "00", "test"};

class GoNeighboursTest : public FeederTest {
 protected:
  GoNeighboursTest() { settings_.keep_inline = true; }
  stage::testing::Outcome Handle(const std::string& body) {
    FeedCuckoo feeder(settings_, fleet_, store_.Submissions(), samples_, metrics_);
    return stage::testing::Follow(feeder, stage::testing::MessageOn("worker/feed_cuckoo", body, clock_.Now()),
                                  clock_, 5'000);
  }
  /// With its id, as it goes back to our own queue.
  std::string Named() {
    const auto bodies = Handle(kOfCrits).On("worker/feed_cuckoo");
    return bodies.size() == 1 ? bodies[0] : "";
  }
};

TEST_F(GoNeighboursTest, AGoFeederOnTheSameQueueReadsTheMessageWithItsId) {
  const auto read = model::testing::GoFeedCuckooReads(Named()).value();
  EXPECT_EQ(read.bytes, "MZ sample\n");
  EXPECT_EQ(read.file.at("name"), "s1.exe");
  EXPECT_EQ(read.payload.at("custom"), "case <7>");
  EXPECT_EQ(read.crits, kCritsData);
}

TEST_F(GoNeighboursTest, AGoCheckResultsReadsTheTaskWhichBeginsWithTheBytesThatGoWouldSend) {
  const auto published = Handle(Named()).On("worker/check_results");
  ASSERT_EQ(published.size(), 1U);
  const auto read = model::testing::GoTaskReads(published[0]).value();
  EXPECT_EQ(read.crits, kCritsData);
  EXPECT_EQ(a_->Task(model::TaskId{read.task}).content, "MZ sample\n");
  std::string by_go = model::testing::GoFeedCuckooSends({{}, {}, "", kCritsData}, read.task, a_->Url().Get());
  by_go.pop_back();
  EXPECT_THAT(published[0], StartsWith(by_go + ",\"sha256\":")) << "ours stand behind";
}

TEST_F(GoNeighboursTest, WhatAGoCheckResultsDropsIsFoundAgainFromTheTask) {
  const std::string ours = Handle(Named()).On("worker/check_results").at(0);
  auto stripped =
      model::TaskMessageFromJson(model::testing::GoCheckResultsSends(model::testing::GoTaskReads(ours).value()))
          .value();
  ASSERT_TRUE(model::LacksOurKeys(stripped));
  const auto before = model::TaskMessageFromJson(ours).value();
  const auto row = a_->Task(before.task).row;
  EXPECT_EQ(model::Complete(stripped, {row.custom, row.sha256, 60}, before.fed_at), model::Kin::kOurs);
  EXPECT_EQ(stripped, before);
}

TEST_F(GoNeighboursTest, TheCritsOfAMessageThatNamesNoneIsPutIntoItForAGoParser) {
  settings_.crits_url = "http://crits.test:8080";
  auto message = model::FeedMessageFromJson(kOfCrits).value();
  message.crits.crits_url.clear();
  const auto named = Handle(model::ToJson(message)).On("worker/feed_cuckoo");
  const auto read = model::testing::GoTaskReads(Handle(named.at(0)).On("worker/check_results").at(0)).value();
  EXPECT_EQ(read.crits.crits_url, "http://crits.test:8080");
  EXPECT_EQ(model::testing::GoTaskReads(Follow(On(Sample())).On("worker/check_results").at(0))
                .value()
                .crits.crits_url,
            "")
      << "without an object in CRITs there is none";
}

TEST_F(GoNeighboursTest, ASubmissionWithoutCritsHasTheDataThatAGoCheckResultsNeeds) {
  const auto message = Sample();
  const auto published = Follow(On(message)).On("worker/check_results");
  const auto read = model::testing::GoTaskReads(published.at(0)).value();
  EXPECT_EQ(read.crits.analysis_id, message.submission.Get()) << "by which it tells its tasks apart";
}

TEST_F(GoNeighboursTest, ATaskMadeOfAMessageForAGoFeederHasOneMarker) {
  auto message = Sample();
  message.payload["custom"] = "case 7 " + model::ToText(model::Marker{message.submission, 0});
  message.payload["owner"] = model::OwnerOf(message.submission);
  const auto task = TaskOf(Follow(On(message)));
  EXPECT_EQ(a_->Task(task.task).row.custom, "case 7 " + model::ToText(model::Marker{message.submission, 0}));
}

TEST_F(GoNeighboursTest, AGoOverseerReadsTheFailureAndSendsTheWholeMessageBack) {
  const std::string body = Named();
  a_->FailNext(Call::kSubmit, sandbox::Errc::kRefused);
  b_->FailNext(Call::kSubmit, sandbox::Errc::kRefused);
  const auto outcome = Handle(body);
  ASSERT_TRUE(outcome.failure);
  const auto read = model::testing::GoOverseerReads(model::ToJson(*outcome.failure)).value();
  EXPECT_EQ(read.service, "feed_cuckoo");
  EXPECT_EQ(read.queue, "worker/feed_cuckoo");
  EXPECT_EQ(read.msg, body);
  EXPECT_THAT(read.desc, HasSubstr("the sandbox refuses the sample"));
}

TEST_F(GoNeighboursTest, WhatAGoServiceCannotReadIsRefusedHereTooWithItsBytes) {
  const auto outcome = Handle("this is not json\n");
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->msg, "this is not json\n");
  EXPECT_FALSE(model::testing::GoOverseerReads(model::ToJson(*outcome.failure))) << "it dumps it at once";
}

}  // namespace
}  // namespace brood::stages::feed_cuckoo
