#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "broker/contract/broker_contract.hpp"

namespace brood::broker::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

std::vector<std::string> Numbered(int count) {
  std::vector<std::string> bodies;
  for (int i = 0; i < count; ++i) bodies.push_back(std::to_string(i));
  return bodies;
}

std::vector<DeliveryId> Ids(const std::vector<Delivery>& deliveries) {
  std::vector<DeliveryId> ids;
  for (const Delivery& delivery : deliveries) ids.push_back(delivery.id);
  return ids;
}

TEST_P(BrokerContract, EachMessageHasOneLiveHolder) {
  Publish("in", Numbered(200));
  const auto other = backend_->Connect();
  std::vector<std::unique_ptr<Source>> sources;
  for (int i = 0; i < 4; ++i) sources.push_back(Consume(i % 2 == 0 ? *broker_ : *other, "in", 200));
  std::mutex mutex;
  std::multiset<std::string> taken;
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    return taken.size();
  };
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  {
    std::vector<std::jthread> threads;
    for (auto& source : sources) {
      threads.emplace_back([&] {
        while (count() < 200 && std::chrono::steady_clock::now() < deadline) {
          const auto deliveries = source->Take(7, Millis{20});
          const std::lock_guard lock(mutex);
          for (const auto& body : Bodies(deliveries)) taken.insert(body);
        }
      });
    }
  }
  // All are still held: whoever takes now gets nothing, and nobody got what another has.
  EXPECT_THAT(Consume("in")->Take(10, kSoon), IsEmpty());
  EXPECT_THAT(taken, UnorderedElementsAreArray(Numbered(200)));
}

TEST_P(BrokerContract, ADeadHoldersMessagesReturnWithoutATimer) {
  Publish("in", Numbered(3));
  const auto dying = Consume("in");
  ASSERT_EQ(TakeExactly(*dying, 3).size(), 3U);
  const auto other = backend_->Connect();
  const auto source = Consume(*other, "in");
  EXPECT_THAT(source->Take(3, kSoon), IsEmpty());
  const auto before = std::chrono::steady_clock::now();
  backend_->Break(*dying);
  EXPECT_THAT(Bodies(TakeExactly(*source, 3)), UnorderedElementsAre("0", "1", "2"));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
}

TEST_P(BrokerContract, WhatReturnsIsMarkedSeenBefore) {
  Publish("in", {"given back", "lost"});
  auto source = Consume("in");
  auto deliveries = TakeExactly(*source, 2);
  ASSERT_EQ(deliveries.size(), 2U);
  for (const Delivery& delivery : deliveries) EXPECT_FALSE(delivery.message.seen_before);
  source->GiveBack(std::vector{deliveries[0].id});
  backend_->Break(*source);
  const auto other = Consume("in");
  deliveries = TakeExactly(*other, 2);
  ASSERT_THAT(Bodies(deliveries), UnorderedElementsAre("given back", "lost"));
  for (const Delivery& delivery : deliveries)
    EXPECT_TRUE(delivery.message.seen_before) << delivery.message.body;
}

TEST_P(BrokerContract, SettlingAfterConnectionLossReportsStaleAndLosesNothing) {
  Publish("in", {"work"});
  const auto first = Consume("in");
  const auto lost = TakeExactly(*first, 1);
  ASSERT_EQ(lost.size(), 1U);
  backend_->Break(*first);
  const auto other = backend_->Connect();
  const auto second = Consume(*other, "in");
  const auto again = TakeExactly(*second, 1);
  ASSERT_EQ(again.size(), 1U);

  const auto settled = first->Settle(Acknowledge(lost));
  ASSERT_FALSE(settled);
  EXPECT_EQ(settled.error().code, Errc::kStale);
  EXPECT_THAT(settled.error().stale, ElementsAre(lost[0].id));
  // The source has a connection again, and the message is still the other's.
  Publish("in", {"next"});
  EXPECT_THAT(Bodies(TakeExactly(*first, 1)), ElementsAre("next"));
  EXPECT_TRUE(second->Settle(Acknowledge(again)));
}

