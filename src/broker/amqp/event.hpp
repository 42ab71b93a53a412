#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "broker/message.hpp"

namespace brood::broker::amqp {

/// The broker's number of a delivery or of a publish, on one channel. Starts at 1.
using Tag = std::uint64_t;

struct Delivered {
  std::string consumer;
  Tag tag = 0;
  Message message;
};
struct Confirmed {
  Tag tag = 0;
  bool up_to = false;  ///< with every earlier one
};
struct Refused {  ///< basic.nack
  Tag tag = 0;
  bool up_to = false;
};
struct Returned {  ///< no queue of that name; its confirm follows
  std::string queue;
};
struct Blocked {  ///< the server takes no messages until an Unblocked
  std::string reason;
};
struct Unblocked {};

/// What the broker says of itself.
using Event = std::variant<Delivered, Confirmed, Refused, Returned, Blocked, Unblocked>;

}  // namespace brood::broker::amqp
