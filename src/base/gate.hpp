#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace brood {

/// Lets so many through at once, as servers that take few requests at a time need it. Thread-safe.
class Gate {
 public:
  explicit Gate(int places) : free_(places) {}

  /// Held while a request runs; false if stop came first.
  class Pass {
   public:
    Pass(Gate& gate, const std::stop_token& stop) : gate_(gate) {
      std::unique_lock lock(gate_.mutex_);
      entered_ = gate_.freed_.wait(lock, stop, [this] { return gate_.free_ > 0; });
      if (entered_) --gate_.free_;
    }
    ~Pass() {
      if (!entered_) return;
      const std::lock_guard lock(gate_.mutex_);
      ++gate_.free_;
      gate_.freed_.notify_one();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

    explicit operator bool() const { return entered_; }

   private:
    Gate& gate_;
    bool entered_ = false;
  };

 private:
  std::mutex mutex_;
  std::condition_variable_any freed_;
  int free_;
};

}  // namespace brood
