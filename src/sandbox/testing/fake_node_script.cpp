#include <algorithm>
#include <iterator>

#include "sandbox/testing/fake_node.hpp"

namespace brood::sandbox::testing {
namespace {

bool IsOpen(TaskState state) {
  return state == TaskState::kPending || state == TaskState::kRunning || state == TaskState::kCompleted;
}

}  // namespace

void FakeNode::FailNext(Call call, Errc code, int times) {
  const Lock lock(mutex_);
  fail_next_[call] = {code, times};
}

void FakeNode::Down() {
  const Lock lock(mutex_);
  down_ = true;
}

void FakeNode::Up() {
  const Lock lock(mutex_);
  down_ = false;
}

void FakeNode::LoseNextSubmitAnswer() {
  const Lock lock(mutex_);
  lose_answer_ = true;
}

void FakeNode::LockDatabase() {
  const Lock lock(mutex_);
  locked_ = true;
}

void FakeNode::UnlockDatabase() {
  const Lock lock(mutex_);
  locked_ = false;
}

void FakeNode::Move(FakeTask& task, TaskState state) {
  task.row.state = state;
  if (state == TaskState::kRunning) task.row.started_on = clock_.Now();
  const bool completes = state == TaskState::kCompleted || state == TaskState::kReported;
  if (completes && !task.row.completed_on) task.row.completed_on = clock_.Now();
}

void FakeNode::SetState(model::TaskId task, TaskState state) {
  const Lock lock(mutex_);
  Move(At(task), state);
}

void FakeNode::Finish(model::TaskId task, std::string report) {
  const Lock lock(mutex_);
  At(task).report = std::move(report);
  Move(At(task), TaskState::kReported);
}

void FakeNode::FinishAll(const std::string& report) {
  const Lock lock(mutex_);
  for (auto& [id, task] : tasks_) {
    if (!IsOpen(task.row.state)) continue;
    task.report = report;
    Move(task, TaskState::kReported);
  }
}

void FakeNode::Drop(model::TaskId task, std::string archive) {
  const Lock lock(mutex_);
  At(task).dropped = std::move(archive);
}

void FakeNode::CutReport(model::TaskId task, std::size_t after) {
  const Lock lock(mutex_);
  At(task).cut_report_at = after;
}

model::TaskId FakeNode::Reschedule(model::TaskId task) {
  const Lock lock(mutex_);
  FakeTask& old = At(task);
  FakeTask successor = old;
  successor.row.started_on = successor.row.completed_on = std::nullopt;
  successor.report.reset();
  old.row.state = TaskState::kRecovered;
  return Add(std::move(successor));
}

void FakeNode::Erase(model::TaskId task) {
  const Lock lock(mutex_);
  tasks_.erase(task);
}

void FakeNode::Wipe() {
  const Lock lock(mutex_);
  tasks_.clear();
  hidden_.clear();
  next_id_ = 1;
}

model::TaskId FakeNode::AddForeign(std::string custom) {
  const Lock lock(mutex_);
  FakeTask task;
  task.row.custom = std::move(custom);
  return Add(std::move(task));
}

void FakeNode::HideFromLists(model::TaskId task) {
  const Lock lock(mutex_);
  hidden_.insert(task);
}

void FakeNode::EmptyLists() {
  const Lock lock(mutex_);
  empty_lists_ = true;
}

void FakeNode::SetMachines(int total, int available) {
  const Lock lock(mutex_);
  status_.machines_total = total;
  status_.machines_available = available;
}

void FakeNode::SetDisk(std::map<std::string, DiskSpace> disk) {
  const Lock lock(mutex_);
  status_.disk = std::move(disk);
}

void FakeNode::SetCounts(std::int64_t pending, std::int64_t running) {
  const Lock lock(mutex_);
  counts_ = {pending, running};
}

std::vector<FakeTask> FakeNode::Tasks() const {
  const Lock lock(mutex_);
  std::vector<FakeTask> all;
  std::transform(tasks_.begin(), tasks_.end(), std::back_inserter(all),
                 [](const auto& entry) { return entry.second; });
  return all;
}

FakeTask FakeNode::Task(model::TaskId task) const {
  const Lock lock(mutex_);
  return tasks_.at(task);
}

std::size_t FakeNode::Calls(Call call) const {
  const Lock lock(mutex_);
  const auto found = calls_.find(call);
  return found == calls_.end() ? 0 : found->second;
}

std::vector<model::TaskId> FakeNode::Deleted() const {
  const Lock lock(mutex_);
  return deleted_;
}

}  // namespace brood::sandbox::testing
