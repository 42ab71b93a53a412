#include "sandboxd/processing.hpp"

#include <utility>

namespace brood::sandboxd {

Processing::Processing(Millis takes, TaskTable& tasks, Clock& clock, metrics::Registry& metrics)
    : takes_(takes), tasks_(tasks), clock_(clock), metrics_(metrics) {}

void Processing::Start() {
  if (takes_ > Millis{0}) thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void Processing::Stop() { thread_ = {}; }

void Processing::Report(const TaskPtr& running) {
  if (takes_ > Millis{0}) return Complete(running);
  End(running, TaskState::kReported, {});
}

void Processing::Fail(const TaskPtr& running, std::vector<std::string> errors) {
  End(running, TaskState::kFailedAnalysis, std::move(errors));
}

bool Processing::ReportAgain(std::int64_t id) {
  const TaskPtr task = tasks_.Get(id);
  if (!task || task->state != TaskState::kReported) return false;
  if (takes_ > Millis{0}) Complete(task);
  return true;
}

void Processing::Complete(const TaskPtr& task) {
  TaskPtr completed = tasks_.Complete(task);
  if (!completed) return;
  {
    const std::lock_guard lock(mutex_);
    line_.push_back({std::move(completed), clock_.Now() + takes_});
  }
  has_next_.notify_one();
}

/// All take the same time, so the first in line is due first.
void Processing::Run(const std::stop_token& stop) {
  while (const auto next = Next(stop)) {
    clock_.WaitUntil(next->at, stop);
    if (stop.stop_requested()) return;
    End(next->task, TaskState::kReported, {});
  }
}

std::optional<Processing::Due> Processing::Next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!has_next_.wait(lock, stop, [this] { return !line_.empty(); })) return std::nullopt;
  Due next = std::move(line_.front());
  line_.pop_front();
  return next;
}

void Processing::End(const TaskPtr& task, TaskState state, std::vector<std::string> errors) {
  tasks_.Finish(task, state, std::move(errors));
  metrics_
      .GetCounter("brood_sandboxd_finished_tasks_total", "Tasks that have ended, by their state.",
                  {{"state", std::string(sandbox::Name(state))}})
      .Add();
}

}  // namespace brood::sandboxd
