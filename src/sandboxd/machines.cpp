#include "sandboxd/machines.hpp"

#include <exception>

#include "base/crash_point.hpp"
#include "base/log.hpp"

namespace brood::sandboxd {

Machines::Machines(Options options, TaskTable& tasks, Engine& engine, FaultDice& faults, Clock& clock,
                   Processing& processing)
    : options_(options),
      tasks_(tasks),
      engine_(engine),
      faults_(faults),
      clock_(clock),
      processing_(processing) {}

void Machines::Start() {
  for (int i = 0; i < options_.count; ++i) {
    threads_.emplace_back([this](std::stop_token stop) { Run(std::move(stop)); });
  }
}

void Machines::Stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

void Machines::Run(std::stop_token stop) {
  while (const TaskPtr task = tasks_.Take(stop)) Work(task, stop);
}

void Machines::Work(const TaskPtr& task, std::stop_token stop) {
  if (faults_.Strikes(Fault::kNeverEnds, *task)) return;
  const Time done_at = clock_.Now() + options_.duration;
  const auto analysed = Analyse(*task);
  if (options_.duration > Millis{0}) clock_.WaitUntil(done_at, stop);
  if (stop.stop_requested()) return;
  CrashPoint("sandboxd.machine.before_finish");
  if (faults_.Strikes(Fault::kFailed, *task)) {
    return processing_.Fail(task, {"The machine did not start (a fault on request)"});
  }
  if (task->request->successor_of == 0 && faults_.Strikes(Fault::kRecovered, *task)) {
    if (const auto successor = tasks_.Reschedule(task->id, ""); successor) return;
  }
  if (analysed) return processing_.Report(task);
  log::Warning("a task has failed", {{"task", task->id}, {"error", analysed.error()}});
  processing_.Fail(task, {Describe(analysed.error())});
}

/// A hostile file must cost its own task at most.
Expected<void, Error> Machines::Analyse(const Task& task) {
  try {
    return engine_.Analyse(task);
  } catch (const std::exception& problem) {
    return Unexpected(Permanent("the engine broke down", problem.what()));
  }
}

}  // namespace brood::sandboxd
