#include "broker/sqlite/bell.hpp"

#include <algorithm>
#include <utility>

namespace brood::broker::sqlite {

Bell::Listener::Listener(Bell& bell, std::vector<QueueId> queues) : bell_(bell), queues_(std::move(queues)) {
  const std::lock_guard lock(bell_.mutex_);
  place_ = bell_.listeners_.insert(bell_.listeners_.end(), this);
}

Bell::Listener::~Listener() {
  const std::lock_guard lock(bell_.mutex_);
  bell_.listeners_.erase(place_);
}

bool Bell::Listener::Wait(TimePoint deadline) {
  std::unique_lock lock(bell_.mutex_);
  wake_.wait_until(lock, deadline, [&] { return rung_; });
  return std::exchange(rung_, false);
}

void Bell::Ring(std::span<const QueueId> queues) {
  const std::lock_guard lock(mutex_);
  for (Listener* listener : listeners_) {
    if (std::ranges::find_first_of(listener->queues_, queues) == listener->queues_.end()) continue;
    listener->rung_ = true;
    listener->wake_.notify_one();
  }
}

void Bell::RingAll() {
  const std::lock_guard lock(mutex_);
  for (Listener* listener : listeners_) {
    listener->rung_ = true;
    listener->wake_.notify_one();
  }
}

}  // namespace brood::broker::sqlite
