#include "sandbox/testing/fake_node.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/digest.hpp"
#include "base/file.hpp"

namespace brood::sandbox::testing {
namespace {

constexpr std::array<std::string_view, 8> kCallNames = {"submit", "find",          "list",   "view",
                                                        "report", "dropped files", "delete", "status"};

bool Before(const TaskRow& a, const TaskRow& b) {
  if (a.completed_on != b.completed_on) return a.completed_on < b.completed_on;  // none is least
  return a.id < b.id;
}

void Page(std::vector<TaskRow>& rows, const ListQuery& query) {
  rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(query.offset, rows.size())));
  if (query.limit != 0 && rows.size() > query.limit) rows.resize(query.limit);
}

}  // namespace

FakeNode::FakeNode(const Clock& clock, Dialect dialect, std::string url)
    : clock_(clock), dialect_(dialect), url_(std::move(url)) {
  status_.version = dialect == Dialect::kCuckoo1 ? "1.2" : "2.0.7";
  status_.machines_total = status_.machines_available = 1;
}

SandboxError FakeNode::Failure(Call call, Errc code) const {
  return {code, url_.Get() + ": " + std::string(kCallNames[static_cast<std::size_t>(call)]) + ": " +
                    std::string(Name(code))};
}

std::optional<SandboxError> FakeNode::Enter(Call call, const std::stop_token& stop) {
  ++calls_[call];
  if (stop.stop_requested()) return Failure(call, Errc::kStopped);
  if (const auto next = fail_next_.find(call); next != fail_next_.end() && next->second.second > 0) {
    --next->second.second;
    return Failure(call, next->second.first);
  }
  if (down_) return Failure(call, Errc::kUnreachable);
  if (!locked_) return std::nullopt;
  if (call == Call::kSubmit) return Failure(call, Errc::kBadAnswer);
  if (call == Call::kView || call == Call::kReport || call == Call::kDelete) {
    return Failure(call, Errc::kNotFound);
  }
  return std::nullopt;
}

FakeTask& FakeNode::At(model::TaskId task) { return tasks_.at(task); }

model::TaskId FakeNode::Add(FakeTask task) {
  const model::TaskId id{next_id_++};
  task.row.id = id;
  task.row.state = TaskState::kPending;
  task.row.added_on = clock_.Now();
  if (dialect_ == Dialect::kCuckoo1) task.row.owner.clear();
  tasks_[id] = std::move(task);
  return id;
}

Result<model::TaskId> FakeNode::Submit(const Upload& upload, std::stop_token stop) {
  const Lock lock(mutex_);
  if (auto error = Enter(Call::kSubmit, stop)) return Unexpected(std::move(*error));
  auto content = ReadFile(upload.file);
  if (!content) return Unexpected(SandboxError{Errc::kRefused, Describe(content.error())});
  FakeTask task;
  task.row.custom = upload.custom;
  task.row.owner = upload.owner;
  task.row.sha256 = Sha256Hex(*content);
  task.file_name = upload.file_name;
  task.options = upload.options;
  task.content = std::move(*content);
  const model::TaskId id = Add(std::move(task));
  if (std::exchange(lose_answer_, false)) return Unexpected(Failure(Call::kSubmit, Errc::kAnswerLost));
  return id;
}

Result<std::vector<TaskRow>> FakeNode::FindByMarker(const std::string& marker, const std::string& owner,
                                                    std::stop_token stop) {
  const Lock lock(mutex_);
  if (auto error = Enter(Call::kFindByMarker, stop)) return Unexpected(std::move(*error));
  std::vector<TaskRow> found;
  if (locked_) return found;
  for (const auto& [id, task] : tasks_) {
    const bool owned = dialect_ == Dialect::kCuckoo1 || task.row.owner == owner;
    if (owned && task.row.custom.ends_with(marker)) found.push_back(task.row);
  }
  return found;
}

