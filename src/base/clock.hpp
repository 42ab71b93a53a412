#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

namespace brood {

using Millis = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Millis>;  ///< UTC

/// The only source of time. Handed in by constructor, so that tests move it instead of sleeping.
/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
  /// Waits until `duration` has passed on this clock or stop is requested.
  virtual void WaitFor(Millis duration, std::stop_token stop) = 0;
  /// Waits until this clock shows `time` or stop is requested. Unlike WaitFor(time - Now()) it cannot miss a
  /// clock that moves in between.
  virtual void WaitUntil(Time time, std::stop_token stop) { WaitFor(time - Now(), std::move(stop)); }
};

class SystemClock final : public Clock {
 public:
  Time Now() const override;
  void WaitFor(Millis duration, std::stop_token stop) override;
};

/// Stands still until told otherwise. WaitFor returns when Advance has moved past its end.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start = Time{std::chrono::seconds{1'700'000'000}}) : now_(start) {}
  Time Now() const override;
  void WaitFor(Millis duration, std::stop_token stop) override;
  void WaitUntil(Time time, std::stop_token stop) override;
  void Advance(Millis by);

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any moved_;
  Time now_;
};

/// "2026-11-22 19:34:00", UTC: the form that reports and people use.
[[nodiscard]] std::string FormatUtc(Time time);
[[nodiscard]] constexpr std::int64_t ToMillis(Time time) { return time.time_since_epoch().count(); }
[[nodiscard]] constexpr Time FromMillis(std::int64_t millis) { return Time{Millis{millis}}; }

}  // namespace brood
