#include "stage/alarm.hpp"

#include <utility>

namespace brood::stage {
namespace {

constexpr std::chrono::hours kForEver{24};  // the sleeper then looks once and sleeps on

}  // namespace

void Alarm::Ring() {
  std::stop_source sleep{std::nostopstate};
  {
    const std::lock_guard lock(mutex_);
    if (rung_) return;
    rung_ = true;
    sleep = sleep_;
  }
  sleep.request_stop();
}

void Alarm::SleepUntil(std::optional<Time> due) {
  std::stop_token wake;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(rung_, false)) return;
    sleep_ = std::stop_source{};
    wake = sleep_.get_token();
  }
  clock_.WaitUntil(due.value_or(clock_.Now() + kForEver), wake);
  const std::lock_guard lock(mutex_);
  rung_ = false;
}

}  // namespace brood::stage
