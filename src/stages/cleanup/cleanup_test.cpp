#include "stages/cleanup/cleanup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "model/messages_json.hpp"
#include "model/submission.hpp"
#include "sandbox/testing/fake_node.hpp"
#include "stage/testing/trial.hpp"

namespace brood::stages::cleanup {
namespace {

using sandbox::Errc;
using sandbox::TaskState;
using sandbox::testing::Call;
using stage::Done;
using stage::Fail;
using stage::Hold;
using testing::ElementsAre;
using testing::IsEmpty;

class CleanupTest : public testing::Test {
 protected:
  CleanupTest() : ours_{model::DeriveSubmissionId("a"), 0} {
    EXPECT_TRUE(WriteFileDurably(dir_ / "a", "bytes"));
  }

  model::TaskId Task(const model::Marker& marker) {
    return node_->Submit({dir_ / "a", "a", {}, model::ToText(marker), model::OwnerOf(marker.submission)}, {})
        .value();
  }
  model::TaskId Finished(const model::Marker& marker) {
    const model::TaskId task = Task(marker);
    node_->Finish(task, "{}");
    return task;
  }
  stage::Fate Offer(const model::CleanupMessage& message) {
    const auto received = stage::testing::MessageOn("worker/cleanup", model::ToJson(message), clock_.Now());
    return stage::testing::Offer(stage_, received, clock_);
  }
  stage::Fate Offer(model::TaskId task) { return Offer({task, node_->Url(), model::ToText(ours_), {}, {}}); }

  TempDir dir_;
  ManualClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<sandbox::testing::FakeNode> node_ = std::make_shared<sandbox::testing::FakeNode>(clock_);
  model::Marker ours_;
  Cleanup stage_{{},
                 [this](const model::NodeUrl& url) {
                   return url == node_->Url() ? node_ : std::shared_ptr<sandbox::testing::FakeNode>();
                 },
                 metrics_};
};

TEST_F(CleanupTest, DeletesATaskThatIsOursOnceHoweverOftenItIsTold) {
  const model::TaskId task = Finished(ours_);
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(task)));
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(task)));
  EXPECT_THAT(node_->Deleted(), ElementsAre(task));
  EXPECT_EQ(metrics_.Find("brood_cleanup_tasks_deleted_total"), 1);
}

TEST_F(CleanupTest, LeavesATaskAloneWhoseNumberIsAnothersNow) {
  const model::TaskId task = Finished({model::DeriveSubmissionId("b"), 0});
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(task)));
  const model::TaskId next_attempt = Finished({ours_.submission, 1});
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(next_attempt)));
  EXPECT_THAT(node_->Deleted(), IsEmpty());
  EXPECT_EQ(metrics_.Find("brood_cleanup_foreign_tasks_total"), 2);
}

TEST_F(CleanupTest, ATaskThatOthersFedIsDeletedWhileItHasNoMarkerAndItsSampleIsTheSame) {
  const auto fed_by_others = [this] {
    return node_->Submit({dir_ / "a", "a", {}, "their text", ""}, {}).value();
  };
  const model::SampleHash sample{Sha256Hex("bytes")}, another{Sha256Hex("other bytes")};
  const model::TaskId task = fed_by_others();
  node_->Finish(task, "{}");
  EXPECT_TRUE(std::holds_alternative<Done>(Offer({task, node_->Url(), "", another, {}})));
  EXPECT_TRUE(std::holds_alternative<Done>(Offer({Finished(ours_), node_->Url(), "", sample, {}})));
  EXPECT_THAT(node_->Deleted(), IsEmpty());
  EXPECT_EQ(metrics_.Find("brood_cleanup_foreign_tasks_total"), 2);
  EXPECT_TRUE(std::holds_alternative<Done>(Offer({task, node_->Url(), "", sample, {}})));
  EXPECT_THAT(node_->Deleted(), ElementsAre(task));
}

