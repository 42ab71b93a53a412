#include "sandbox/poll_plan.hpp"

#include <algorithm>

namespace brood::sandbox {
namespace {

bool Due(std::uint64_t number, int every) {
  return every > 0 && number % static_cast<std::uint64_t>(every) == 0;
}

ListQuery Of(TaskState state) {
  ListQuery query;
  query.state = state;
  return query;
}

}  // namespace

std::int64_t WindowStart(const PollSituation& situation, const WatchSettings& settings) {
  const Time oldest = situation.now - settings.max_window;
  const Time start = std::max(situation.open_at.value_or(situation.now) - settings.window_margin, oldest);
  const Time at_node = start + situation.node_clock_ahead.value_or(Millis{0});
  return std::chrono::floor<std::chrono::seconds>(at_node).time_since_epoch().count() - 1;
}

std::vector<ListQuery> PlanLists(const PollSituation& situation, const WatchSettings& settings) {
  std::vector<ListQuery> lists;
  const bool now_and_then = Due(situation.number, settings.failed_lists_every);
  if (!situation.open_at) return lists;
  if (situation.lists == PollSituation::Lists::kUnusable && !now_and_then) return lists;
  const bool out_of_sight_else = Due(situation.number, settings.views_after_polls);
  if (out_of_sight_else) lists.push_back(Of(TaskState::kPending));
  lists.push_back(Of(TaskState::kRunning));
  if (out_of_sight_else) lists.push_back(Of(TaskState::kCompleted));
  lists.push_back(Of(TaskState::kReported));
  lists.back().completed_after = WindowStart(situation, settings);
  if (!now_and_then) return lists;
  for (const TaskState state :
       {TaskState::kFailedAnalysis, TaskState::kFailedProcessing, TaskState::kRecovered}) {
    lists.push_back(Of(state));
  }
  return lists;
}

}  // namespace brood::sandbox
