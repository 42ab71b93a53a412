#include "sandboxd/list_index.hpp"

#include <limits>

namespace brood::sandboxd {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

template <class Map, class Key>
const typename Map::mapped_type& FindOr(const Map& map, const Key& key, const typename Map::mapped_type& none) {
  const auto found = map.find(key);
  return found == map.end() ? none : found->second;
}

}  // namespace

ListIndex::Key ListIndex::KeyOf(const Task& task) {
  return {task.completed ? ToMillis(*task.completed) : kNever, task.id};
}

void ListIndex::Insert(const TaskPtr& task) {
  const Key key = KeyOf(*task);
  all_[key] = task;
  by_state_[task->state][key] = task;
  if (!task->request->owner.empty()) by_owner_[task->request->owner][key] = task;
}

void ListIndex::Remove(const Task& task) {
  const Key key = KeyOf(task);
  all_.erase(key);
  by_state_[task.state].erase(key);
  const auto owner = by_owner_.find(task.request->owner);
  if (owner == by_owner_.end()) return;
  owner->second.erase(key);
  if (owner->second.empty()) by_owner_.erase(owner);
}

void ListIndex::Clear() {
  all_.clear();
  by_state_.clear();
  by_owner_.clear();
}

const ListIndex::Order& ListIndex::OrderFor(const TaskQuery& query) const {
  static const Order none;
  if (!query.owner.empty()) return FindOr(by_owner_, query.owner, none);
  if (query.state) return FindOr(by_state_, *query.state, none);
  return all_;
}

std::vector<TaskPtr> ListIndex::List(const TaskQuery& query) const {
  const Order& order = OrderFor(query);
  auto next =
      query.completed_after ? order.lower_bound({*query.completed_after * 1'000 + 1, 0}) : order.begin();
  const std::size_t limit = query.limit.value_or(std::numeric_limits<std::size_t>::max());
  std::size_t skip = query.offset;
  std::vector<TaskPtr> found;
  for (; next != order.end() && found.size() < limit; ++next) {
    if (query.state && next->second->state != *query.state) continue;
    if (skip > 0) {
      --skip;
      continue;
    }
    found.push_back(next->second);
  }
  return found;
}

std::size_t ListIndex::Count(TaskState state) const {
  const auto found = by_state_.find(state);
  return found == by_state_.end() ? 0 : found->second.size();
}

}  // namespace brood::sandboxd
