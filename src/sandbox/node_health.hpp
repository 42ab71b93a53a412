#pragma once

#include <atomic>
#include <mutex>

#include "base/clock.hpp"
#include "sandbox/node_watch.hpp"
#include "sandbox/stall.hpp"

namespace brood::sandbox {

/// Did the node answer at all?
[[nodiscard]] bool Answered(Errc code);

/// How a node is, learned from every answer and failure; each change is logged once. Thread-safe.
class NodeHealth {
 public:
  NodeHealth(model::NodeUrl url, Millis stalled_after, Time now);

  void Failed(const SandboxError& error, Time now);
  void Answered(Time now);
  void Saw(const NodeStatus& status, Time now);

  [[nodiscard]] NodeWatch::Health Get() const;
  [[nodiscard]] int FailuresInARow() const { return failures_; }  ///< requests without an answer

 private:
  const model::NodeUrl url_;
  const Millis stalled_after_;
  std::atomic<int> failures_{0};
  mutable std::mutex mutex_;
  NodeWatch::Health health_;
  StallClock stall_;
};

}  // namespace brood::sandbox
