#include "stages/check_results/check_results.hpp"

#include <fmt/format.h>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "model/kin.hpp"
#include "model/messages_json.hpp"
#include "model/submission.hpp"
#include "sandbox/node_directory.hpp"

namespace brood::stages::check_results {

using stage::Done;
using stage::Fail;
using stage::Fate;
using stage::Hold;

namespace {

std::string NameOf(const model::TaskMessage& task) {
  return fmt::format("task {} of {}", task.task.Get(), task.node.Get());
}

}  // namespace

std::vector<Fate> CheckResults::Handle(std::span<const broker::Message> batch, const stage::Turn& turn) {
  std::vector<Fate> fates;
  for (const broker::Message& message : batch) fates.push_back(HandleOne(message, turn));
  return fates;
}

Fate CheckResults::HandleOne(const broker::Message& message, const stage::Turn& turn) const {
  const auto task = model::TaskMessageFromJson(message.body);
  if (!task) return Fail{task.error()};
  sandbox::NodeWatch* watch = find_watch_(task->node);
  if (watch == nullptr) return Fail{sandbox::UnknownNode(task->node)};
  const std::string marker =
      task->submission.Get().empty() ? "" : model::ToText(model::Marker{task->submission, task->attempt});
  const sandbox::Sighting sighting = watch->Look(task->task, marker);
  if (model::LacksOurKeys(*task) && sighting.kind == sandbox::Sighting::Kind::kSeen)
    return Completed(*task, message, sighting.row, turn.now);
  const Judgement judgement = Judge(sighting, watch->NodeHealth(), HistoryOf(message, task->fed_at),
                                    task->timeout_s, settings_.patience, turn.now);
  if (judgement.next == Next::kWait) {
    broker::Headers headers;
    if (judgement.first_running) headers[kFirstRunning] = std::to_string(ToMillis(*judgement.first_running));
    return Hold{settings_.patience.look_every, judgement.why, std::move(headers)};
  }
  watch->Forget(task->task);
  if (judgement.next == Next::kLost) {
    return Fail{TaskLost(judgement.why, NameOf(*task))};
  }
  if (judgement.next == Next::kGoesOnAs) return GoOnAs(*task, judgement.successor, turn.now);
  CrashPoint("check_results.reported");
  return Done{{{settings_.producer_queue, message.body, {}}}};
}

/// From a Go service the message comes without our own keys. With them it waits as any other, and whatever
/// becomes of it names the submission.
Fate CheckResults::Completed(model::TaskMessage task, const broker::Message& message,
                             const sandbox::TaskRow& row, Time now) const {
  const Time seen = HistoryOf(message, {}).first_seen.value_or(now);
  if (model::Complete(task, {row.custom, row.sha256, row.timeout_s}, seen) == model::Kin::kAnother)
    return Fail{TaskLost("the task's number now belongs to another submission", NameOf(task))};
  log::Debug("a message of a Go service is completed",
             {{"submission", task.submission.Get()}, {"node", task.node.Get()}, {"task", task.task.Get()}});
  return Done{{{message.queue.empty() ? settings_.consumer_queue : message.queue, model::ToJson(task), {}}}};
}

Done CheckResults::GoOnAs(model::TaskMessage task, model::TaskId successor, Time now) const {
  log::Info("a task was rescheduled", {{"submission", task.submission.Get()},
                                       {"node", task.node.Get()},
                                       {"task", task.task.Get()},
                                       {"successor", successor.Get()}});
  task.task = successor;
  return Done{
      {{settings_.consumer_queue, model::ToJson(task), {{kRescheduled, std::to_string(ToMillis(now))}}}}};
}

}  // namespace brood::stages::check_results
