#include "broker/memory_broker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/contract/broker_contract.hpp"

namespace brood::broker {
namespace {

class MemoryBackend final : public contract::Backend {
 public:
  std::unique_ptr<Broker> Connect() override {
    return std::make_unique<MemoryBroker>(server_, std::size_t{1} << 20);
  }
  void Break(Source& source) override { MemoryBroker(server_).Break(source); }
  void RefuseLarge() override {
    server_->AnswerPublishes(Unexpected(BrokerError{Errc::kFull, "no room is left", {}}));
  }
  void AcceptAgain() override { server_->AnswerPublishes({}); }
  void InterruptNextSettle(Source& source) override { MemoryBroker(server_).InterruptNextSettle(source); }

 private:
  std::shared_ptr<MemoryServer> server_ = std::make_shared<MemoryServer>();
};

const contract::BackendKind kMemory{"Memory", [] { return std::make_unique<MemoryBackend>(); }};

}  // namespace

namespace contract {
INSTANTIATE_TEST_SUITE_P(Backends, BrokerContract, testing::Values(kMemory), NameOfKind);
}  // namespace contract

namespace {

TEST(Broker, RefusesNamesThatAreEmpty) {
  MemoryBroker broker;
  EXPECT_EQ(broker.Declare({""}).error().code, Errc::kUnknownQueue);
  EXPECT_EQ(broker.Publish(std::vector<Outgoing>{{"", "x", {}}}).error().code, Errc::kUnknownQueue);
  EXPECT_EQ(broker.Consume({}).error().code, Errc::kUnknownQueue);
  EXPECT_EQ(broker.Consume({{""}, 1}).error().code, Errc::kUnknownQueue);
}

TEST(Broker, RefusesToConsumeAQueueThatIsNotThere) {
  MemoryBroker broker;
  EXPECT_EQ(broker.Consume({{"nowhere"}, 1}).error().code, Errc::kUnknownQueue);
}

TEST(Broker, PublishesNothingHappily) { EXPECT_TRUE(MemoryBroker().Publish({})); }

TEST(Broker, DeliversTheEarlierQueueFirst) {
  MemoryBroker broker;
  ASSERT_TRUE(broker.Declare({"work"}));
  ASSERT_TRUE(broker.Declare({"work/urgent"}));
  ASSERT_TRUE(
      broker.Publish(std::vector<Outgoing>{{"work", "a", {}}, {"work", "b", {}}, {"work/urgent", "c", {}}}));
  const auto source = broker.Consume({{"work/urgent", "work"}, 10}).value();
  const auto deliveries = source->Take(2, Millis{0});
  ASSERT_EQ(deliveries.size(), 2U);
  EXPECT_EQ(deliveries[0].message.body, "c");
  EXPECT_EQ(deliveries[1].message.body, "a");
}

TEST(Broker, WeighsAMessageWithItsHeaders) {
  EXPECT_EQ(WeightOf({"queue", "12345", {{"abc", "de"}}, false}), 10U);
}

}  // namespace
}  // namespace brood::broker