TEST_P(BrokerContract, NeverMoreThanPrefetchInHand) {
  Publish("in", Numbered(10));
  const auto source = Consume("in", 3);
  const auto held = TakeExactly(*source, 3);
  ASSERT_EQ(held.size(), 3U);
  EXPECT_THAT(source->Take(10, kSoon), IsEmpty());
  ASSERT_TRUE(source->Settle(Acknowledge({held[0]})));
  EXPECT_EQ(TakeExactly(*source, 1).size(), 1U);
  EXPECT_THAT(source->Take(10, kSoon), IsEmpty());
  source->GiveBack(std::vector{held[1].id, held[2].id});
  EXPECT_EQ(TakeExactly(*source, 2).size(), 2U);
  EXPECT_THAT(source->Take(10, kSoon), IsEmpty());
}

TEST_P(BrokerContract, FirstDeliveriesKeepOrderForOnePublisherAndOneConsumer) {
  const auto bodies = Numbered(120);
  for (std::size_t i = 0; i < bodies.size(); i += 40) Publish("in", {&bodies[i], &bodies[i] + 40});
  const auto source = Consume("in", 25);
  std::vector<std::string> taken;
  while (taken.size() < bodies.size()) {
    const auto deliveries = source->Take(10, kDeadline);
    ASSERT_FALSE(deliveries.empty());
    for (const std::string& body : Bodies(deliveries)) taken.push_back(body);
    ASSERT_TRUE(source->Settle(Acknowledge(deliveries)));
  }
  EXPECT_EQ(taken, bodies);
}

TEST_P(BrokerContract, ReturnedMessagesComeAgainBehindAnyBacklog) {
  const auto bodies = Numbered(60);
  Publish("in", bodies);
  auto source = Consume("in");
  source->GiveBack(Ids(TakeExactly(*source, 3)));
  backend_->Break(*source);
  source.reset();
  EXPECT_THAT(Drain("in"), UnorderedElementsAreArray(bodies));
}

TEST_P(BrokerContract, ReadyCountIsEventuallyRight) {
  Publish("in", Numbered(5));
  EXPECT_TRUE(Eventually([&] { return ReadyNow("in") == 5; }));
  auto source = Consume("in", 2);
  const auto held = TakeExactly(*source, 2);
  ASSERT_EQ(held.size(), 2U);
  EXPECT_TRUE(Eventually([&] { return ReadyNow("in") == 3; }));
  ASSERT_TRUE(source->Settle(Acknowledge({held[0]})));
  // There is room for one more only when the acknowledgement has arrived: a connection lost before could lose
  // it.
  ASSERT_EQ(TakeExactly(*source, 1).size(), 1U);
  backend_->Break(*source);
  source.reset();
  EXPECT_TRUE(Eventually([&] { return ReadyNow("in") == 4; }));
  EXPECT_EQ(ReadyNow("out"), 0U);
  const auto unknown = broker_->Ready("nowhere");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::kUnknownQueue);
}

TEST_P(BrokerContract, StopDeliversNothingMoreAndGivesBackTheRest) {
  Publish("in", Numbered(10));
  const auto source = Consume("in", 10);
  const auto held = TakeExactly(*source, 2);
  ASSERT_EQ(held.size(), 2U);
  const auto waiting = Consume("out");
  std::jthread taking([&] { EXPECT_THAT(waiting->Take(1, Millis{600'000}), IsEmpty()); });
  waiting->Stop();
  taking.join();

  source->Stop();
  EXPECT_THAT(source->Take(10, Millis{600'000}), IsEmpty());
  const auto other = Consume("in");
  EXPECT_EQ(TakeExactly(*other, 8).size(), 8U);
  EXPECT_TRUE(source->Settle(Acknowledge({held[0]})));
  source->GiveBack(std::vector{held[1].id});
  EXPECT_THAT(Bodies(TakeExactly(*other, 1)), ElementsAre(held[1].message.body));
}

}  // namespace
}  // namespace brood::broker::contract
