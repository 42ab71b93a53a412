#include "stage/hand.hpp"

#include <gtest/gtest.h>

#include "stage/headers.hpp"

namespace brood::stage {
namespace {

constexpr Time kNow{std::chrono::seconds{1'700'000'000}};

class HandTest : public ::testing::Test {
 protected:
  void Add(const std::string& body, bool seen_before = false, broker::Headers headers = {}) {
    hand_.Add({{broker::DeliveryId{++last_}, {"in", body, std::move(headers), seen_before}}}, kNow);
  }

  std::vector<std::string> Bodies(const Batch& batch) {
    std::vector<std::string> bodies;
    for (const auto& message : batch.messages) bodies.push_back(message.body);
    return bodies;
  }

  using Texts = std::vector<std::string>;
  Hand hand_;
  std::uint64_t last_ = 0;
};

TEST_F(HandTest, GivesBatchesInOrderOfArrival) {
  for (const char* body : {"a", "b", "c"}) Add(body);
  EXPECT_EQ(Bodies(hand_.Pick(2)), (Texts{"a", "b"}));
  EXPECT_EQ(Bodies(hand_.Pick(2)), Texts{"c"});
  EXPECT_FALSE(hand_.CanPick());
}

TEST_F(HandTest, AMessageThatWaitsComesAgainWhenItIsDueAndNotBefore) {
  Add("a");
  Batch batch = hand_.Pick(1);
  const Ticket ticket = batch.tickets[0];
  hand_.PutBack(std::move(batch));
  hand_.WaitUntil(ticket, kNow + Millis{5});
  EXPECT_EQ(hand_.NextDue(), kNow + Millis{5});
  hand_.WakeDue(kNow + Millis{4});
  EXPECT_FALSE(hand_.CanPick());
  hand_.WakeDue(kNow + Millis{5});
  EXPECT_EQ(Bodies(hand_.Pick(1)), Texts{"a"});
  EXPECT_FALSE(hand_.NextDue());
}

TEST_F(HandTest, AmongThoseDueTheFirstToArriveIsFirst) {
  for (const char* body : {"a", "b", "c"}) Add(body);
  Batch batch = hand_.Pick(2);
  const auto tickets = batch.tickets;
  hand_.PutBack(std::move(batch));
  hand_.WaitUntil(tickets[0], kNow + Millis{9});
  hand_.WaitUntil(tickets[1], kNow + Millis{3});
  hand_.WakeDue(kNow + Millis{10});
  EXPECT_EQ(Bodies(hand_.Pick(9)), (Texts{"a", "b", "c"}));
}

TEST_F(HandTest, ASuspectRunsAloneAndTheOthersWaitForIt) {
  Add("a");
  Add("suspect", true);
  Add("b");
  Batch first = hand_.Pick(8);
  EXPECT_EQ(Bodies(first), Texts{"a"});
  EXPECT_FALSE(hand_.CanPick()) << "a suspect beside a";
  hand_.PutBack(std::move(first));
  Batch second = hand_.Pick(8);
  EXPECT_EQ(Bodies(second), Texts{"suspect"});
  EXPECT_FALSE(hand_.CanPick()) << "b beside a suspect";
  hand_.PutBack(std::move(second));
  EXPECT_EQ(Bodies(hand_.Pick(8)), Texts{"b"});
}

TEST_F(HandTest, OnceThroughHandleAMessageIsNoSuspectAnyMore) {
  Add("a", true);
  Batch batch = hand_.Pick(8);
  const Ticket ticket = batch.tickets[0];
  hand_.PutBack(std::move(batch));
  hand_.Offer(ticket);
  Add("b");
  EXPECT_EQ(Bodies(hand_.Pick(8)), (Texts{"a", "b"}));
}

TEST_F(HandTest, CountsBytesUntilAMessageIsRemoved) {
  Add("12345");
  const std::size_t weight = hand_.Bytes();
  EXPECT_GE(weight, 5U);
  Batch batch = hand_.Pick(1);
  const Ticket ticket = batch.tickets[0];
  EXPECT_EQ(hand_.Bytes(), weight);
  hand_.PutBack(std::move(batch));
  (void)hand_.SendAway(ticket);
  EXPECT_EQ(hand_.Bytes(), weight);
  hand_.Remove(ticket);
  EXPECT_EQ(hand_.Bytes(), 0U);
  EXPECT_EQ(hand_.Size(), 0U);
}

TEST_F(HandTest, WhatIsAwayIsNotIdle) {
  Add("a");
  Add("b");
  EXPECT_EQ(hand_.Idle().size(), 2U);
  EXPECT_EQ(hand_.OldestIdle()->message.body, "a");
  (void)hand_.Pick(1);
  EXPECT_EQ(hand_.Idle().size(), 1U);
  EXPECT_EQ(hand_.OldestIdle()->message.body, "b");
}

TEST_F(HandTest, KeepsTheFirstSeenTimeAndSetsItWhereThereIsNone) {
  Add("a", false, {{kFirstSeen, "17"}});
  Add("b");
  const Batch batch = hand_.Pick(2);
  EXPECT_EQ(batch.messages[0].headers.at(kFirstSeen), "17");
  EXPECT_EQ(batch.messages[1].headers.at(kFirstSeen), "1700000000000");
}

TEST_F(HandTest, TheTriesOfARenewedMessageGoOn) {
  Add("a", false, {{kTries, "3"}});
  EXPECT_EQ(hand_.OldestIdle()->tries, 3);
  EXPECT_FALSE(hand_.OldestIdle()->message.headers.contains(kTries));
  Add("b", false, {{kTries, "many"}});
  EXPECT_EQ(hand_.At(hand_.Idle()[1]).tries, 0);
}

}  // namespace
}  // namespace brood::stage