TEST_F(CleanupTest, ATaskThatWasSeenToBeOursAMomentAgoIsNotLookedAtAgain) {
  const auto offer = [this](model::TaskId task, Time checked) {
    return Offer({task, node_->Url(), model::ToText(ours_), {}, {}, checked});
  };
  EXPECT_TRUE(std::holds_alternative<Done>(offer(Finished(ours_), clock_.Now())));
  clock_.Advance(Millis{60'000});
  EXPECT_TRUE(std::holds_alternative<Done>(offer(Finished(ours_), clock_.Now() - Millis{60'000})));
  EXPECT_EQ(node_->Calls(Call::kView), 0U);
  EXPECT_EQ(node_->Deleted().size(), 2U);
  const model::Marker other{model::DeriveSubmissionId("b"), 0};
  for (const Time long_ago_or_to_come : {clock_.Now() - Millis{60'001}, clock_.Now() + Millis{1}, Time{}})
    EXPECT_TRUE(std::holds_alternative<Done>(offer(Finished(other), long_ago_or_to_come)));
  EXPECT_EQ(node_->Calls(Call::kView), 3U);
  EXPECT_EQ(node_->Deleted().size(), 2U) << "what is another's stays";
}

TEST_F(CleanupTest, WaitsForATaskThatRuns) {
  const model::TaskId task = Task(ours_);
  node_->SetState(task, TaskState::kRunning);
  EXPECT_TRUE(std::holds_alternative<Hold>(Offer(task)));
  node_->Finish(task, "{}");
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(task)));
  EXPECT_THAT(node_->Deleted(), ElementsAre(task));
}

TEST_F(CleanupTest, HoldsForAsLongAsTheNodeIsAway) {
  const model::TaskId task = Finished(ours_);
  node_->Down();
  for (int tries = 0; tries < 50; ++tries) {
    const auto fate = Offer(task);
    ASSERT_TRUE(std::holds_alternative<Hold>(fate));
    EXPECT_EQ(std::get<Hold>(fate).at_least, Settings{}.retry_every);
  }
  node_->Up();
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(task)));
}

TEST_F(CleanupTest, ADeletionThatTheSandboxDoesNotManageIsTriedAgain) {
  const model::TaskId task = Finished(ours_);
  node_->FailNext(Call::kDelete, Errc::kServerError);
  EXPECT_TRUE(std::holds_alternative<Hold>(Offer(task)));
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(task)));
}

TEST_F(CleanupTest, TaskZeroMeansEveryTaskWithTheMarker) {
  const model::TaskId first = Finished(ours_);
  Finished({model::DeriveSubmissionId("b"), 0});
  const model::TaskId twin = Finished(ours_);
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(model::TaskId{0})));
  EXPECT_THAT(node_->Deleted(), ElementsAre(first, twin));
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(model::TaskId{0})));
}

TEST_F(CleanupTest, TaskZeroOnANodeThatCannotBeSearchedIsOver) {
  node_->FailNext(Call::kFindByMarker, Errc::kUnsearchable);
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(model::TaskId{0})));
  node_->FailNext(Call::kFindByMarker, Errc::kServerError);
  EXPECT_TRUE(std::holds_alternative<Hold>(Offer(model::TaskId{0})));
}

TEST_F(CleanupTest, WhatNamesNothingToDeleteFailsForGood) {
  const model::CleanupMessage cases[] = {{model::TaskId{0}, node_->Url(), "", {}, {}},
                                         {model::TaskId{0}, node_->Url(), "brood:77:0", {}, {}},
                                         {model::TaskId{1}, model::NodeUrl{"http://gone.test"}, "", {}, {}}};
  for (const auto& message : cases) {
    const auto fate = Offer(message);
    ASSERT_TRUE(std::holds_alternative<Fail>(fate));
    EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kPermanent);
  }
  const auto garbled = stage::testing::MessageOn("worker/cleanup", "?", clock_.Now());
  EXPECT_TRUE(std::holds_alternative<Fail>(stage::testing::Offer(stage_, garbled, clock_)));
}

}  // namespace
}  // namespace brood::stages::cleanup
