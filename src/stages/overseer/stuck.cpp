#include "stages/overseer/stuck.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "model/messages.hpp"
#include "model/messages_json.hpp"
#include "stages/overseer/refeed.hpp"

namespace brood::stages::overseer {
namespace {

using model::State;

constexpr std::size_t kAtOnce = 500;

broker::Outgoing FeedAgain(const model::Submission& record, const std::string& queue) {
  return {queue, model::ToJson(FeedMessageOf(record)), {}};
}

broker::Outgoing CheckAgain(const model::Submission& record, const std::string& queue) {
  model::TaskMessage task;
  task.task = record.task;
  task.node = record.node;
  task.crits.analysis_id = record.id.Get();
  task.sha256 = record.sha256;
  task.submission = record.id;
  task.attempt = record.attempt;
  task.fed_at = record.changed;
  return {queue, model::ToJson(task), {}};
}

broker::Outgoing ScoreAgain(const std::string& report, const model::SubmissionId& submission,
                            const model::Run& run, const std::string& queue) {
  model::StoredMessage stored;
  stored.report_id = report;
  stored.submission = submission;
  stored.run = model::ToText(run);
  return {queue, model::ToJson(stored), {}};
}

}  // namespace

std::optional<broker::Outgoing> MessageFor(const model::Submission& record, const StuckSettings& settings) {
  switch (record.state) {
    case State::kAccepted:
    case State::kFeeding:
      return FeedAgain(record, settings.feed_queue);
    case State::kFed:
      return CheckAgain(record, settings.check_queue);
    case State::kStored:
      return ScoreAgain(record.sha256.Get(), record.id, record.run, settings.blacklist_queue);
    case State::kFailed:
    case State::kScored:
      break;
  }
  return std::nullopt;
}

std::vector<broker::Delivery> StuckSubmissions::Take(std::size_t max, Millis wait) {
  const Time until = clock_.Now() + wait;
  for (;;) {
    if (stop_.stop_requested()) return {};
    {
      const std::lock_guard lock(mutex_);
      // The first sweep waits a whole turn: what was in flight at a restart is on its way by itself.
      if (!next_sweep_) next_sweep_ = clock_.Now() + settings_.sweep_every;
      if (ready_.empty() && clock_.Now() >= *next_sweep_) Sweep();
      const auto count = static_cast<std::ptrdiff_t>(std::min(max, ready_.size()));
      std::vector<broker::Delivery> taken(ready_.begin(), ready_.begin() + count);
      ready_.erase(ready_.begin(), ready_.begin() + count);
      if (!taken.empty() || clock_.Now() >= until) return taken;
    }
    clock_.WaitUntil(until, stop_.get_token());
  }
}

void StuckSubmissions::Sweep() {
  const Time now = clock_.Now();
  next_sweep_ = now + settings_.sweep_every;
  std::erase_if(offered_, [&](const auto& entry) { return now - entry.second > settings_.stuck_after; });
  SweepState(State::kAccepted, settings_.feed_queue);
  SweepState(State::kFeeding, settings_.feed_queue);
  SweepState(State::kFed, settings_.check_queue);
  SweepState(State::kStored, settings_.blacklist_queue);
  SweepReports();
}

void StuckSubmissions::SweepState(State state, const std::string& queue) {
  if (queue.empty() || !QueueIsEmpty(queue)) return;
  store::SubmissionFilter filter;
  filter.state = state;
  filter.changed_before = clock_.Now() - settings_.stuck_after;
  const auto stuck = submissions_.List(filter, {kAtOnce, ""});
  if (!stuck) {
    log::Warning("stuck submissions cannot be looked for", {{"why", stuck.error().what}});
    return;
  }
  for (const model::Submission& record : stuck->items) {
    if (auto message = MessageFor(record, settings_)) Offer(record.id.Get(), std::move(*message));
  }
}

void StuckSubmissions::SweepReports() {
  if (!QueueIsEmpty(settings_.blacklist_queue)) return;
  const auto reports = reports_.Unprocessed(clock_.Now() - settings_.unprocessed_after, kAtOnce);
  if (!reports) return;
  for (const store::StoredReport& report : *reports) {
    Offer("report " + report.id,
          ScoreAgain(report.id, report.submission, report.run, settings_.blacklist_queue));
  }
}

void StuckSubmissions::Offer(const std::string& name, broker::Outgoing message) {
  if (!offered_.emplace(name, clock_.Now()).second) return;
  log::Warning("work that was stuck is published again", {{"what", name}, {"queue", message.queue}});
  ready_.push_back({broker::DeliveryId{next_id_++}, {message.queue, std::move(message.body), {}, false}});
}

bool StuckSubmissions::QueueIsEmpty(const std::string& queue) {
  const auto ready = broker_.Ready(queue);
  return ready && *ready == 0;
}

Expected<void, broker::BrokerError> StuckSubmissions::Settle(std::span<const broker::Settlement> settlements) {
  std::vector<broker::Outgoing> all;
  for (const broker::Settlement& settlement : settlements) {
    all.insert(all.end(), settlement.publish.begin(), settlement.publish.end());
  }
  if (all.empty()) return {};
  return broker_.Publish(all);
}

}  // namespace brood::stages::overseer
