#include <gmock/gmock.h>

#include "stages/feed_cuckoo/testing/feeder.hpp"

namespace brood::stages::feed_cuckoo {
namespace {

using sandbox::Errc;
using sandbox::testing::Call;
using stage::Hold;
using testing::IsEmpty;

/// A holder died after it wrote `feeding`.
using InDoubtTest = FeederTest;

TEST_F(InDoubtTest, AnUploadThatArrivedIsFoundByItsMarker) {
  PutFeeding(Sample(), a_->Url());
  a_->AddForeign("somebody else's");
  const model::TaskId task = Arrived(*a_, Sample());
  EXPECT_EQ(TaskOf(Follow(On(Sample()))).task, task);
  EXPECT_EQ(Uploads(), 1U);
}

TEST_F(InDoubtTest, AnUploadThatIsNowhereIsWaitedForLookedForTwiceAndDoneAgain) {
  PutFeeding(Sample(), a_->Url());
  const Time died = clock_.Now();
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).attempt, 1);
  EXPECT_GE(clock_.Now() - died, settings_.upload_deadline + settings_.look_again_after);
  EXPECT_GE(a_->Calls(Call::kFindByMarker), 2U);
  EXPECT_EQ(Uploads(), 1U);
  EXPECT_EQ(metrics_.Find("brood_feed_cuckoo_uploads_not_found_total"), 1);
}

TEST_F(InDoubtTest, HoweverLongAgoItWasItIsLookedForTwice) {
  PutFeeding(Sample(), a_->Url());
  clock_.Advance(std::chrono::hours{48});
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).attempt, 1);
  EXPECT_EQ(a_->Calls(Call::kFindByMarker), 2U);
}

TEST_F(InDoubtTest, AnUploadThatArrivesLateIsFoundBeforeItIsDoneAgain) {
  PutFeeding(Sample(), a_->Url());
  broker::Message message = On(Sample());
  const auto fate = Offer(message);
  ASSERT_TRUE(std::holds_alternative<Hold>(fate));
  Arrived(*a_, Sample());
  clock_.Advance(std::get<Hold>(fate).at_least);
  EXPECT_EQ(TaskOf(Follow(message)).attempt, 0);
}

TEST_F(InDoubtTest, ANodeThatIsDownIsWaitedForAndThenItsTaskIsFedElsewhereAndTheOrphanDeleted) {
  PutFeeding(Sample(), a_->Url());
  Arrived(*a_, Sample());
  a_->Down();
  const Time died = clock_.Now();
  const auto given_up = Follow(On(Sample()));
  EXPECT_GT(clock_.Now() - died, settings_.dead_after);
  const auto orphans = CleanupsOf(given_up);
  ASSERT_EQ(orphans.size(), 1U);
  EXPECT_EQ(orphans[0].node, a_->Url());
  EXPECT_EQ(orphans[0].task, model::TaskId{0});
  EXPECT_EQ(orphans[0].marker, model::ToText(model::Marker{Sample().submission, 0}));
  ASSERT_EQ(given_up.On("worker/feed_cuckoo").size(), 1U);
  const broker::Outgoing& again = given_up.published[0];
  const auto outcome = Follow(stage::testing::MessageOn(again.queue, again.body, clock_.Now(), again.headers));
  EXPECT_EQ(TaskOf(outcome).node, b_->Url());
  EXPECT_EQ(TaskOf(outcome).attempt, 1);
  EXPECT_THAT(CleanupsOf(outcome), IsEmpty());
}

TEST_F(InDoubtTest, TheOrphanIsDeletedEvenIfTheFeederDiesBeforeItCouldSaySo) {
  auto record = PutFeeding(Sample(), a_->Url());
  record.state = State::kAccepted;
  record.attempt = 1;  // written by the holder that died; its node is the one that was given up
  Put(record);
  const auto outcome = Follow(On(Sample()));
  ASSERT_EQ(CleanupsOf(outcome).size(), 1U);
  EXPECT_EQ(CleanupsOf(outcome)[0].marker, model::ToText(model::Marker{Sample().submission, 0}));
  EXPECT_EQ(outcome.On("worker/feed_cuckoo").size(), 1U);
}

