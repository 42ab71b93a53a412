#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "broker/amqp/amqp_broker.hpp"
#include "broker/amqp/testing/rabbitmq.hpp"

namespace brood::broker::amqp::testing {

/// A vhost of its own on the shared node, and what tests do with brokers.
class AmqpTest : public ::testing::Test {
 protected:
  static constexpr Millis kDeadline{30'000};

  std::unique_ptr<AmqpBroker> Connect() { return std::make_unique<AmqpBroker>(settings_, registry_); }

  static std::vector<Outgoing> Numbered(const std::string& queue, int from, int to) {
    std::vector<Outgoing> messages;
    for (int i = from; i < to; ++i) messages.push_back({queue, std::to_string(i), {}});
    return messages;
  }

  /// Takes what comes within a moment, adds it to `bodies` and acknowledges it.
  static void TakeSome(Source& source, std::set<std::string>& bodies) {
    std::vector<Settlement> settlements;
    for (const Delivery& delivery : source.Take(100, Millis{200})) {
      bodies.insert(delivery.message.body);
      settlements.push_back({delivery.id, {}});
    }
    (void)source.Settle(settlements);
  }

  /// Does so until `count` different bodies have come; those that came by the deadline.
  static std::set<std::string> Drain(Source& source, std::size_t count) {
    std::set<std::string> bodies;
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (bodies.size() < count && std::chrono::steady_clock::now() < deadline) TakeSome(source, bodies);
    return bodies;
  }

  double Counted(const std::string& name) const { return registry_.Find("brood_broker_" + name).value_or(-1); }

  metrics::Registry registry_;
  RabbitMq& rabbit_ = RabbitMq::Shared();
  const std::string vhost_ = rabbit_.NewVhost();
  Settings settings_ = rabbit_.SettingsFor(vhost_);
};

}  // namespace brood::broker::amqp::testing
