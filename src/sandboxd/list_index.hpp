#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sandboxd/task.hpp"

namespace brood::sandboxd {

struct TaskQuery {
  std::optional<TaskState> state;
  std::optional<std::int64_t>
      completed_after;  ///< epoch seconds, strict: tasks without a completion never match
  std::string owner;    ///< "" = any
  std::optional<std::size_t> limit;
  std::size_t offset = 0;
};

/// Tasks in the order of Cuckoo's lists: by completion, those without one first, then by id; for all tasks, for
/// each state and for each owner. A list costs what it returns and what it skips. Not thread-safe.
class ListIndex {
 public:
  void Insert(const TaskPtr& task);
  void Remove(const Task& task);
  void Clear();

  [[nodiscard]] std::vector<TaskPtr> List(const TaskQuery& query) const;
  [[nodiscard]] std::size_t Count(TaskState state) const;

 private:
  using Key = std::pair<std::int64_t, std::int64_t>;  // completion (the lowest number for none), id
  using Order = std::map<Key, TaskPtr>;

  static Key KeyOf(const Task& task);
  const Order& OrderFor(const TaskQuery& query) const;

  Order all_;
  std::map<TaskState, Order> by_state_;
  std::unordered_map<std::string, Order> by_owner_;
};

}  // namespace brood::sandboxd
