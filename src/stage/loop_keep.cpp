#include <algorithm>

#include "base/log.hpp"
#include "stage/headers.hpp"
#include "stage/loop.hpp"
#include "stage/submission_json.hpp"

namespace brood::stage {
namespace {

constexpr std::size_t kMostPerSettle = 256;

}  // namespace

void Runner::Loop::KeepAll(const std::stop_token& stop) {
  for (;;) {
    Round round = Plan(stop.stop_requested());
    GiveBack(round.give_back);
    if (!round.jobs.empty()) {
      SettleOrHandOver(std::move(round.jobs));
    } else if (round.over) {
      return EndSettlers();
    } else {
      alarm_.SleepUntil(round.next);
    }
  }
}

Runner::Loop::Round Runner::Loop::Plan(bool stopping) {
  const Time now = clock_.Now();
  Round round;
  const std::lock_guard lock(mutex_);
  if (stopping) {
    WatchStop(now);
    ReleaseIdle(round);
  } else {
    hand_.WakeDue(now);
    if (hand_.CanPick()) work_.notify_all();
    RenewOld(now);
  }
  TakeDueJobs(round, now);
  MeasureHand();
  round.next = NextWake();
  round.over = closing_ && hand_.Size() == 0;
  return round;
}

void Runner::Loop::RenewOld(Time now) {
  if (settings_.renew_after <= Millis{0}) return;
  for (const Entry* oldest = hand_.OldestIdle();
       oldest != nullptr && oldest->taken + settings_.renew_after <= now; oldest = hand_.OldestIdle()) {
    Renew(oldest->ticket);
  }
}

void Runner::Loop::Renew(Ticket ticket) {
  const int tries = hand_.At(ticket).tries;
  Job& job = AddJob(ticket);
  const auto& message = job.message;
  job.renewal = true;
  job.publish.push_back(
      {message.queue.empty() ? settings_.queue : message.queue, message.body, message.headers});
  if (tries > 0) job.publish.front().headers[kTries] = std::to_string(tries);
}

void Runner::Loop::ReleaseIdle(Round& round) {
  for (const Ticket ticket : hand_.Idle()) {
    const Entry& entry = hand_.At(ticket);
    if (entry.headers_changed && settings_.renew_after > Millis{0}) {
      Renew(ticket);
    } else {
      round.give_back.push_back(entry.delivery);
      hand_.Remove(ticket);
    }
  }
}

void Runner::Loop::TakeDueJobs(Round& round, Time now) {
  if (!MaySettle() || (now < settle_not_before_ && !past_deadline_)) return;
  std::deque<Job> rest;
  for (Job& job : jobs_) {
    const bool due = past_deadline_ || job.due <= now;
    if (due && round.jobs.size() < kMostPerSettle) {
      round.jobs.push_back(std::move(job));
    } else {
      rest.push_back(std::move(job));
    }
  }
  jobs_ = std::move(rest);
  if (!round.jobs.empty()) ++settling_;
}

void Runner::Loop::WatchStop(Time now) {
  if (!stop_deadline_) stop_deadline_ = now + settings_.stop_within;
  if (past_deadline_ || now < *stop_deadline_) return;
  past_deadline_ = true;
  for (const Batch* batch : at_work_) {
    for (const auto& message : batch->messages) {
      log::Warning("stage does not heed the stop", {{"stage", name_},
                                                    {"queue", message.queue},
                                                    {"bytes", message.body.size()},
                                                    {"submission", SubmissionIn(message.body).Get()}});
    }
  }
}

std::optional<Time> Runner::Loop::NextWake() const {
  std::optional<Time> next = stop_deadline_ && !past_deadline_ ? stop_deadline_ : hand_.NextDue();
  const auto earlier = [&next](Time time) { next = next ? std::min(*next, time) : time; };
  if (const Entry* oldest = hand_.OldestIdle(); oldest != nullptr && settings_.renew_after > Millis{0}) {
    earlier(oldest->taken + settings_.renew_after);
  }
  if (!MaySettle()) return next;  // who ends a Settle rings
  for (const Job& job : jobs_) earlier(std::max(job.due, settle_not_before_));
  return next;
}

}  // namespace brood::stage
