#include "feeds/schedule.hpp"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <span>
#include <utility>

#include "base/log.hpp"

namespace brood::feeds {

Schedule::Schedule(Updater& updater, Millis look_every) : updater_(updater), look_every_(look_every) {}

Schedule::~Schedule() {
  RequestStop();
  Join();
}

void Schedule::Start() {
  alive_ = true;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "feeds");
    try {
      Run(stop);
    } catch (const std::exception& bug) {
      log::Error("a service ended by a bug", {{"stage", "feeds"}, {"what", bug.what()}});
    }
    alive_ = false;
  });
}

void Schedule::RequestStop() { thread_.request_stop(); }

void Schedule::Join() {
  if (thread_.joinable()) thread_.join();
}

void Schedule::Ask(const std::vector<Source>& sources, Shrunken shrunken) {
  {
    const std::lock_guard lock(mutex_);
    for (const Source& source : sources) {
      const auto same = [&](const Wish& wish) { return wish.source == source; };
      std::erase_if(wishes_, same);  // asked twice is updated once
      wishes_.push_back({source, shrunken});
    }
  }
  asked_.notify_all();
}

void Schedule::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto due = updater_.Due();
    (void)updater_.Update(due, Shrunken::kRefused, stop);
    for (const Wish& wish : WaitForWishes(stop))
      (void)updater_.Update(std::span(&wish.source, 1), wish.shrunken, stop);
  }
}

std::vector<Schedule::Wish> Schedule::WaitForWishes(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  asked_.wait_for(lock, stop, look_every_, [this] { return !wishes_.empty(); });
  return std::exchange(wishes_, {});
}

}  // namespace brood::feeds
