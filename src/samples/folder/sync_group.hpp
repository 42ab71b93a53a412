#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace brood::samples::folder {

/// Shares one costly sync among all threads that want one at the same time. Thread-safe.
class SyncGroup {
 public:
  /// `sync` makes everything written before its call durable and gives 0 or an errno. Called by one thread at a
  /// time.
  explicit SyncGroup(std::function<int()> sync) : sync_(std::move(sync)) {}

  /// Returns when a sync that began after this call has ended: 0, or its errno.
  [[nodiscard]] int Sync();

 private:
  struct Round {
    bool over = false;
    int error = 0;
  };
  void Lead(std::unique_lock<std::mutex>& lock);

  std::function<int()> sync_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::shared_ptr<Round> next_ = std::make_shared<Round>();  // not begun yet
  bool running_ = false;
};

}  // namespace brood::samples::folder
