#pragma once

#include <memory>

#include "broker/amqp/settings.hpp"
#include "broker/broker.hpp"
#include "metrics/registry.hpp"

namespace brood::broker::amqp {

struct Shared;
class Publisher;
class Topology;

/// Durable queues in RabbitMQ: plain ones as the original services declare them, or quorum queues. Connects by
/// itself and again when the connection is lost; while it is away calls fail with kUnavailable within
/// `give_up_after`. What was acknowledged just before a connection is lost may come again, and what was
/// published just before may be there twice. Thread-safe; sources may outlive the broker.
class AmqpBroker final : public Broker {
 public:
  /// Does not wait for the server. Throws std::runtime_error for settings that cannot be read.
  AmqpBroker(const Settings& settings, metrics::Registry& registry);
  ~AmqpBroker() override;

  Expected<std::uint64_t, BrokerError> Ready(const std::string& queue) override;
  std::size_t MaxMessage() const override;

  /// The server does not let us in (user, password, vhost, certificate): waiting will not help.
  [[nodiscard]] bool ShutOut() const;

  /// For tests: the connection behind one of its sources is lost, now or inside its next Settle; or the one
  /// that publishes.
  static void Break(Source& source);
  static void BreakInNextSettle(Source& source);
  void BreakPublishing();

 private:
  Expected<void, BrokerError> DoDeclare(const QueueShape& queue) override;
  Expected<void, BrokerError> DoPublish(std::span<const Outgoing> messages) override;
  Expected<std::unique_ptr<Source>, BrokerError> DoConsume(const ConsumeOptions& options) override;

  std::shared_ptr<Shared> shared_;
  std::shared_ptr<Topology> topology_;
  std::shared_ptr<Publisher> publisher_;
};

}  // namespace brood::broker::amqp
