#include "stages/check_results/check_results.hpp"

#include <fmt/format.h>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "model/messages_json.hpp"
#include "model/submission.hpp"
#include "sandbox/node_directory.hpp"

namespace brood::stages::check_results {

using stage::Done;
using stage::Fail;
using stage::Fate;
using stage::Hold;

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
  const Judgement judgement = Judge(sighting, watch->NodeHealth(), HistoryOf(message, task->fed_at),
                                    task->timeout_s, settings_.patience, turn.now);
  if (judgement.next == Next::kWait) {
    broker::Headers headers;
    if (judgement.first_running) headers[kFirstRunning] = std::to_string(ToMillis(*judgement.first_running));
    return Hold{settings_.patience.look_every, judgement.why, std::move(headers)};
  }
  watch->Forget(task->task);
  if (judgement.next == Next::kLost) {
    return Fail{TaskLost(judgement.why, fmt::format("task {} of {}", task->task.Get(), task->node.Get()))};
  }
  if (judgement.next == Next::kGoesOnAs) return GoOnAs(*task, judgement.successor, turn.now);
  CrashPoint("check_results.reported");
  return Done{{{settings_.producer_queue, message.body, {}}}};
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
