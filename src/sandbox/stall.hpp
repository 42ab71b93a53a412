#pragma once

#include <optional>

#include "base/clock.hpp"
#include "sandbox/sandbox.hpp"

namespace brood::sandbox {

/// A node is stalled when tasks wait and none has run for long: its scheduler is dead or has no machine.
class StallClock {
 public:
  void Saw(const NodeStatus& status, Time now) {
    const bool waits_in_vain = status.pending > 0 && status.running == 0;
    if (!waits_in_vain) {
      since_.reset();
    } else if (!since_) {
      since_ = now;
    }
  }
  [[nodiscard]] bool Stalled(Time now, Millis after) const { return since_ && now - *since_ >= after; }

 private:
  std::optional<Time> since_;
};

}  // namespace brood::sandbox
