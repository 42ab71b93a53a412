#include <algorithm>

#include "stage/loop.hpp"

namespace brood::stage {

/// With one Settle at a time the keeper does it: nothing is handed from thread to thread.
std::size_t Runner::Loop::SettlersToStart() const {
  return settings_.settles_at_once > 1 ? settings_.settles_at_once : 0;
}

bool Runner::Loop::MaySettle() const { return settling_ < std::max<std::size_t>(settings_.settles_at_once, 1); }

void Runner::Loop::SettleOrHandOver(std::vector<Job> jobs) {
  if (SettlersToStart() == 0) return Settle(std::move(jobs));
  const std::lock_guard lock(mutex_);
  groups_.push_back(std::move(jobs));
  group_.notify_one();
}

void Runner::Loop::SettleAll() {
  while (auto group = NextGroup()) {
    Settle(std::move(*group));
    alarm_.Ring();
  }
}

std::optional<std::vector<Job>> Runner::Loop::NextGroup() {
  std::unique_lock lock(mutex_);
  group_.wait(lock, [this] { return keeper_over_ || !groups_.empty(); });
  if (groups_.empty()) return std::nullopt;
  auto group = std::move(groups_.front());
  groups_.pop_front();
  return group;
}

void Runner::Loop::EndSettlers() {
  const std::lock_guard lock(mutex_);
  keeper_over_ = true;
  group_.notify_all();
}

void Runner::Loop::Settle(std::vector<Job> jobs) {
  const bool away = !settler_.Settle(jobs);
  GiveBack(Finish(std::move(jobs), away));
}

std::vector<broker::DeliveryId> Runner::Loop::Finish(std::vector<Job> jobs, bool away) {
  const Time now = clock_.Now();
  std::vector<broker::DeliveryId> give_back;
  const std::lock_guard lock(mutex_);
  --settling_;
  away_ = away ? away_ + 1 : 0;
  settle_not_before_ = away ? now + settings_.settle.After(away_) : now;
  for (Job& job : jobs) {
    const bool over = job.state == Job::State::kSettled || job.state == Job::State::kStale;
    if (!over && !past_deadline_) {
      PutOff(std::move(job), now);
      continue;
    }
    if (job.state == Job::State::kSettled && job.renewal) metrics_.renewals.Add();
    if (job.state == Job::State::kStale) metrics_.stale.Add();
    if (!over) give_back.push_back(job.delivery);
    hand_.Remove(job.ticket);
  }
  MeasureHand();
  room_.notify_one();
  return give_back;
}

void Runner::Loop::PutOff(Job job, Time now) {
  if (job.state == Job::State::kLater) {
    metrics_.settle_retries.Add();
    job.due = now + settings_.settle.After(++job.failures);
  }
  jobs_.push_back(std::move(job));
}

}  // namespace brood::stage
