#pragma once

#include <memory>

#include "broker/memory_server.hpp"

namespace brood::broker {

/// A broker without a disk, for tests and for pipelines inside one process. Several brokers on one MemoryServer
/// are several connections: what one published outlives it. Thread-safe; its sources may outlive it.
class MemoryBroker final : public Broker {
 public:
  explicit MemoryBroker(std::shared_ptr<MemoryServer> server = std::make_shared<MemoryServer>(),
                        std::size_t max_message = kDefaultMaxMessage);

  Expected<std::uint64_t, BrokerError> Ready(const std::string& queue) override;
  std::size_t MaxMessage() const override { return max_message_; }

  /// For tests: the connection behind one of this broker's sources is lost, now or inside its next Settle.
  void Break(Source& source);
  void InterruptNextSettle(Source& source);

 private:
  Expected<void, BrokerError> DoDeclare(const QueueShape& queue) override;
  Expected<void, BrokerError> DoPublish(std::span<const Outgoing> messages) override;
  Expected<std::unique_ptr<Source>, BrokerError> DoConsume(const ConsumeOptions& options) override;

  std::shared_ptr<MemoryServer> server_;
  std::size_t max_message_;
};

}  // namespace brood::broker
