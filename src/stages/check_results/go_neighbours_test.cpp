// Between a feed_cuckoo and a parse_and_submit of cuckoo_distributed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "model/kin.hpp"
#include "model/messages_json.hpp"
#include "model/testing/go_services.hpp"
#include "sandbox/testing/fake_node.hpp"
#include "stage/testing/trial.hpp"
#include "stages/check_results/check_results.hpp"

namespace brood::stages::check_results {
namespace {

using model::testing::GoFeedRequest;
using stage::Done;
using stage::Fail;
using stage::Hold;
using testing::HasSubstr;

constexpr const char* kBytes = "bytes";

class GoNeighboursTest : public testing::Test {
 protected:
  GoNeighboursTest() { EXPECT_TRUE(WriteFileDurably(dir_ / "a", kBytes)); }

  /// What the Go feed_cuckoo sends for a task that it made with these form fields.
  std::string FedByGo(const GoFeedRequest& request) {
    const auto custom = request.payload.find("custom");
    task_ = node_->Submit({dir_ / "a", "a", {}, custom == request.payload.end() ? "" : custom->second, ""}, {})
                .value();
    return model::testing::GoFeedCuckooSends(request, task_.Get(), node_->Url().Get());
  }
  static GoFeedRequest OfCrits() {
    GoFeedRequest request;
    request.payload["custom"] = "";
    request.crits = {"http://crits.test", "1111", "Sample", "6b01", "user", "key", "00", "test"};
    return request;
  }
  /// A submission without CRITs, as it travels to a Go feeder.
  static GoFeedRequest OfUs(const model::Marker& marker) {
    GoFeedRequest request;
    request.payload["custom"] = model::ToText(marker);
    request.crits.analysis_id = marker.submission.Get();
    return request;
  }
  stage::Fate Offer(const std::string& body) {
    return stage::testing::Offer(stage_, stage::testing::MessageOn("worker/check_results", body, clock_.Now()),
                                 clock_);
  }
  void Poll(const std::string& body, int polls) {
    (void)Offer(body);
    for (int i = 0; i < polls; ++i) {
      clock_.Advance(Millis{5'000});
      watch_.PollOnce();
      (void)watch_.Look(task_, "");
    }
  }
  stage::Fate OfferAfterPolls(const std::string& body) {
    Poll(body, 4);
    return Offer(body);
  }
  /// The message with its lost keys, which waits in our own queue.
  std::string Completed(const std::string& body) {
    const auto fate = OfferAfterPolls(body);
    const Done* done = std::get_if<Done>(&fate);
    if (done == nullptr || done->publish.size() != 1) return "";
    EXPECT_EQ(done->publish[0].queue, "worker/check_results");
    return done->publish[0].body;
  }

  TempDir dir_;
  ManualClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<sandbox::testing::FakeNode> node_ = std::make_shared<sandbox::testing::FakeNode>(clock_);
  sandbox::NodeWatch watch_{node_, {}, metrics_, clock_};
  model::TaskId task_;
  const model::Marker marker_{model::DeriveSubmissionId("a"), 1};
  CheckResults stage_{{}, [this](const model::NodeUrl&) { return &watch_; }};
};

TEST_F(GoNeighboursTest, ATaskOfCritsThatAGoFeederMadeGoesOnToAGoParser) {
  const std::string body = Completed(FedByGo(OfCrits()));
  const auto task = model::TaskMessageFromJson(body).value();
  EXPECT_EQ(task.submission, model::SubmissionId{}) << "no feeder of ours gave it one";
  EXPECT_EQ(task.sha256.Get(), Sha256Hex(kBytes));
  EXPECT_EQ(task.fed_at, clock_.Now()) << "when it came here";
  EXPECT_TRUE(std::holds_alternative<Hold>(Offer(body)));
  node_->Finish(task_, "{}");
  const auto fate = OfferAfterPolls(body);
  ASSERT_TRUE(std::holds_alternative<Done>(fate));
  const auto& published = std::get<Done>(fate).publish.at(0);
  EXPECT_EQ(published.queue, "worker/parse_and_submit");
  EXPECT_EQ(published.body, body) << "byte for byte";
  const auto read = model::testing::GoTaskReads(published.body).value();
  EXPECT_EQ(read.task, task_.Get());
  EXPECT_EQ(read.cuckoo_url, node_->Url().Get());
  EXPECT_EQ(read.crits, OfCrits().crits);
}

TEST_F(GoNeighboursTest, ATaskOfOursThatAGoFeederMadeIsKnownByItsMarker) {
  const auto task = model::TaskMessageFromJson(Completed(FedByGo(OfUs(marker_)))).value();
  EXPECT_EQ(task.submission, marker_.submission);
  EXPECT_EQ(task.attempt, marker_.attempt);
  EXPECT_EQ(task.sha256.Get(), Sha256Hex(kBytes));
}

TEST_F(GoNeighboursTest, AFailureNamesTheSubmissionAllTheSame) {
  const std::string body = Completed(FedByGo(OfUs(marker_)));
  node_->SetState(task_, sandbox::TaskState::kFailedAnalysis);
  Poll(body, 6);
  const auto outcome = stage::testing::Follow(
      stage_, stage::testing::MessageOn("worker/check_results", body, clock_.Now()), clock_);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->submission, marker_.submission);
  EXPECT_EQ(outcome.failure->kind, ErrorKind::kTaskLost);
  const auto read = model::testing::GoOverseerReads(model::ToJson(*outcome.failure)).value();
  EXPECT_EQ(read.service, "check_results");
  EXPECT_EQ(read.queue, "worker/check_results");
  EXPECT_EQ(read.msg, body);
}

TEST_F(GoNeighboursTest, ATaskWhoseNumberIsAnotherSubmissionsNowIsLost) {
  const std::string body = FedByGo(OfUs(marker_));
  node_->Wipe();
  node_->AddForeign(model::ToText(model::Marker{model::DeriveSubmissionId("another"), 0}));
  const auto fate = OfferAfterPolls(body);
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kTaskLost);
  EXPECT_THAT(std::get<Fail>(fate).why.what, HasSubstr("another submission"));
}

TEST_F(GoNeighboursTest, AMessageOfOursIsNotCompletedTwice) {
  const std::string once = Completed(FedByGo(OfUs(marker_)));
  EXPECT_TRUE(std::holds_alternative<Hold>(OfferAfterPolls(once)));
}

}  // namespace
}  // namespace brood::stages::check_results
