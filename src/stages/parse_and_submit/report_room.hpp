#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>

#include "metrics/registry.hpp"

namespace brood::stages::parse_and_submit {

/// Bounds what all workers together hold of large reports. How much a report takes is known only while it is
/// read: one that finds no room is put down, and read again when it may have as much as it needs. There is one
/// such at a time, so that all together hold `most` and a report at the utmost. Thread-safe.
class ReportRoom {
 public:
  ReportRoom(std::size_t most, metrics::Registry& metrics);

  /// What one report takes, given back at the end. Used by one thread.
  class Share {
   public:
    explicit Share(ReportRoom& room) : room_(room) {}
    ~Share() { GiveBack(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    /// The report takes so many bytes now. False: there is no room, it must be put down.
    [[nodiscard]] bool Grow(std::size_t bytes);
    /// Gives back what it has, and waits until it may have whatever it needs. False: stop came first. Nothing
    /// that others need to go on may be held meanwhile.
    [[nodiscard]] bool WaitForTurn(const std::stop_token& stop);
    void GiveBack();

   private:
    ReportRoom& room_;
    std::size_t bytes_ = 0;
  };

 private:
  void Count(std::size_t before, std::size_t now);

  const std::size_t most_;
  metrics::Gauge& held_;
  metrics::Counter& put_down_;
  std::mutex mutex_;
  std::condition_variable_any freed_;
  std::size_t bytes_ = 0;
  const Share* unbound_ = nullptr;  ///< whose turn it is
};

}  // namespace brood::stages::parse_and_submit