TEST_F(InDoubtTest, ANodeThatComesBackInTimeKeepsItsTask) {
  PutFeeding(Sample(), a_->Url());
  const model::TaskId task = Arrived(*a_, Sample());
  a_->FailNext(Call::kFindByMarker, Errc::kServerError, 5);
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).task, task);
  EXPECT_EQ(TaskOf(outcome).attempt, 0);
}

TEST_F(InDoubtTest, ANodeThatIsDownOnlyNowIsWaitedForHoweverOldTheUploadIs) {
  PutFeeding(Sample(), a_->Url());
  Arrived(*a_, Sample());
  clock_.Advance(settings_.dead_after * 2);
  a_->FailNext(Call::kFindByMarker, Errc::kUnreachable, 3);
  EXPECT_EQ(TaskOf(Follow(On(Sample()))).attempt, 0);
}

TEST_F(InDoubtTest, ANodeThatIsNotConfiguredAnyMoreIsGivenUpWhenNoUploadCanBeUnderWay) {
  PutFeeding(Sample(), model::NodeUrl{"http://gone.test:8090"});
  const auto fate = Offer(On(Sample()));
  EXPECT_TRUE(std::holds_alternative<Hold>(fate)) << "another instance may be uploading there";
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).attempt, 1);
  EXPECT_THAT(CleanupsOf(outcome), IsEmpty()) << "nobody could delete there";
}

TEST_F(InDoubtTest, ANodeThatCannotBeSearchedIsBelievedAfterTheWaitAndCounted) {
  PutFeeding(Sample(), a_->Url());
  a_->FailNext(Call::kFindByMarker, Errc::kUnsearchable, 1'000);
  const Time died = clock_.Now();
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).attempt, 1);
  EXPECT_LT(clock_.Now() - died, settings_.dead_after);
  EXPECT_EQ(metrics_.Find("brood_feed_cuckoo_uploads_not_found_total"), 1);
}

TEST_F(InDoubtTest, OfTwinsTheOldestIsOursAndTheOtherIsDeleted) {
  PutFeeding(Sample(), a_->Url());
  const model::TaskId first = Arrived(*a_, Sample());
  const model::TaskId twin = Arrived(*a_, Sample());
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).task, first);
  const auto cleanups = CleanupsOf(outcome);
  ASSERT_EQ(cleanups.size(), 1U);
  EXPECT_EQ(cleanups[0].task, twin);
  EXPECT_EQ(metrics_.Find("brood_feed_cuckoo_twins_total"), 1);
}

TEST_F(InDoubtTest, ARecoveredTasksSuccessorIsOursAndNoTwin) {
  PutFeeding(Sample(), a_->Url());
  const model::TaskId successor = a_->Reschedule(Arrived(*a_, Sample()));
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).task, successor);
  EXPECT_THAT(CleanupsOf(outcome), IsEmpty());
}

TEST_F(InDoubtTest, ATaskOfATruncatedUploadIsDeletedAndTheSampleUploadedAgain) {
  PutFeeding(Sample(), a_->Url());
  Arrived(*a_, Sample(), "the bytes of");
  const auto given_up = Follow(On(Sample()));
  ASSERT_EQ(CleanupsOf(given_up).size(), 1U);
  EXPECT_EQ(CleanupsOf(given_up)[0].marker, model::ToText(model::Marker{Sample().submission, 0}));
  ASSERT_EQ(given_up.On("worker/feed_cuckoo").size(), 1U);
  const broker::Outgoing& again = given_up.published[0];
  const auto outcome = Follow(stage::testing::MessageOn(again.queue, again.body, clock_.Now(), again.headers));
  EXPECT_EQ(TaskOf(outcome).attempt, 1);
  EXPECT_EQ(b_->Tasks().at(0).content, "the bytes of a sample");
}

TEST_F(InDoubtTest, AWholeTaskIsKeptBesideATruncatedOne) {
  PutFeeding(Sample(), a_->Url());
  const model::TaskId truncated = Arrived(*a_, Sample(), "the by");
  const model::TaskId whole = Arrived(*a_, Sample());
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).task, whole);
  ASSERT_EQ(CleanupsOf(outcome).size(), 1U);
  EXPECT_EQ(CleanupsOf(outcome)[0].task, truncated);
}

}  // namespace
}  // namespace brood::stages::feed_cuckoo
