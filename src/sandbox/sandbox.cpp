#include "sandbox/sandbox.hpp"

#include <array>
#include <utility>

namespace brood::sandbox {
namespace {

struct StateWord {
  TaskState state;
  std::string_view word;
};

constexpr std::array kStateWords = {
    StateWord{TaskState::kPending, "pending"},
    StateWord{TaskState::kRunning, "running"},
    StateWord{TaskState::kCompleted, "completed"},
    StateWord{TaskState::kReported, "reported"},
    StateWord{TaskState::kFailedAnalysis, "failed_analysis"},
    StateWord{TaskState::kFailedProcessing, "failed_processing"},
    StateWord{TaskState::kFailedReporting, "failed_reporting"},
    StateWord{TaskState::kRecovered, "recovered"},
    StateWord{TaskState::kBanned, "banned"},
    StateWord{TaskState::kDistributed, "distributed"},
};

}  // namespace

Error ToError(const SandboxError& error) {
  return error.code == Errc::kRefused ? Permanent(error.what) : Transient(error.what);
}

std::string_view Name(Errc code) {
  switch (code) {
    case Errc::kUnreachable:
      return "unreachable";
    case Errc::kAnswerLost:
      return "answer lost";
    case Errc::kUnauthorized:
      return "unauthorized";
    case Errc::kRefused:
      return "refused";
    case Errc::kNotFound:
      return "not found";
    case Errc::kServerError:
      return "server error";
    case Errc::kBadAnswer:
      return "bad answer";
    case Errc::kStopped:
      return "stopped";
    case Errc::kUnsearchable:
      return "unsearchable";
  }
  return "";
}

TaskState TaskStateFrom(std::string_view word) {
  for (const StateWord& row : kStateWords) {
    if (row.word == word) return row.state;
  }
  // CAPE's master: "distributed" while a worker has it, "distributed_completed" when that worker is done.
  return word == "distributed_completed" ? TaskState::kCompleted : TaskState::kUnknown;
}

std::string_view Name(TaskState state) {
  for (const StateWord& row : kStateWords) {
    if (row.state == state) return row.word;
  }
  return "unknown";
}

bool IsFailed(TaskState state) {
  return state == TaskState::kFailedAnalysis || state == TaskState::kFailedProcessing ||
         state == TaskState::kFailedReporting || state == TaskState::kBanned;
}

bool IsSane(const NodeStatus& status) {
  return status.machines_total > 0 || status.pending > 0 || status.running > 0 || status.completed > 0 ||
         status.reported > 0;
}

std::string_view Name(Dialect dialect) { return dialect == Dialect::kCuckoo1 ? "cuckoo1" : "cuckoo2"; }

}  // namespace brood::sandbox
