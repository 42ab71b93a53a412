#include "stage/settle.hpp"

#include <algorithm>
#include <exception>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "stage/submission_json.hpp"

namespace brood::stage {
namespace {

using broker::BrokerError;
using broker::Errc;

void SetAll(std::span<Job*> jobs, Job::State state) {
  for (Job* job : jobs) job->state = state;
}

// Whether one job of a group is at fault, and not the broker's condition.
bool IsOneJobsFault(Errc code) {
  return code == Errc::kStale || code == Errc::kTooLarge || code == Errc::kUnknownQueue;
}

Error RefusalOf(const BrokerError& error) {
  if (error.code == Errc::kTooLarge) {
    return Permanent("the message it led to is too large for the broker", error.what);
  }
  return Transient("the message it led to has no queue to go to", error.what);
}

}  // namespace

Settler::Settler(std::string stage, broker::Source& source, std::size_t max_message, FailureRecorder recorder)
    : stage_(std::move(stage)),
      source_(source),
      max_message_(max_message),
      recorder_(std::move(recorder)),
      crash_before_(stage_ + ".before_settle"),
      crash_after_(stage_ + ".after_settle") {}

bool Settler::Settle(std::span<Job> jobs) const {
  std::vector<Job*> group;
  for (Job& job : jobs) {
    job.state = Job::State::kOpen;
    if (job.failure && job.publish.empty() && !MakeRecord(job)) {
      job.state = Job::State::kLater;
    } else {
      group.push_back(&job);
    }
  }
  return group.empty() || SettleGroup(group);
}

bool Settler::MakeRecord(Job& job) const {
  const std::size_t limit = job.body_is_too_large ? 0 : max_message_;
  auto record = recorder_.Make(job.message, *job.failure, limit);
  if (!record) {
    log::Warning("body of a failed message cannot be kept, tried again",
                 {{"stage", stage_}, {"queue", job.message.queue}, {"error", record.error()}});
    return false;
  }
  log::Warning("message given up", {{"stage", stage_},
                                    {"queue", job.message.queue},
                                    {"submission", SubmissionIn(job.message.body).Get()},
                                    {"error", *job.failure}});
  job.publish.push_back(std::move(*record));
  return true;
}

Expected<void, BrokerError> Settler::Call(std::span<Job*> jobs) const {
  std::vector<broker::Settlement> settlements;
  settlements.reserve(jobs.size());
  for (Job* job : jobs) settlements.push_back({job->delivery, std::move(job->publish)});
  Expected<void, BrokerError> result;
  try {
    CrashPoint("stage.before_settle");
    CrashPoint(crash_before_.c_str());
    result = source_.Settle(settlements);
    CrashPoint(crash_after_.c_str());
    CrashPoint("stage.after_settle");
  } catch (const std::exception& thrown) {
    result = Unexpected(BrokerError{Errc::kUnavailable, thrown.what()});
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i]->publish = std::move(settlements[i].publish);
  return result;
}

bool Settler::SettleGroup(std::span<Job*> jobs) const {
  const auto result = Call(jobs);
  if (result) {
    SetAll(jobs, Job::State::kSettled);
    return true;
  }
  if (!IsOneJobsFault(result.error().code)) {
    log::Warning("settling failed, tried again",
                 {{"stage", stage_}, {"messages", jobs.size()}, {"error", result.error().what}});
    SetAll(jobs, Job::State::kLater);
    return false;
  }
  if (jobs.size() == 1) {
    Refuse(*jobs.front(), result.error());
    return true;
  }
  if (!result.error().stale.empty()) return SettleWithout(result.error(), jobs);
  const auto half = jobs.size() / 2;
  if (SettleGroup(jobs.first(half))) return SettleGroup(jobs.subspan(half));
  SetAll(jobs.subspan(half), Job::State::kLater);
  return false;
}

bool Settler::SettleWithout(const BrokerError& stale, std::span<Job*> jobs) const {
  std::vector<Job*> rest;
  for (Job* job : jobs) {
    if (std::find(stale.stale.begin(), stale.stale.end(), job->delivery) == stale.stale.end()) {
      rest.push_back(job);
    } else {
      Refuse(*job, stale);
    }
  }
  // A source that names deliveries of somebody else must not make us ask for ever.
  if (rest.size() == jobs.size()) SetAll(jobs, Job::State::kLater);
  return rest.empty() || (rest.size() < jobs.size() && SettleGroup(rest));
}

void Settler::Refuse(Job& job, const BrokerError& error) const {
  if (error.code == Errc::kStale) {
    log::Debug("message is no longer ours", {{"stage", stage_}, {"queue", job.message.queue}});
    job.state = Job::State::kStale;
  } else if (!job.failure && !recorder_.HasQueue()) {
    log::Error("what a message led to is refused, tried again", {{"stage", stage_}, {"error", error.what}});
    job.state = Job::State::kLater;
  } else if (!job.failure) {
    job.failure = RefusalOf(error);
    job.publish.clear();
  } else if (error.code == Errc::kTooLarge && !job.body_is_too_large) {
    job.body_is_too_large = true;
    job.publish.clear();
  } else {
    log::Error("failure record is refused, tried again", {{"stage", stage_}, {"error", error.what}});
    job.state = Job::State::kLater;
  }
}

}  // namespace brood::stage
