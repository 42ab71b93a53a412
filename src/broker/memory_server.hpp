#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

#include "broker/broker.hpp"

namespace brood::broker {

/// Queues in memory that several MemoryBrokers, as connections, share. Lives as long as the last of them.
/// Thread-safe.
class MemoryServer {
 public:
  using Holder = Strong<struct MemoryHolderTag, std::uint64_t>;

  Expected<void, BrokerError> Declare(const QueueShape& shape);
  Expected<void, BrokerError> Publish(std::span<const Outgoing> messages);
  Expected<std::uint64_t, BrokerError> Ready(const std::string& queue);

  Expected<Holder, BrokerError> OpenHolder(const std::vector<std::string>& queues);
  std::vector<Delivery> Take(Holder holder, const ConsumeOptions& options, std::size_t max, Millis wait);
  Expected<void, BrokerError> Settle(Holder holder, std::span<const Settlement> settlements);
  void GiveBack(Holder holder, std::span<const DeliveryId> deliveries);
  void Stop(Holder holder);
  /// The holder's connection is gone: all it holds goes back. It may go on taking.
  void Break(Holder holder);
  void Close(Holder holder);

  /// For tests: from now on every Publish, and every Settle that publishes, is answered so.
  void AnswerPublishes(Expected<void, BrokerError> answer);
  /// For tests: the next Settle of the holder loses its connection between publishing and acknowledging.
  void InterruptNextSettle(Holder holder);

 private:
  struct Queue {
    QueueShape shape;
    std::deque<Message> ready;
  };
  struct Hand {
    std::map<DeliveryId, Message> held;
    bool stopped = false;
    bool interrupt_settle = false;
  };

  Expected<void, BrokerError> Append(std::span<const Outgoing> messages);
  std::vector<Delivery> TakeReady(Hand& hand, const ConsumeOptions& options, std::size_t max);
  void Return(Message message);
  void ReturnAll(Hand& hand);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Queue> queues_;
  std::map<Holder, Hand> hands_;
  std::uint64_t last_id_ = 0;
  Expected<void, BrokerError> answer_;
};

}  // namespace brood::broker
