#pragma once

#include <mutex>
#include <optional>
#include <stop_token>

#include "base/clock.hpp"

namespace brood::stage {

/// One thread sleeps on it, any other wakes it. A ring before the sleep is not lost.
class Alarm {
 public:
  explicit Alarm(Clock& clock) : clock_(clock) {}

  void Ring();
  /// Until the clock shows `due` (for ever without one) or somebody rings.
  void SleepUntil(std::optional<Time> due);

 private:
  Clock& clock_;
  std::mutex mutex_;
  bool rung_ = false;
  std::stop_source sleep_;
};

}  // namespace brood::stage
