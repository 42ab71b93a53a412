#include "stages/check_results/check_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "model/messages_json.hpp"
#include "model/submission.hpp"
#include "sandbox/testing/fake_node.hpp"
#include "stage/testing/trial.hpp"

namespace brood::stages::check_results {
namespace {

using sandbox::TaskState;
using stage::Done;
using stage::Fail;
using stage::Hold;
using testing::ElementsAre;
using testing::HasSubstr;

class CheckResultsTest : public testing::Test {
 protected:
  CheckResultsTest() : marker_{model::DeriveSubmissionId("a"), 0} {
    EXPECT_TRUE(WriteFileDurably(dir_ / "a", "bytes"));
    task_.task =
        node_->Submit({dir_ / "a", "a", {}, model::ToText(marker_), model::OwnerOf(marker_.submission)}, {})
            .value();
    task_.node = node_->Url();
    task_.submission = marker_.submission;
    task_.fed_at = clock_.Now();
  }
  broker::Message Message() const {
    return stage::testing::MessageOn("worker/check_results", model::ToJson(task_), clock_.Now());
  }
  stage::Fate Offer() { return stage::testing::Offer(stage_, Message(), clock_); }
  /// Asks, polls, asks again: what is not asked for is not watched.
  stage::Fate OfferAfterPolls(int polls = 1) {
    (void)Offer();
    for (int i = 0; i < polls; ++i) {
      clock_.Advance(Millis{5'000});
      watch_.PollOnce();
      (void)watch_.Look(task_.task, model::ToText(marker_));
    }
    return Offer();
  }

  TempDir dir_;
  ManualClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<sandbox::testing::FakeNode> node_ = std::make_shared<sandbox::testing::FakeNode>(clock_);
  sandbox::NodeWatch watch_{node_, {}, metrics_, clock_};
  model::Marker marker_;
  model::TaskMessage task_;
  CheckResults stage_{{},
                      [this](const model::NodeUrl& url) { return url == node_->Url() ? &watch_ : nullptr; }};
};

TEST_F(CheckResultsTest, AReportedTasksMessageGoesOnAsItIs) {
  node_->Finish(task_.task, "{}");
  const auto fate = OfferAfterPolls();
  ASSERT_TRUE(std::holds_alternative<Done>(fate));
  EXPECT_THAT(std::get<Done>(fate).publish,
              ElementsAre(broker::Outgoing{"worker/parse_and_submit", model::ToJson(task_), {}}));
}

TEST_F(CheckResultsTest, TheSameMessageTwiceLeadsToTheSame) {
  node_->Finish(task_.task, "{}");
  const auto first = std::get<Done>(OfferAfterPolls()).publish;
  EXPECT_EQ(std::get<Done>(OfferAfterPolls(4)).publish, first) << "a task that no list shows is viewed";
}

TEST_F(CheckResultsTest, AWaitingTaskIsHeldAndWhenItRanFirstIsRemembered) {
  node_->SetState(task_.task, TaskState::kRunning);
  const auto fate = OfferAfterPolls();
  ASSERT_TRUE(std::holds_alternative<Hold>(fate));
  const Hold& hold = std::get<Hold>(fate);
  EXPECT_EQ(hold.at_least, Patience{}.look_every);
  EXPECT_EQ(hold.headers.at("first-running"), std::to_string(ToMillis(clock_.Now())));
  EXPECT_THAT(hold.why, HasSubstr("running"));
}

TEST_F(CheckResultsTest, AHolderThatDiesAgainAndAgainDoesNotKeepATaskThatNeverEnds) {
  node_->SetState(task_.task, TaskState::kRunning);
  stage::Fate fate;
  for (int holders = 0; holders < 10 && !std::holds_alternative<Fail>(fate); ++holders) {
    clock_.Advance(std::chrono::minutes{5});
    sandbox::NodeWatch watch(node_, {}, metrics_, clock_);
    CheckResults holder({}, [&](const model::NodeUrl&) { return &watch; });
    broker::Message message = Message();
    message.seen_before = holders > 0;
    (void)stage::testing::Offer(holder, message, clock_);
    watch.PollOnce();
    fate = stage::testing::Offer(holder, message, clock_);
  }
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_THAT(std::get<Fail>(fate).why.what, HasSubstr("still running"));
}

TEST_F(CheckResultsTest, AFailedTaskIsATaskLostThatNamesTaskAndNode) {
  node_->SetState(task_.task, TaskState::kFailedAnalysis);
  const auto fate = OfferAfterPolls(6);
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kTaskLost);
  EXPECT_EQ(std::get<Fail>(fate).why.detail, "task 1 of http://node.test:8090");
}

TEST_F(CheckResultsTest, AVanishedTaskIsLost) {
  node_->Erase(task_.task);
  const auto fate = OfferAfterPolls(10);
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_THAT(std::get<Fail>(fate).why.what, HasSubstr("vanished"));
}

TEST_F(CheckResultsTest, ATaskWhoseNumberWasGivenAgainIsLost) {
  node_->Wipe();
  node_->AddForeign("somebody else's");
  const auto fate = OfferAfterPolls(10);
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_THAT(std::get<Fail>(fate).why.what, HasSubstr("another submission"));
}

TEST_F(CheckResultsTest, ARescheduledTaskGoesOnUnderItsNewNumber) {
  const model::TaskId successor = node_->Reschedule(task_.task);
  const auto fate = OfferAfterPolls(10);
  ASSERT_TRUE(std::holds_alternative<Done>(fate));
  const auto& publish = std::get<Done>(fate).publish;
  ASSERT_EQ(publish.size(), 1U);
  EXPECT_EQ(publish[0].queue, "worker/check_results");
  const broker::Headers since_now{{"rescheduled", std::to_string(ToMillis(clock_.Now()))}};
  EXPECT_EQ(publish[0].headers, since_now) << "and it has not been seen running";
  model::TaskMessage expected = task_;
  expected.task = successor;
  EXPECT_EQ(model::TaskMessageFromJson(publish[0].body).value(), expected);
  task_ = expected;
  node_->Finish(successor, "{}");
  EXPECT_TRUE(std::holds_alternative<Done>(OfferAfterPolls()));
}

TEST_F(CheckResultsTest, ALockedDatabaseIsWaitedFor) {
  node_->LockDatabase();
  EXPECT_TRUE(std::holds_alternative<Hold>(OfferAfterPolls(10)));
  node_->UnlockDatabase();
  node_->Finish(task_.task, "{}");
  EXPECT_TRUE(std::holds_alternative<Done>(OfferAfterPolls(4)));
}

TEST_F(CheckResultsTest, ATaskOfANodeThatIsNotConfiguredFailsForGood) {
  task_.node = model::NodeUrl{"http://gone.test:8090"};
  const auto fate = Offer();
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kPermanent);
}

TEST_F(CheckResultsTest, AMessageThatCannotBeReadFailsForGood) {
  const auto message = stage::testing::MessageOn("worker/check_results", "{\"TaskId\": 1", clock_.Now());
  const auto fate = stage::testing::Offer(stage_, message, clock_);
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kPermanent);
}

}  // namespace
}  // namespace brood::stages::check_results
