#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "sandboxd/journal.hpp"
#include "sandboxd/journal_json.hpp"
#include "sandboxd/list_index.hpp"
#include "sandboxd/sample_index.hpp"
#include "sandboxd/task.hpp"

namespace brood::sandboxd {

/// All tasks: in memory, and in a journal that is written before a call returns. A task that was running when
/// the process died is pending again. Ids rise and are never given twice until Wipe. Thread-safe.
class TaskTable {
 public:
  struct Options {
    std::filesystem::path journal;
    std::int64_t first_id = 1;
    /// False for a task that no list shall show. Empty: all are shown.
    std::function<bool(const Task&)> is_listed;
  };
  struct Counts {
    std::size_t total = 0, pending = 0, running = 0, completed = 0, reported = 0;
  };
  enum class Deleted { kYes, kUnknown, kRunning };

  TaskTable(Options options, Clock& clock);

  /// Reads the journal and rewrites it without what is gone. Before anything else.
  [[nodiscard]] Expected<void, Error> Open();

  /// A task of a sample (whose id is ignored where the content is known), or of a URL. The error is the disk's.
  [[nodiscard]] Expected<TaskPtr, Error> Create(TaskRequest request, const std::optional<Sample>& sample);
  /// The task becomes recovered, and a new one with the same request pending. Nothing if there is no such task.
  [[nodiscard]] Expected<TaskPtr, Error> Reschedule(std::int64_t id, const std::string& priority);
  [[nodiscard]] Expected<Deleted, Error> Delete(std::int64_t id);
  /// Forgets everything; ids start again at first_id.
  [[nodiscard]] Expected<void, Error> Wipe();

  [[nodiscard]] TaskPtr Get(std::int64_t id) const;
  [[nodiscard]] std::vector<TaskPtr> List(const TaskQuery& query) const;
  [[nodiscard]] Counts Counted() const;
  [[nodiscard]] SamplePtr FindSample(std::string_view sha256) const;
  [[nodiscard]] SamplePtr FindSampleByMd5(std::string_view md5) const;
  [[nodiscard]] SamplePtr GetSample(std::int64_t id) const;
  [[nodiscard]] std::vector<TaskPtr> TasksOf(std::int64_t sample) const;
  [[nodiscard]] SampleIndex::Totals Totals() const;

  /// The next pending task, highest priority first, then oldest; it is running from now on. Waits for one; null
  /// after stop.
  [[nodiscard]] TaskPtr Take(std::stop_token stop);
  /// Its machine is done with a task that Take gave, or a reported one is to be reported again: it is
  /// completed, in memory alone. Null if it was deleted or rescheduled meanwhile.
  [[nodiscard]] TaskPtr Complete(const TaskPtr& task);
  /// Ends a task that Take or Complete gave; nothing happens if it was deleted or rescheduled meanwhile.
  void Finish(const TaskPtr& task, TaskState state, std::vector<std::string> errors);

 private:
  using Lock = std::unique_lock<std::mutex>;

  void Apply(JournalEntry entry);
  void Store(TaskPtr task);
  void Erase(std::int64_t id);
  void End(const TaskEnded& ended);
  std::string Snapshot() const;
  /// Whether it stands in the table just so.
  bool Holds(const TaskPtr& task) const {
    const auto found = tasks_.find(task->id);
    return found != tasks_.end() && found->second == task;
  }
  bool IsListed(const Task& task) const { return !options_.is_listed || options_.is_listed(task); }

  const Options options_;
  Clock& clock_;
  Journal journal_;
  mutable std::mutex mutex_;
  std::condition_variable_any has_pending_;
  std::map<std::int64_t, TaskPtr> tasks_;
  std::set<std::pair<std::int64_t, std::int64_t>> pending_;  // (−priority, id)
  ListIndex lists_;
  std::map<TaskState, std::size_t> counts_;
  SampleIndex samples_;
  std::int64_t next_id_;
};

}  // namespace brood::sandboxd
