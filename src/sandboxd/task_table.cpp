#include "sandboxd/task_table.hpp"

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace brood::sandboxd {
namespace {

std::pair<std::int64_t, std::int64_t> QueuePlace(const Task& task) {
  return {-ParseInt(task.request->priority).value_or(1), task.id};
}

std::int64_t SampleId(const Task& task) { return task.sample ? task.sample->id : 0; }

}  // namespace

TaskTable::TaskTable(Options options, Clock& clock)
    : options_(std::move(options)), clock_(clock), journal_(options_.journal), next_id_(options_.first_id) {}

Expected<void, Error> TaskTable::Open() {
  const Lock lock(mutex_);
  std::size_t damaged = 0;
  auto read = journal_.Read([&](std::string_view line) {
    auto entry = EntryFrom(line);
    if (entry) {
      Apply(std::move(*entry));
    } else if (++damaged == 1) {
      log::Warning("a line of the journal is damaged and left out",
                   {{"file", options_.journal.string()}, {"why", entry.error()}});
    }
  });
  if (!read) return read;
  return journal_.Begin(Snapshot());
}

std::string TaskTable::Snapshot() const {
  std::string lines = ToLine(NextIds{next_id_, samples_.NextId()});
  for (SampleSeen& seen : samples_.All()) lines += ToLine(std::move(seen));
  for (const auto& [id, task] : tasks_) {
    Task kept = *task;
    if (kept.state == TaskState::kRunning) kept.state = TaskState::kPending;
    lines += ToLine(TaskMade{kept, SampleId(kept), TaskMade::By::kServer});
  }
  return lines;
}

void TaskTable::Apply(JournalEntry entry) {
  if (auto* seen = std::get_if<SampleSeen>(&entry)) return samples_.Insert(std::move(*seen));
  if (const auto* ended = std::get_if<TaskEnded>(&entry)) return End(*ended);
  if (const auto* deleted = std::get_if<TaskDeleted>(&entry)) return Erase(deleted->id);
  if (const auto* next = std::get_if<NextIds>(&entry)) {
    next_id_ = std::max(next_id_, next->task);
    return samples_.KeepIdsBelow(next->sample);
  }
  auto& made = std::get<TaskMade>(entry);
  made.task.sample = samples_.Get(made.sample);
  next_id_ = std::max(next_id_, made.task.id + 1);
  if (made.by == TaskMade::By::kUpload) samples_.CountUpload(made.sample, made.task.request->custom);
  samples_.AddTask(made.sample, made.task.id);
  Store(std::make_shared<const Task>(std::move(made.task)));
}

/// In place of what had this id before.
void TaskTable::Store(TaskPtr task) {
  TaskPtr& place = tasks_[task->id];
  if (place) {
    --counts_[place->state];
    lists_.Remove(*place);
    pending_.erase(QueuePlace(*place));
  }
  place = std::move(task);
  ++counts_[place->state];
  if (IsListed(*place)) lists_.Insert(place);
  if (place->state == TaskState::kPending) {
    pending_.insert(QueuePlace(*place));
    has_pending_.notify_one();
  }
}

void TaskTable::Erase(std::int64_t id) {
  const auto found = tasks_.find(id);
  if (found == tasks_.end()) return;
  const Task& task = *found->second;
  --counts_[task.state];
  lists_.Remove(task);
  pending_.erase(QueuePlace(task));
  samples_.RemoveTask(SampleId(task), id);
  tasks_.erase(found);
}

void TaskTable::End(const TaskEnded& ended) {
  const auto found = tasks_.find(ended.id);
  if (found == tasks_.end()) return;
  auto task = std::make_shared<Task>(*found->second);
  task->state = ended.state;
  task->started = ended.started;
  task->completed = ended.completed;
  task->errors = ended.errors;
  Store(std::move(task));
}

Expected<TaskPtr, Error> TaskTable::Create(TaskRequest request, const std::optional<Sample>& sample) {
  const Lock lock(mutex_);
  std::string lines;
  TaskMade made{{}, 0, TaskMade::By::kUpload};
  std::optional<SampleSeen> seen;
  if (sample) {
    const SamplePtr known = samples_.FindSha256(sample->digests.sha256);
    made.sample = known ? known->id : samples_.NextId();
    if (!known) {
      seen = SampleSeen{*sample, {}};
      seen->sample.id = made.sample;
      lines = ToLine(*seen);
    }
  }
  made.task.id = next_id_;
  made.task.added = clock_.Now();
  made.task.request = std::make_shared<const TaskRequest>(std::move(request));
  lines += ToLine(made);
  CrashPoint("sandboxd.create.before_journal");
  if (auto written = journal_.Append(lines); !written) return Unexpected(written.error());
  CrashPoint("sandboxd.create.after_journal");
  const std::int64_t id = made.task.id;
  if (seen) Apply(std::move(*seen));
  Apply(std::move(made));
  return tasks_.at(id);
}

Expected<TaskPtr, Error> TaskTable::Reschedule(std::int64_t id, const std::string& priority) {
  const Lock lock(mutex_);
  const auto found = tasks_.find(id);
  if (found == tasks_.end()) return TaskPtr();
  const Task& old = *found->second;
  TaskRequest request = *old.request;
  request.successor_of = id;
  if (!priority.empty()) request.priority = priority;
  const TaskEnded ended{id, TaskState::kRecovered, old.started, old.completed, old.errors};
  TaskMade made{{}, SampleId(old), TaskMade::By::kServer};
  made.task.id = next_id_;
  made.task.added = clock_.Now();
  made.task.request = std::make_shared<const TaskRequest>(std::move(request));
  if (auto written = journal_.Append(ToLine(ended) + ToLine(made)); !written)
    return Unexpected(written.error());
  const std::int64_t successor = made.task.id;
  End(ended);
  Apply(std::move(made));
  return tasks_.at(successor);
}

Expected<TaskTable::Deleted, Error> TaskTable::Delete(std::int64_t id) {
  const Lock lock(mutex_);
  const auto found = tasks_.find(id);
  if (found == tasks_.end()) return Deleted::kUnknown;
  if (found->second->state == TaskState::kRunning) return Deleted::kRunning;
  if (auto written = journal_.Append(ToLine(TaskDeleted{id})); !written) return Unexpected(written.error());
  Erase(id);
  return Deleted::kYes;
}

Expected<void, Error> TaskTable::Wipe() {
  const Lock lock(mutex_);
  tasks_.clear();
  pending_.clear();
  lists_.Clear();
  counts_.clear();
  samples_.Clear();
  next_id_ = options_.first_id;
  return journal_.Begin({});
}

TaskPtr TaskTable::Get(std::int64_t id) const {
  const Lock lock(mutex_);
  const auto found = tasks_.find(id);
  return found == tasks_.end() ? nullptr : found->second;
}

std::vector<TaskPtr> TaskTable::List(const TaskQuery& query) const {
  const Lock lock(mutex_);
  return lists_.List(query);
}

TaskTable::Counts TaskTable::Counted() const {
  const Lock lock(mutex_);
  const auto count = [this](TaskState state) {
    const auto found = counts_.find(state);
    return found == counts_.end() ? std::size_t{0} : found->second;
  };
  return {tasks_.size(), count(TaskState::kPending), count(TaskState::kRunning), count(TaskState::kCompleted),
          count(TaskState::kReported)};
}

SamplePtr TaskTable::FindSample(std::string_view sha256) const {
  const Lock lock(mutex_);
  return samples_.FindSha256(sha256);
}

SamplePtr TaskTable::FindSampleByMd5(std::string_view md5) const {
  const Lock lock(mutex_);
  return samples_.FindMd5(md5);
}

SamplePtr TaskTable::GetSample(std::int64_t id) const {
  const Lock lock(mutex_);
  return samples_.Get(id);
}

std::vector<TaskPtr> TaskTable::TasksOf(std::int64_t sample) const {
  const Lock lock(mutex_);
  std::vector<TaskPtr> tasks;
  for (const std::int64_t id : samples_.TasksOf(sample)) tasks.push_back(tasks_.at(id));
  return tasks;
}

SampleIndex::Totals TaskTable::Totals() const {
  const Lock lock(mutex_);
  return samples_.Counted();
}

TaskPtr TaskTable::Take(std::stop_token stop) {
  Lock lock(mutex_);
  if (!has_pending_.wait(lock, stop, [this] { return !pending_.empty(); }) || stop.stop_requested())
    return nullptr;
  const TaskPtr next = tasks_.at(pending_.begin()->second);
  auto running = std::make_shared<Task>(*next);
  running->state = TaskState::kRunning;
  running->started = clock_.Now();
  Store(running);
  return running;
}

TaskPtr TaskTable::Complete(const TaskPtr& task) {
  const Lock lock(mutex_);
  if (!Holds(task)) return nullptr;
  auto completed = std::make_shared<Task>(*task);
  completed->state = TaskState::kCompleted;
  if (!completed->completed) completed->completed = clock_.Now();
  Store(completed);
  return completed;
}

void TaskTable::Finish(const TaskPtr& task, TaskState state, std::vector<std::string> errors) {
  const Lock lock(mutex_);
  if (!Holds(task)) return;
  TaskEnded ended{task->id, state, task->started, {}, std::move(errors)};
  if (state == TaskState::kReported) ended.completed = task->completed.value_or(clock_.Now());
  CrashPoint("sandboxd.finish.before_journal");
  if (auto written = journal_.Append(ToLine(ended)); !written) {
    log::Warning("a finished task will run again after a restart",
                 {{"task", ended.id}, {"error", written.error()}});
  }
  End(ended);
}

}  // namespace brood::sandboxd
