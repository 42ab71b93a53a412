#include <gmock/gmock.h>

#include "broker/contract/broker_contract.hpp"

namespace brood::broker::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

TEST_P(BrokerContract, PublishReturnsOnlyWhenConfirmed) {
  backend_->RefuseLarge();
  const std::vector<Outgoing> refused{{"in", large_, {}}};
  EXPECT_FALSE(broker_->Publish(refused));
  backend_->AcceptAgain();
  Publish("in", {"confirmed"});
  // Somebody else has it although this connection goes away at once.
  broker_ = backend_->Connect();
  EXPECT_THAT(Drain("in"), ElementsAre("confirmed"));
}

TEST_P(BrokerContract, ConfirmedMessagesSurviveReconnect) {
  std::vector<std::string> bodies;
  for (int i = 0; i < 50; ++i) bodies.push_back("message " + std::to_string(i));
  Publish("in", bodies);
  broker_.reset();
  broker_ = backend_->Connect();
  const auto source = Consume("in");
  const auto deliveries = TakeExactly(*source, 50);
  EXPECT_THAT(Bodies(deliveries), UnorderedElementsAreArray(bodies));
  for (const Delivery& delivery : deliveries) EXPECT_FALSE(delivery.message.seen_before);
}

TEST_P(BrokerContract, SettlePublishesBeforeItAcknowledges) {
  Publish("in", {"work"});
  auto source = Consume("in");
  const auto deliveries = TakeExactly(*source, 1);
  ASSERT_EQ(deliveries.size(), 1U);
  backend_->InterruptNextSettle(*source);
  const std::vector<Settlement> settlements{{deliveries[0].id, {{"out", large_, {}}}}};
  EXPECT_FALSE(source->Settle(settlements));
  backend_->AcceptAgain();
  source.reset();
  // Never neither. The work was not acknowledged, so it must come again, whatever became of its product.
  EXPECT_THAT(Drain("in"), ElementsAre("work"));
}

TEST_P(BrokerContract, AFailedSettleLeavesTheDeliveryOurs) {
  Publish("in", {"work"});
  auto source = Consume("in");
  const auto deliveries = TakeExactly(*source, 1);
  ASSERT_EQ(deliveries.size(), 1U);
  const std::vector<Settlement> settlements{{deliveries[0].id, {{"out", large_, {}}}}};
  backend_->RefuseLarge();
  const auto failed = source->Settle(settlements);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().code, Errc::kStale);
  EXPECT_FALSE(failed.error().what.empty());
  EXPECT_THAT(Drain("in"), IsEmpty()) << "somebody else got what is ours";
  backend_->AcceptAgain();
  const auto settled = source->Settle(settlements);
  EXPECT_TRUE(settled) << settled.error().what;
  source.reset();
  EXPECT_THAT(Drain("out"), ElementsAre(large_));
  EXPECT_THAT(Drain("in"), IsEmpty());
}

TEST_P(BrokerContract, BodyBytesAndHeadersArriveExactly) {
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes += static_cast<char>(i);
  std::string big;
  for (std::uint32_t state = 1; big.size() < (std::size_t{600} << 10);) {
    big += static_cast<char>((state = state * 1'664'525U + 1'013'904'223U) >> 24);
  }
  const std::vector<Outgoing> sent{
      {"in", "", {}},
      {"in", all_bytes, {{"first-seen", "1700000000000"}}},
      {"in", big, {{"a", ""}, {"b", "5:a1:b=\n\t"}, {"c", "grün"}, {"d", all_bytes.substr(1)}}}};
  ASSERT_TRUE(broker_->Publish(sent));
  const auto source = Consume("in");
  const auto deliveries = TakeExactly(*source, sent.size());
  ASSERT_EQ(deliveries.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(deliveries[i].message.queue, "in");
    EXPECT_TRUE(deliveries[i].message.body == sent[i].body) << "body " << i << " differs";
    EXPECT_EQ(deliveries[i].message.headers, sent[i].headers);
  }
}

TEST_P(BrokerContract, PublishToAnUnknownQueueFailsAndAcknowledgesNothing) {
  const std::vector<Outgoing> astray{{"nowhere", "x", {}}};
  const auto published = broker_->Publish(astray);
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, Errc::kUnknownQueue);
  EXPECT_NE(published.error().what.find("nowhere"), std::string::npos);

  Publish("in", {"work"});
  const auto source = Consume("in");
  const auto deliveries = TakeExactly(*source, 1);
  ASSERT_EQ(deliveries.size(), 1U);
  const std::vector<Settlement> settlements{{deliveries[0].id, astray}};
  const auto settled = source->Settle(settlements);
  ASSERT_FALSE(settled);
  EXPECT_EQ(settled.error().code, Errc::kUnknownQueue);
  EXPECT_TRUE(source->Settle(Acknowledge(deliveries))) << "it was ours no longer";
}

TEST_P(BrokerContract, DeclareIsIdempotentAndRefusesAnotherShape) {
  Publish("in", {"kept"});
  EXPECT_TRUE(broker_->Declare({"in"}));
  const auto other = broker_->Declare({"in", QueueType::kQuorum});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::kOtherShape);
  EXPECT_NE(other.error().what.find("in"), std::string::npos);
  EXPECT_TRUE(backend_->Connect()->Declare({"in"}));
  EXPECT_THAT(Drain("in"), ElementsAre("kept"));
}

TEST_P(BrokerContract, AMessageOverTheLimitIsRefusedBeforeSending) {
  const std::string most(broker_->MaxMessage(), 'x');
  const std::string over = most + "x";
  const std::vector<Outgoing> batch{{"in", "small", {}}, {"in", over, {}}};
  const auto published = broker_->Publish(batch);
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, Errc::kTooLarge);
  EXPECT_THAT(Drain("in"), IsEmpty()) << "a part of the batch was sent";

  Publish("in", {most});
  const auto source = Consume("in");
  const auto deliveries = TakeExactly(*source, 1);
  ASSERT_EQ(deliveries.size(), 1U);
  EXPECT_EQ(deliveries[0].message.body.size(), most.size());
  const std::vector<Settlement> settlements{{deliveries[0].id, {{"out", over, {}}}}};
  const auto settled = source->Settle(settlements);
  ASSERT_FALSE(settled);
  EXPECT_EQ(settled.error().code, Errc::kTooLarge);
  EXPECT_TRUE(source->Settle(Acknowledge(deliveries))) << "it was ours no longer";
}

}  // namespace
}  // namespace brood::broker::contract
