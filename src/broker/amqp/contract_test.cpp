#include <gtest/gtest.h>

#include <set>

#include "broker/amqp/amqp_broker.hpp"
#include "broker/amqp/testing/rabbitmq.hpp"
#include "broker/contract/broker_contract.hpp"

namespace brood::broker::amqp {
namespace {

using testing::RabbitMq;

constexpr std::size_t kLarge = std::size_t{450} << 10;

/// A vhost of its own on the shared node.
class AmqpBackend : public contract::Backend {
 public:
  std::unique_ptr<Broker> Connect() override { return MakeBroker(); }
  void Break(Source& source) override { AmqpBroker::Break(source); }
  void RefuseLarge() override {
    RabbitMq::Shared().Do("refuse_large " + vhost_ + " " + std::to_string(kLarge));
  }
  void AcceptAgain() override { RabbitMq::Shared().Do("accept_again " + vhost_); }
  void InterruptNextSettle(Source& source) override { AmqpBroker::BreakInNextSettle(source); }

 protected:
  std::unique_ptr<AmqpBroker> MakeBroker() {
    return std::make_unique<AmqpBroker>(RabbitMq::Shared().SettingsFor(vhost_), registry_);
  }
  [[nodiscard]] const std::string& Vhost() const { return vhost_; }

 private:
  metrics::Registry registry_;
  const std::string vhost_ = RabbitMq::Shared().NewVhost();
};

/// What is asked for as classic is a quorum queue, and the other way round: the suite's queues are of the other
/// type. Tells `brokers` that it is there.
class OtherType final : public Broker {
 public:
  OtherType(std::unique_ptr<AmqpBroker> broker, std::set<AmqpBroker*>& brokers)
      : broker_(std::move(broker)), brokers_(brokers) {
    brokers_.insert(broker_.get());
  }
  ~OtherType() override { brokers_.erase(broker_.get()); }
  Expected<std::uint64_t, BrokerError> Ready(const std::string& queue) override {
    return broker_->Ready(queue);
  }
  std::size_t MaxMessage() const override { return broker_->MaxMessage(); }

 private:
  Expected<void, BrokerError> DoDeclare(const QueueShape& queue) override {
    const bool classic = queue.type == QueueType::kClassic;
    return broker_->Declare({queue.name, classic ? QueueType::kQuorum : QueueType::kClassic});
  }
  Expected<void, BrokerError> DoPublish(std::span<const Outgoing> messages) override {
    return broker_->Publish(messages);
  }
  Expected<std::unique_ptr<Source>, BrokerError> DoConsume(const ConsumeOptions& options) override {
    return broker_->Consume(options);
  }

  std::unique_ptr<AmqpBroker> broker_;
  std::set<AmqpBroker*>& brokers_;
};

/// The limit of a quorum queue is a soft one, which lets a first message in; so every publish is refused here,
/// by the user's rights. RabbitMQ remembers what a channel was allowed, hence the new connections.
class QuorumBackend final : public AmqpBackend {
 public:
  std::unique_ptr<Broker> Connect() override { return std::make_unique<OtherType>(MakeBroker(), brokers_); }
  void RefuseLarge() override {
    RabbitMq::Shared().Do("forbid_writing " + Vhost());
    for (AmqpBroker* broker : brokers_) broker->BreakPublishing();
  }
  void AcceptAgain() override { RabbitMq::Shared().Do("allow_all " + Vhost()); }

 private:
  std::set<AmqpBroker*> brokers_;
};

const contract::BackendKind kClassicQueues{"Classic", [] { return std::make_unique<AmqpBackend>(); }};
const contract::BackendKind kQuorumQueues{"Quorum", [] { return std::make_unique<QuorumBackend>(); }};

}  // namespace
}  // namespace brood::broker::amqp

namespace brood::broker::contract {
INSTANTIATE_TEST_SUITE_P(Backends, BrokerContract, testing::Values(amqp::kClassicQueues, amqp::kQuorumQueues),
                         NameOfKind);
}  // namespace brood::broker::contract
