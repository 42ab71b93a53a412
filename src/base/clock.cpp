#include "base/clock.hpp"

#include <fmt/chrono.h>

namespace brood {

Time SystemClock::Now() const { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

void SystemClock::WaitFor(Millis duration, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, duration, [] { return false; });
}

Time ManualClock::Now() const {
  std::lock_guard lock(mutex_);
  return now_;
}

void ManualClock::WaitFor(Millis duration, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const Time end = now_ + duration;
  moved_.wait(lock, stop, [&] { return now_ >= end; });
}

void ManualClock::WaitUntil(Time time, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, stop, [&] { return now_ >= time; });
}

void ManualClock::Advance(Millis by) {
  {
    std::lock_guard lock(mutex_);
    now_ += by;
  }
  moved_.notify_all();
}

std::string FormatUtc(Time time) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", std::chrono::floor<std::chrono::seconds>(time));
}

}  // namespace brood
