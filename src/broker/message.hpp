#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/strong.hpp"

namespace brood::broker {

/// AMQP headers of string type. Ours: "first-seen" (ms), "first-running" (ms), "rescheduled" (ms), "trace".
using Headers = std::map<std::string, std::string>;

/// A message on its way to a queue (default exchange, durable). `body` is any bytes.
struct Outgoing {
  std::string queue, body;
  Headers headers;
  bool operator==(const Outgoing&) const = default;
};

/// A message in somebody's hands.
struct Message {
  std::string queue, body;
  Headers headers;
  bool seen_before = false;  ///< an earlier holder had it and may have begun
};

/// Names a message in hand of one consumer. Meaningless to any other.
using DeliveryId = Strong<struct DeliveryIdTag, std::uint64_t>;

struct Delivery {
  DeliveryId id;
  Message message;
};

/// The end of a delivery: everything in `publish` is made durable, then the delivery is acknowledged.
struct Settlement {
  DeliveryId delivery;
  std::vector<Outgoing> publish;
};

/// What a message weighs against bounds in bytes.
[[nodiscard]] std::size_t WeightOf(const Message& message);

}  // namespace brood::broker
