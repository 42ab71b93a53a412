#pragma once

#include <stop_token>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "sandboxd/engine.hpp"
#include "sandboxd/faults.hpp"
#include "sandboxd/processing.hpp"
#include "sandboxd/task_table.hpp"

namespace brood::sandboxd {

/// The machines of the sandbox: threads that take pending tasks and have the engine work on them.
class Machines {
 public:
  struct Options {
    int count = 1;
    Millis duration{0};  ///< what a task takes at least
  };

  /// All of these must outlive it.
  Machines(Options options, TaskTable& tasks, Engine& engine, FaultDice& faults, Clock& clock,
           Processing& processing);

  void Start();
  /// Waits for the tasks in hand to get out of the engine; those that only wait are left, and run again when
  /// the journal is opened next.
  void Stop();

 private:
  void Run(std::stop_token stop);
  void Work(const TaskPtr& task, std::stop_token stop);
  Expected<void, Error> Analyse(const Task& task);

  const Options options_;
  TaskTable& tasks_;
  Engine& engine_;
  FaultDice& faults_;
  Clock& clock_;
  Processing& processing_;
  std::vector<std::jthread> threads_;
};

}  // namespace brood::sandboxd
