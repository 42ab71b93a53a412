#include "stages/cleanup/cleanup.hpp"

#include <fmt/format.h>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "model/messages_json.hpp"
#include "model/submission.hpp"
#include "sandbox/node_directory.hpp"

namespace brood::stages::cleanup {
namespace {

/// For so long a task is believed to be whose it was: no sandbox is wiped and has given the same number again
/// in less. It saves a request for each task.
constexpr Millis kBelieved{60'000};

bool JustChecked(const model::CleanupMessage& message, Time now) {
  return message.checked <= now && now - message.checked <= kBelieved;
}

}  // namespace

using sandbox::Errc;
using stage::Done;
using stage::Fail;
using stage::Fate;
using stage::Hold;

Cleanup::Cleanup(Settings settings, FindNode find_node, metrics::Registry& metrics)
    : settings_(std::move(settings)),
      find_node_(std::move(find_node)),
      deleted_(metrics.GetCounter("brood_cleanup_tasks_deleted_total", "Tasks deleted in a sandbox.")),
      foreign_(metrics.GetCounter("brood_cleanup_foreign_tasks_total",
                                  "Tasks left alone because their number belongs to another submission now.")) {
}

std::vector<Fate> Cleanup::Handle(std::span<const broker::Message> batch, const stage::Turn& turn) {
  std::vector<Fate> fates;
  for (const broker::Message& message : batch) fates.push_back(HandleOne(message, turn));
  return fates;
}

Fate Cleanup::HandleOne(const broker::Message& message, const stage::Turn& turn) {
  const auto cleanup = model::CleanupMessageFromJson(message.body);
  if (!cleanup) return Fail{cleanup.error()};
  const auto node = find_node_(cleanup->node);
  if (!node) return Fail{sandbox::UnknownNode(cleanup->node)};
  if (cleanup->task == model::TaskId{0}) return DeleteByMarker(*node, *cleanup, turn.stop);
  const bool tells_nothing = cleanup->marker.empty() && cleanup->sha256.Get().empty();
  if (tells_nothing || JustChecked(*cleanup, turn.now)) return Delete(*node, cleanup->task, turn.stop);
  return DeleteIfMeant(*node, cleanup->task, *cleanup, turn.stop);
}

Fate Cleanup::DeleteByMarker(sandbox::Node& node, const model::CleanupMessage& message, std::stop_token stop) {
  const auto marker = model::MarkerFrom(message.marker);
  if (!marker) return Fail{Permanent("a cleanup without task and marker", node.Url().Get())};
  const auto rows = node.FindByMarker(message.marker, model::OwnerOf(marker->submission), stop);
  if (!rows && rows.error().code == Errc::kUnsearchable) {
    log::Warning("a task that may be left cannot be found, it stays",
                 {{"node", node.Url().Get()}, {"why", rows.error().what}});
    return Done{};
  }
  if (!rows) return Later(rows.error());
  for (const sandbox::TaskRow& row : *rows) {
    if (Fate fate = DeleteIfMeant(node, row.id, message, stop); !std::holds_alternative<Done>(fate))
      return fate;
  }
  return Done{};
}

/// Whether the row is still the task that was meant. One that others fed has no marker, but its sample.
bool Cleanup::IsMeant(const sandbox::TaskRow& row, const model::CleanupMessage& message) {
  const auto found = model::MarkerFrom(row.custom);
  if (!message.marker.empty()) return found && model::ToText(*found) == message.marker;
  return !found && (row.sha256.empty() || row.sha256 == message.sha256.Get());
}

Fate Cleanup::DeleteIfMeant(sandbox::Node& node, model::TaskId task, const model::CleanupMessage& message,
                            std::stop_token stop) {
  const auto row = node.View(task, stop);
  if (!row && row.error().code == Errc::kNotFound) return Done{};
  if (!row) return Later(row.error());
  if (!IsMeant(*row, message)) {
    foreign_.Add();
    return Done{};
  }
  if (row->state == sandbox::TaskState::kRunning) return Hold{settings_.retry_every, "the task is running", {}};
  return Delete(node, task, stop);
}

Fate Cleanup::Delete(sandbox::Node& node, model::TaskId task, const std::stop_token& stop) {
  const auto deleted = node.Delete(task, stop);
  if (!deleted && deleted.error().code != Errc::kNotFound) return Later(deleted.error());
  CrashPoint("cleanup.deleted");
  deleted_.Add();
  log::Debug("task deleted", {{"task", task.Get()}, {"node", node.Url().Get()}});
  return Done{};
}

Fate Cleanup::Later(const sandbox::SandboxError& error) const {
  log::Debug("a task cannot be deleted yet", {{"why", error.what}});
  return Hold{settings_.retry_every, error.what, {}};
}

}  // namespace brood::stages::cleanup
