#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "broker/message.hpp"

namespace brood::broker {

enum class Errc {
  kUnknownQueue,  ///< the queue was never declared; nothing was published
  kOtherShape,    ///< the queue exists with other arguments
  kTooLarge,      ///< refused before sending; nothing was published
  kFull,          ///< the disk is full: nothing was published; goes away by itself
  kUnavailable,   ///< the broker cannot be reached or did not confirm: it may have happened, publish again
  kStale,         ///< the delivery is no longer ours: somebody else has it or will get it
  kStopped,       ///< Stop was called
};

struct BrokerError {
  Errc code = Errc::kUnavailable;
  std::string what;               ///< one sentence for people, without a secret
  std::vector<DeliveryId> stale;  ///< with kStale: which deliveries of the batch are gone
};

[[nodiscard]] std::string_view Name(Errc code);

enum class QueueType {
  kClassic,  ///< one node keeps it
  kQuorum,   ///< replicated, where the broker has several nodes
};
[[nodiscard]] std::string_view Name(QueueType type);  ///< "classic", "quorum"

struct QueueShape {
  std::string name;
  QueueType type = QueueType::kClassic;
  bool operator==(const QueueShape&) const = default;
};

struct ConsumeOptions {
  /// In order of preference: a message of an earlier queue is delivered before any of a later one.
  std::vector<std::string> queues;
  /// Never more deliveries in hand than this.
  std::size_t prefetch = 1;
};

/// Where work comes from: a queue, the watched folder, due dead letters. One holder for each delivery at a
/// time. Thread-safe. What is in hand when a Source is destroyed or its process dies goes back by itself.
class Source {
 public:
  virtual ~Source() = default;

  /// Up to `max` deliveries, waiting up to `wait` for the first; empty if none came, after Stop, or while the
  /// backend is away (the source reconnects by itself and logs it).
  [[nodiscard]] virtual std::vector<Delivery> Take(std::size_t max, Millis wait) = 0;
  /// For each settlement: publishes survive a kill before the acknowledgement does. On an error no delivery of
  /// the batch is acknowledged and all stay ours, except with kStale: those named stale are gone, nothing was
  /// lost.
  [[nodiscard]] virtual Expected<void, BrokerError> Settle(std::span<const Settlement> settlements) = 0;
  /// Unfinished: others, or we, get it again, marked seen_before, behind any backlog.
  virtual void GiveBack(std::span<const DeliveryId> deliveries) = 0;
  /// Delivers nothing more and gives back what is delivered from the backend but not taken yet. Settle goes on
  /// working.
  virtual void Stop() = 0;
};

/// What every backend refuses before anything is sent: kTooLarge, kUnknownQueue for an empty name. For a
/// Source's Settle; Broker::Publish has done it.
[[nodiscard]] Expected<void, BrokerError> CheckOutgoing(std::span<const Outgoing> messages,
                                                        std::size_t max_message);

/// Durable queues. The promises are the test names of broker/contract/. Thread-safe.
class Broker {
 public:
  static constexpr std::size_t kDefaultMaxMessage = std::size_t{64} << 20;

  virtual ~Broker() = default;

  /// Makes the queue if it is not there. Idempotent; another shape under the same name is kOtherShape.
  [[nodiscard]] Expected<void, BrokerError> Declare(const QueueShape& queue);
  /// Returns when every message is durable. On an error some may have been published: repeat all (at least
  /// once).
  [[nodiscard]] Expected<void, BrokerError> Publish(std::span<const Outgoing> messages);
  [[nodiscard]] Expected<std::unique_ptr<Source>, BrokerError> Consume(const ConsumeOptions& options);
  /// Messages waiting for a consumer; eventually right.
  [[nodiscard]] virtual Expected<std::uint64_t, BrokerError> Ready(const std::string& queue) = 0;
  /// The largest body taken, in bytes.
  [[nodiscard]] virtual std::size_t MaxMessage() const { return kDefaultMaxMessage; }

 private:
  virtual Expected<void, BrokerError> DoDeclare(const QueueShape& queue) = 0;
  virtual Expected<void, BrokerError> DoPublish(std::span<const Outgoing> messages) = 0;
  virtual Expected<std::unique_ptr<Source>, BrokerError> DoConsume(const ConsumeOptions& options) = 0;
};

}  // namespace brood::broker
