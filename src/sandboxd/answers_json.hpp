#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandboxd/sandboxd.hpp"
#include "sandboxd/task_table.hpp"

namespace brood::sandboxd {

// Bodies of the answers, with the keys, types and white space of the recorded ones: indented with a blank after
// each comma for the two Cuckoos, compact for brood's own.

/// What status and machine answers tell.
struct NodeFacts {
  std::string hostname, engine;
  int machines = 0;
  TaskTable::Counts tasks;
  std::uint64_t disk_free = 0, disk_total = 0;
  std::vector<double> load;
  std::uint64_t memory_available_kb = 0, memory_total_kb = 0;
  int processors = 0;
};

struct Statistics {
  SampleIndex::Totals samples;
  std::map<std::string, std::uint64_t> requests;
};

[[nodiscard]] std::string MessageAnswer(Persona persona, std::string_view message);
/// `{"task_id": null}` without one.
[[nodiscard]] std::string TaskIdAnswer(Persona persona, std::optional<std::int64_t> id);
/// `{"status": "OK"}`, with the task's id where there is one.
[[nodiscard]] std::string OkAnswer(Persona persona, std::optional<std::int64_t> id = {});
/// `{"success": true}`
[[nodiscard]] std::string SuccessAnswer(Persona persona, bool success);
[[nodiscard]] std::string TaskAnswer(Persona persona, const Task& task);
[[nodiscard]] std::string TaskListAnswer(Persona persona, const std::vector<TaskPtr>& tasks);
[[nodiscard]] std::string SampleAnswer(Persona persona, const Sample& sample,
                                       const std::vector<TaskPtr>& tasks);
[[nodiscard]] std::string MachineListAnswer(Persona persona, const NodeFacts& node);
[[nodiscard]] std::string MachineAnswer(Persona persona, const NodeFacts& node, int number);
[[nodiscard]] std::string StatusAnswer(Persona persona, const NodeFacts& node);
[[nodiscard]] std::string StatisticsAnswer(Persona persona, const Statistics& statistics);

}  // namespace brood::sandboxd
