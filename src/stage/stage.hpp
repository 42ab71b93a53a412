#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "broker/message.hpp"

namespace brood::stage {

/// Finished: what it leads to is made durable, then the message is acknowledged, in one Settle.
struct Done {
  std::vector<broker::Outgoing> publish;
};

/// Waiting by nature: stays ours, in order, is offered again after `at_least`. It is no try.
/// `headers` are merged into the message's own and survive a renewal.
struct Hold {
  Millis at_least{0};
  std::string why;
  broker::Headers headers;
};

/// A port is down: the runner backs off and offers it again; Fail after max_tries.
struct Retry {
  Error why;
};

/// Given up: a failure record goes to the failed queue, then the message is acknowledged.
struct Fail {
  Error why;
};

using Fate = std::variant<Done, Hold, Retry, Fail>;

struct Turn {
  Time now;
  std::stop_token stop;
};

/// A stage only decides its messages' fates. Its side effects go through ports, each keyed so that doing it
/// again is harmless. Handle may block on ports and returns within 5 s of a requested stop. It is called by
/// several workers at once; it may throw (a bug), then a batch is redone one by one and a single message fails.
class Stage {
 public:
  virtual ~Stage() = default;
  /// The seeds' name, "feed_cuckoo"; `Service` of failure records.
  [[nodiscard]] virtual std::string Name() const = 0;
  /// One fate for each message, in order. The batch has size 1 unless the runner was told otherwise.
  [[nodiscard]] virtual std::vector<Fate> Handle(std::span<const broker::Message> batch, const Turn& turn) = 0;
};

}  // namespace brood::stage
