#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <span>
#include <vector>

#include "broker/sqlite/tables.hpp"

namespace brood::broker::sqlite {

/// Wakes those who wait for a message. Thread-safe.
class Bell {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// One who waits, for messages of some queues, as long as it lives. Listen first, then look, then wait: what
  /// is published after the look rings.
  class Listener {
   public:
    Listener(Bell& bell, std::vector<QueueId> queues);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// True at once if it rang since the last Wait, or when it rings; false when the deadline has passed.
    [[nodiscard]] bool Wait(TimePoint deadline);

   private:
    friend class Bell;
    Bell& bell_;
    const std::vector<QueueId> queues_;
    std::condition_variable wake_;
    bool rung_ = false;
    std::list<Listener*>::iterator place_;
  };

  void Ring(std::span<const QueueId> queues);
  void RingAll();

 private:
  std::mutex mutex_;
  std::list<Listener*> listeners_;
};

}  // namespace brood::broker::sqlite
