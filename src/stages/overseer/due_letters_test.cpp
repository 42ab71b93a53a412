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
  DueLetters other_{store_.DeadLetters(), broker_, clock_};
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

TEST_F(DueLettersTest, AfterAStopNothingIsTaken) {
  due_.Stop();
  EXPECT_THAT(due_.Take(10, Millis{0}), IsEmpty());
  EXPECT_THAT(other_.Take(10, Millis{0}), SizeIs(1));
}

}  // namespace
}  // namespace brood::stages::overseer
