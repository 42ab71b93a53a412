#pragma once

#include <memory>

#include "broker/broker.hpp"
#include "sqlite/writer.hpp"

namespace brood::broker::sqlite {

class Hub;
class Watch;

/// Durable queues in a SQLite file that any number of processes share. What is published and acknowledged in
/// one Settle is one transaction, so here nothing happens twice. A consumer's death, kill -9 included, is
/// noticed by the others within 50 ms. Thread-safe. `writer` must outlive the broker and its sources; sources
/// may outlive the broker, but hear of other processes' work only while it lives.
class SqliteBroker final : public Broker {
 public:
  /// Makes the tables if need be. Throws std::runtime_error naming the file.
  explicit SqliteBroker(brood::sqlite::Writer& writer, std::size_t max_message = kDefaultMaxMessage);
  ~SqliteBroker() override;

  Expected<std::uint64_t, BrokerError> Ready(const std::string& queue) override;
  std::size_t MaxMessage() const override;

  /// For tests: the lock of one of its sources is let go, as if its process had been killed.
  static void LetGo(Source& source);

 private:
  Expected<void, BrokerError> DoDeclare(const QueueShape& queue) override;
  Expected<void, BrokerError> DoPublish(std::span<const Outgoing> messages) override;
  Expected<std::unique_ptr<Source>, BrokerError> DoConsume(const ConsumeOptions& options) override;

  std::shared_ptr<Hub> hub_;
  std::unique_ptr<Watch> watch_;
};

}  // namespace brood::broker::sqlite
