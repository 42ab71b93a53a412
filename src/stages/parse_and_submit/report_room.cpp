#include "stages/parse_and_submit/report_room.hpp"

namespace brood::stages::parse_and_submit {

ReportRoom::ReportRoom(std::size_t most, metrics::Registry& metrics)
    : most_(most),
      held_(metrics.GetGauge("brood_parse_and_submit_held_bytes", "Memory that large reports in hand take.")),
      put_down_(metrics.GetCounter("brood_parse_and_submit_put_down_total",
                                   "Reports put down for want of memory, and read again.")) {}

/// Under the lock.
void ReportRoom::Count(std::size_t before, std::size_t now) {
  bytes_ = bytes_ - before + now;
  held_.Set(static_cast<double>(bytes_));
}

bool ReportRoom::Share::Grow(std::size_t bytes) {
  const std::lock_guard lock(room_.mutex_);
  const std::size_t together = room_.bytes_ - bytes_ + bytes;
  if (together > room_.most_ && room_.unbound_ == nullptr) room_.unbound_ = this;
  if (together > room_.most_ && room_.unbound_ != this) return false;
  room_.Count(bytes_, bytes);
  bytes_ = bytes;
  return true;
}

bool ReportRoom::Share::WaitForTurn(const std::stop_token& stop) {
  GiveBack();
  room_.put_down_.Add();
  std::unique_lock lock(room_.mutex_);
  if (!room_.freed_.wait(lock, stop, [this] { return room_.unbound_ == nullptr; })) return false;
  room_.unbound_ = this;
  return true;
}

void ReportRoom::Share::GiveBack() {
  const std::lock_guard lock(room_.mutex_);
  room_.Count(bytes_, 0);
  bytes_ = 0;
  if (room_.unbound_ != this) return;
  room_.unbound_ = nullptr;
  room_.freed_.notify_one();
}

}  // namespace brood::stages::parse_and_submit
