#include "stages/overseer/due_letters.hpp"

#include <gmock/gmock.h>

#include "stages/overseer/testing/office.hpp"

namespace brood::stages::overseer {
namespace {

using store::LetterState;
using testing::IsEmpty;
using testing::SizeIs;

class DueLettersTest : public OfficeTest {
 protected:
  DueLettersTest() : failure_(Failure(ErrorKind::kTransient)) {
    Tell(failure_);
    clock_.Advance(settings_.first_delay);
  }
  Expected<void, broker::BrokerError> Settle(DueLetters& due, const broker::Delivery& delivery) {
    const broker::Settlement settlement{delivery.id, {{delivery.message.queue, delivery.message.body, {}}}};
    return due.Settle(std::span(&settlement, 1));
  }
  std::uint64_t Ready() { return broker_.Ready("worker/check_results").value(); }

  model::FailureMessage failure_;
  DueLetters other_{store_.DeadLetters(), broker_, dumps_, clock_};
};

TEST_F(DueLettersTest, OfTwoOverseersOneGetsALetter) {
  const auto taken = due_.Take(10, Millis{0});
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_EQ(taken[0].message.queue, "worker/check_results");
  EXPECT_EQ(taken[0].message.body, failure_.msg);
  EXPECT_THAT(other_.Take(10, Millis{0}), IsEmpty());
}

TEST_F(DueLettersTest, SettlingPublishesAndNotesThatItWentBack) {
  const auto taken = due_.Take(10, Millis{0});
  EXPECT_TRUE(Settle(due_, taken.at(0)));
  EXPECT_EQ(Ready(), 1U);
  EXPECT_EQ(Letter(failure_)->state, LetterState::kSent);
  EXPECT_EQ(Letter(failure_)->attempts, 1);
  clock_.Advance(std::chrono::hours{24});
  EXPECT_THAT(due_.Take(10, Millis{0}), IsEmpty());
}

TEST_F(DueLettersTest, ALetterWhoseSenderDiedIsDueAgainAfterHalfAMinute) {
  (void)due_.Take(10, Millis{0});
  clock_.Advance(Millis{29'999});
  EXPECT_THAT(other_.Take(10, Millis{0}), IsEmpty());
  clock_.Advance(Millis{1});
  EXPECT_THAT(other_.Take(10, Millis{0}), SizeIs(1));
}

TEST_F(DueLettersTest, WhileTheBrokerIsAwayALetterStaysInHandAndIsNotTakenTwice) {
  const auto taken = due_.Take(10, Millis{0});
  server_->AnswerPublishes(Unexpected(broker::BrokerError{broker::Errc::kUnavailable, "away", {}}));
  EXPECT_FALSE(Settle(due_, taken.at(0)));
  clock_.Advance(std::chrono::minutes{1});
  EXPECT_THAT(due_.Take(10, Millis{0}), IsEmpty());
  server_->AnswerPublishes({});
  EXPECT_TRUE(Settle(due_, taken.at(0)));
  EXPECT_EQ(Letter(failure_)->state, LetterState::kSent);
}

TEST_F(DueLettersTest, WhatIsGivenBackIsDueAtOnce) {
  const auto taken = due_.Take(10, Millis{0});
  due_.GiveBack(std::vector{taken.at(0).id});
  EXPECT_THAT(other_.Take(10, Millis{0}), SizeIs(1));
}

TEST_F(DueLettersTest, ALetterWithoutAQueueToGoToStaysDelayed) {
  const auto lost = Failure(ErrorKind::kTransient, "body", "nobody/declared/this");
  Tell(lost);
  clock_.Advance(settings_.first_delay);
  for (const auto& delivery : due_.Take(10, Millis{0})) EXPECT_TRUE(Settle(due_, delivery));
  EXPECT_EQ(Letter(lost)->state, LetterState::kDelayed);
  EXPECT_EQ(Letter(failure_)->state, LetterState::kSent) << "it holds up no other";
  ASSERT_TRUE(broker_.Declare({"nobody/declared/this"}));
  clock_.Advance(std::chrono::minutes{5} - Millis{1});
  EXPECT_THAT(SendDue(), IsEmpty());
  clock_.Advance(Millis{1});
  EXPECT_THAT(SendDue(), SizeIs(1));
}

TEST_F(DueLettersTest, WhatAPersonWantsTriedAgainGoesBackAtOnceAndIsDumpedNoMore) {
  const auto dead = Failure(ErrorKind::kPermanent, "refused");
  Tell(dead);
  ASSERT_THAT(Dumps(), SizeIs(1));
  ASSERT_TRUE(desk_.Retry(Letter(dead)->key));
  (void)Settle(due_, due_.Take(1, Millis{0}).at(0));
  const auto taken = other_.Take(10, Millis{0});
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_EQ(taken[0].message.body, "refused");
  server_->AnswerPublishes(Unexpected(broker::BrokerError{broker::Errc::kUnavailable, "away", {}}));
  EXPECT_FALSE(Settle(other_, taken[0]));
  EXPECT_THAT(Dumps(), SizeIs(1)) << "the file stays until the broker has the message";
  server_->AnswerPublishes({});
  EXPECT_TRUE(Settle(other_, taken[0]));
  EXPECT_THAT(Dumps(), IsEmpty());
  EXPECT_EQ(Letter(dead)->state, LetterState::kSent);
  Tell(Failure(ErrorKind::kTransient, "refused"));
  EXPECT_EQ(Letter(dead)->attempts, 1) << "a fresh count";
}

TEST_F(DueLettersTest, ATaskThatWasLostTooOftenMayBeLostAgainWhenAPersonWantsIt) {
  (void)SendDue();
  task_.extras["lost"] = "2";
  const auto lost = Failure(ErrorKind::kTaskLost);
  Tell(lost);
  ASSERT_EQ(Letter(lost)->state, LetterState::kDead);
  ASSERT_TRUE(desk_.Retry(Letter(lost)->key));
  const auto sent = SendDue();
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_THAT(Tell(Failure(ErrorKind::kTaskLost, sent[0].body)), SizeIs(2)) << "it is fed again";
}

TEST_F(DueLettersTest, AfterAStopNothingIsTaken) {
  due_.Stop();
  EXPECT_THAT(due_.Take(10, Millis{0}), IsEmpty());
  EXPECT_THAT(other_.Take(10, Millis{0}), SizeIs(1));
}

}  // namespace
}  // namespace brood::stages::overseer
