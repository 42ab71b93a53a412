#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "metrics/registry.hpp"
#include "sandboxd/task_table.hpp"

namespace brood::sandboxd {

/// Brings tasks to their end: failed at once; reported after `takes`, in which they are completed and their
/// machine is free. Thread-safe.
class Processing {
 public:
  /// All of these must outlive it.
  Processing(Millis takes, TaskTable& tasks, Clock& clock, metrics::Registry& metrics);
  ~Processing() { Stop(); }
  Processing(const Processing&) = delete;
  Processing& operator=(const Processing&) = delete;

  void Start();
  /// Tasks that are still completed run again when the journal is opened next; those whose report was asked for
  /// again are reported then.
  void Stop();

  /// `running` is what TaskTable::Take gave.
  void Report(const TaskPtr& running);
  void Fail(const TaskPtr& running, std::vector<std::string> errors);
  /// The reported task is completed once more. False if it is not reported.
  [[nodiscard]] bool ReportAgain(std::int64_t id);

 private:
  struct Due {
    TaskPtr task;
    Time at;
  };

  void Run(const std::stop_token& stop);
  std::optional<Due> Next(const std::stop_token& stop);
  void Complete(const TaskPtr& task);
  void End(const TaskPtr& task, TaskState state, std::vector<std::string> errors);

  const Millis takes_;
  TaskTable& tasks_;
  Clock& clock_;
  metrics::Registry& metrics_;
  std::mutex mutex_;
  std::condition_variable_any has_next_;
  std::deque<Due> line_;
  std::jthread thread_;
};

}  // namespace brood::sandboxd
