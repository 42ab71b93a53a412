#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/expected.hpp"
#include "sandboxd/task.hpp"

namespace brood::sandboxd {

// The journal's lines, one JSON object each; "e" says what happened:
//   {"e":"sample", …}   a content seen for the first time; in a rewritten journal with its upload counts
//   {"e":"task", …}     a task was made ("upload": by a client, so it counts for its sample) or, in a rewritten
//                       journal, kept with its state
//   {"e":"end", …}      a task has left the queue: state, times, errors
//   {"e":"delete", "id"}
//   {"e":"next", "id", "sample"}  the lowest ids not given yet

struct SampleSeen {
  Sample sample;
  UploadCounts uploads;
};
/// The sample is named by its id: its own line stands earlier. 0 = none.
struct TaskMade {
  Task task;
  std::int64_t sample = 0;
  enum class By { kUpload, kServer } by = By::kServer;
};
struct TaskEnded {
  std::int64_t id = 0;
  TaskState state = TaskState::kReported;
  std::optional<Time> started, completed;
  std::vector<std::string> errors;
};
struct TaskDeleted {
  std::int64_t id = 0;
};
struct NextIds {
  std::int64_t task = 1, sample = 1;
};
using JournalEntry = std::variant<SampleSeen, TaskMade, TaskEnded, TaskDeleted, NextIds>;

/// With its line break.
[[nodiscard]] std::string ToLine(const JournalEntry& entry);
/// The error says what is wrong with the line.
[[nodiscard]] Expected<JournalEntry, std::string> EntryFrom(std::string_view line);

}  // namespace brood::sandboxd