bool FakeNode::Matches(const FakeTask& task, const ListQuery& query) const {
  if (hidden_.contains(task.row.id)) return false;
  if (query.state && task.row.state != *query.state) return false;
  if (dialect_ == Dialect::kCuckoo2 && !query.owner.empty() && task.row.owner != query.owner) return false;
  if (!query.completed_after) return true;
  // Strict against the row's fraction of a second, so the second itself matches.
  return task.row.completed_on && *task.row.completed_on > FromMillis(*query.completed_after * 1'000);
}

Result<std::vector<TaskRow>> FakeNode::List(const ListQuery& query, std::stop_token stop) {
  const Lock lock(mutex_);
  if (auto error = Enter(Call::kList, stop)) return Unexpected(std::move(*error));
  std::vector<TaskRow> rows;
  const bool paged = query.limit != 0 || query.offset != 0;
  if (locked_ || empty_lists_ || (dialect_ == Dialect::kCuckoo1 && paged)) return rows;
  for (const auto& [id, task] : tasks_) {
    if (Matches(task, query)) rows.push_back(task.row);
  }
  std::sort(rows.begin(), rows.end(), Before);
  Page(rows, query);
  return rows;
}

Result<TaskRow> FakeNode::View(model::TaskId task, std::stop_token stop) {
  const Lock lock(mutex_);
  if (auto error = Enter(Call::kView, stop)) return Unexpected(std::move(*error));
  const auto found = tasks_.find(task);
  if (found == tasks_.end()) return Unexpected(Failure(Call::kView, Errc::kNotFound));
  return found->second.row;
}

Result<void> FakeNode::Report(model::TaskId task, const ReportSink& sink, std::stop_token stop) {
  std::string bytes;
  std::optional<std::size_t> cut;
  {
    const Lock lock(mutex_);
    if (auto error = Enter(Call::kReport, stop)) return Unexpected(std::move(*error));
    const auto found = tasks_.find(task);
    if (found == tasks_.end() || !found->second.report) {
      return Unexpected(Failure(Call::kReport, Errc::kNotFound));
    }
    bytes = *found->second.report;
    cut = found->second.cut_report_at;
  }
  if (cut && *cut < bytes.size()) bytes.resize(*cut);
  // In two pieces, because readers must not count on one.
  const std::string_view whole = bytes;
  sink(whole.substr(0, whole.size() / 2));
  sink(whole.substr(whole.size() / 2));
  if (cut) return Unexpected(Failure(Call::kReport, Errc::kAnswerLost));
  return {};
}

Result<void> FakeNode::Dropped(model::TaskId task, std::uint64_t max_bytes, const ReportSink& sink,
                               std::stop_token stop) {
  std::string bytes;
  {
    const Lock lock(mutex_);
    if (auto error = Enter(Call::kDropped, stop)) return Unexpected(std::move(*error));
    const auto found = tasks_.find(task);
    if (found == tasks_.end() || !found->second.dropped) {
      return Unexpected(Failure(Call::kDropped, Errc::kNotFound));
    }
    bytes = *found->second.dropped;
  }
  const std::string_view whole = bytes;
  sink(whole.substr(0, std::min<std::uint64_t>(whole.size() / 2, max_bytes)));
  if (whole.size() > max_bytes) return Unexpected(Failure(Call::kDropped, Errc::kBadAnswer));
  sink(whole.substr(whole.size() / 2));
  return {};
}

Result<void> FakeNode::Delete(model::TaskId task, std::stop_token stop) {
  const Lock lock(mutex_);
  if (auto error = Enter(Call::kDelete, stop)) return Unexpected(std::move(*error));
  const auto found = tasks_.find(task);
  if (found == tasks_.end()) return Unexpected(Failure(Call::kDelete, Errc::kNotFound));
  if (found->second.row.state == TaskState::kRunning) {
    return Unexpected(Failure(Call::kDelete, Errc::kServerError));
  }
  tasks_.erase(found);
  deleted_.push_back(task);
  return {};
}

Result<NodeStatus> FakeNode::Status(std::stop_token stop) {
  const Lock lock(mutex_);
  if (auto error = Enter(Call::kStatus, stop)) return Unexpected(std::move(*error));
  NodeStatus status = status_;
  status.clock = std::chrono::floor<std::chrono::seconds>(clock_.Now());
  if (locked_) {
    status.machines_total = status.machines_available = 0;
    return status;
  }
  const auto count = [this](TaskState state) {
    return std::count_if(tasks_.begin(), tasks_.end(),
                         [state](const auto& entry) { return entry.second.row.state == state; });
  };
  status.pending = counts_ ? counts_->first : count(TaskState::kPending);
  status.running = counts_ ? counts_->second : count(TaskState::kRunning);
  status.completed = count(TaskState::kCompleted);
  status.reported = count(TaskState::kReported);
  return status;
}

}  // namespace brood::sandbox::testing
