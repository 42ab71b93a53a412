#include "sandbox/poll_plan.hpp"

#include <gtest/gtest.h>

#include <set>

namespace brood::sandbox {
namespace {

using namespace std::chrono_literals;

const Time kNow{1'700'000'000'500ms};

PollSituation Situation(std::uint64_t number, std::optional<Time> open_at = kNow) {
  PollSituation situation;
  situation.number = number;
  situation.now = kNow;
  situation.open_at = open_at;
  return situation;
}

std::set<TaskState> States(const std::vector<ListQuery>& lists) {
  std::set<TaskState> states;
  for (const ListQuery& list : lists) states.insert(*list.state);
  return states;
}

TEST(PlanLists, AsksForNothingWhereNobodyWaits) {
  EXPECT_TRUE(PlanLists(Situation(12, std::nullopt), {}).empty());
}

TEST(PlanLists, AsksForRunningThenReportedInEachPoll) {
  const auto lists = PlanLists(Situation(1), {});
  ASSERT_EQ(lists.size(), 2u);
  EXPECT_EQ(lists[0].state, TaskState::kRunning);
  EXPECT_EQ(lists[0].completed_after, std::nullopt);
  EXPECT_EQ(lists[1].state, TaskState::kReported);
  EXPECT_TRUE(lists[1].completed_after);
}

TEST(PlanLists, AsksNowAndThenForTheOthersWithoutAWindow) {
  EXPECT_EQ(States(PlanLists(Situation(3), {})),
            (std::set{TaskState::kPending, TaskState::kRunning, TaskState::kCompleted, TaskState::kReported}));
  const auto lists = PlanLists(Situation(4), {});
  EXPECT_EQ(States(lists), (std::set{TaskState::kRunning, TaskState::kReported, TaskState::kFailedAnalysis,
                                     TaskState::kFailedProcessing, TaskState::kRecovered}));
  for (const ListQuery& list : lists) {
    EXPECT_EQ(list.completed_after.has_value(), list.state == TaskState::kReported);
  }
}

TEST(PlanLists, AsksInTheOrderOfATasksStates) {
  const auto lists = PlanLists(Situation(12), {});
  std::vector<TaskState> states;
  for (const ListQuery& list : lists) states.push_back(*list.state);
  states.resize(4);
  EXPECT_EQ(states, (std::vector{TaskState::kPending, TaskState::kRunning, TaskState::kCompleted,
                                 TaskState::kReported}));
}

TEST(PlanLists, LooksOnlyNowAndThenAtUnusableLists) {
  PollSituation situation = Situation(3);
  situation.lists = PollSituation::Lists::kUnusable;
  EXPECT_TRUE(PlanLists(situation, {}).empty());
  situation.number = 4;
  EXPECT_FALSE(PlanLists(situation, {}).empty());
}

TEST(WindowStart, LiesBeforeTheOldestOpenTaskByTheMarginAndASecond) {
  // 1'700'000'000.5 - 30 s - 2 s margin, whole seconds, one earlier.
  EXPECT_EQ(WindowStart(Situation(1, kNow - 30s), {}), 1'699'999'967);
}

TEST(WindowStart, NeverLiesFurtherBackThanTheLargestWindow) {
  EXPECT_EQ(WindowStart(Situation(1, kNow - 24h), {}), 1'700'000'000 - 600 - 1);
}

TEST(WindowStart, FollowsTheNodesClock) {
  PollSituation slow = Situation(1);
  slow.node_clock_ahead = -90s;
  EXPECT_EQ(WindowStart(slow, {}), WindowStart(Situation(1), {}) - 90);
}

}  // namespace
}  // namespace brood::sandbox
