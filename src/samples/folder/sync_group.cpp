#include "samples/folder/sync_group.hpp"

#include <utility>

namespace brood::samples::folder {

int SyncGroup::Sync() {
  std::unique_lock lock(mutex_);
  const auto mine = next_;
  while (!mine->over) {
    if (running_) {
      ended_.wait(lock);
    } else {
      Lead(lock);
    }
  }
  return mine->error;
}

void SyncGroup::Lead(std::unique_lock<std::mutex>& lock) {
  const auto round = std::exchange(next_, std::make_shared<Round>());
  running_ = true;
  lock.unlock();
  const int error = sync_();
  lock.lock();
  *round = {true, error};
  running_ = false;
  ended_.notify_all();
}

}  // namespace brood::samples::folder
