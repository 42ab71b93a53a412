#include "broker/broker.hpp"

#include <fmt/format.h>

namespace brood::broker {

std::string_view Name(Errc code) {
  switch (code) {
    case Errc::kUnknownQueue:
      return "unknown_queue";
    case Errc::kOtherShape:
      return "other_shape";
    case Errc::kTooLarge:
      return "too_large";
    case Errc::kFull:
      return "full";
    case Errc::kStale:
      return "stale";
    case Errc::kStopped:
      return "stopped";
    case Errc::kUnavailable:
      break;
  }
  return "unavailable";
}

std::string_view Name(QueueType type) { return type == QueueType::kQuorum ? "quorum" : "classic"; }

Expected<void, BrokerError> CheckOutgoing(std::span<const Outgoing> messages, std::size_t max_message) {
  for (const Outgoing& message : messages) {
    if (message.queue.empty()) {
      return Unexpected(BrokerError{Errc::kUnknownQueue, "a message names no queue", {}});
    }
    if (message.body.size() > max_message) {
      return Unexpected(BrokerError{Errc::kTooLarge,
                                    fmt::format("a message of {} bytes for {} is over the limit of {} bytes",
                                                message.body.size(), message.queue, max_message),
                                    {}});
    }
  }
  return {};
}

Expected<void, BrokerError> Broker::Declare(const QueueShape& queue) {
  if (queue.name.empty()) return Unexpected(BrokerError{Errc::kUnknownQueue, "a queue needs a name", {}});
  return DoDeclare(queue);
}

Expected<void, BrokerError> Broker::Publish(std::span<const Outgoing> messages) {
  if (auto checked = CheckOutgoing(messages, MaxMessage()); !checked) return checked;
  if (messages.empty()) return {};
  return DoPublish(messages);
}

Expected<std::unique_ptr<Source>, BrokerError> Broker::Consume(const ConsumeOptions& options) {
  if (options.queues.empty()) {
    return Unexpected(BrokerError{Errc::kUnknownQueue, "a consumer names no queue", {}});
  }
  for (const std::string& queue : options.queues) {
    if (queue.empty())
      return Unexpected(BrokerError{Errc::kUnknownQueue, "a consumer names an empty queue", {}});
  }
  return DoConsume(options);
}

}  // namespace brood::broker
