#include "sandboxd/task_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"

namespace brood::sandboxd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TaskTableTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(table_.Open()); }

  std::int64_t Create(const std::string& owner = "", const std::string& priority = "") {
    TaskRequest request;
    request.owner = owner;
    request.priority = priority;
    return table_.Create(request, std::nullopt).value()->id;
  }
  TaskPtr Take() { return table_.Take({}); }
  void Finish(const TaskPtr& task) { table_.Finish(task, TaskState::kReported, {}); }
  std::vector<std::int64_t> List(const TaskQuery& query) const {
    std::vector<std::int64_t> ids;
    for (const TaskPtr& task : table_.List(query)) ids.push_back(task->id);
    return ids;
  }

  TempDir folder_;
  ManualClock clock_{Time{std::chrono::seconds{1'000}}};
  TaskTable table_{{folder_ / "journal", 1, {}}, clock_};
};

TEST_F(TaskTableTest, ListsByCompletionThoseWithoutOneFirst) {
  for (int i = 0; i < 4; ++i) Create();
  const TaskPtr first = Take(), second = Take();
  Finish(second);
  clock_.Advance(Millis{2'000});
  Finish(first);
  EXPECT_THAT(List({}), ElementsAre(3, 4, 2, 1));
  EXPECT_THAT(List({.limit = 2, .offset = 1}), ElementsAre(4, 2));
  EXPECT_THAT(List({.limit = 0}), IsEmpty());
  EXPECT_THAT(List({.state = TaskState::kReported}), ElementsAre(2, 1));
  EXPECT_THAT(List({.state = TaskState::kUnknown}), IsEmpty());
}

TEST_F(TaskTableTest, ComparesCompletionStrictlyAndLeavesOutTasksWithoutOne) {
  for (int i = 0; i < 3; ++i) Create();
  Finish(Take());
  clock_.Advance(Millis{500});
  Finish(Take());
  EXPECT_THAT(List({.completed_after = 999}), ElementsAre(1, 2));
  EXPECT_THAT(List({.completed_after = 1'000}), ElementsAre(2));
  EXPECT_THAT(List({.completed_after = 1'001}), IsEmpty());
  EXPECT_THAT(List({.state = TaskState::kPending, .completed_after = 0}), IsEmpty());
}

TEST_F(TaskTableTest, ListsByOwner) {
  Create("alice");
  Create("bob");
  Create("alice");
  Finish(Take());
  EXPECT_THAT(List({.owner = "alice"}), ElementsAre(3, 1));
  EXPECT_THAT(List({.state = TaskState::kReported, .owner = "alice"}), ElementsAre(1));
  EXPECT_THAT(List({.owner = "carol"}), IsEmpty());
}

TEST_F(TaskTableTest, GivesTheHighestPriorityFirstThenTheOldest) {
  Create("", "1");
  Create("", "3");
  Create("", "3");
  Create("", "high");
  std::vector<std::int64_t> order;
  for (int i = 0; i < 4; ++i) order.push_back(Take()->id);
  EXPECT_THAT(order, ElementsAre(2, 3, 1, 4));
}

TEST_F(TaskTableTest, ForgetsTheEndOfATaskThatWasRescheduledMeanwhile) {
  Create();
  const TaskPtr old = Take();
  const auto successor = table_.Reschedule(1, "5");
  ASSERT_TRUE(successor);
  Finish(old);
  EXPECT_EQ(table_.Get(1)->state, TaskState::kRecovered);
  EXPECT_EQ((*successor)->id, 2);
  EXPECT_EQ((*successor)->request->priority, "5");
}

TEST_F(TaskTableTest, ForgetsTheEndOfATaskWhoseIdWasWipedAndGivenAgain) {
  Create();
  const TaskPtr old = Take();
  ASSERT_TRUE(table_.Wipe());
  EXPECT_EQ(Create(), 1);
  Finish(old);
  EXPECT_EQ(table_.Get(1)->state, TaskState::kPending);
}

TEST_F(TaskTableTest, TakeReturnsNothingAfterStop) {
  std::stop_source stop;
  stop.request_stop();
  Create();
  EXPECT_EQ(table_.Take(stop.get_token()), nullptr);
}

TEST_F(TaskTableTest, IsTheSameWhenItsJournalIsReadAgain) {
  for (const char* owner : {"a", "b", "c", "d"}) Create(owner);
  Finish(Take());
  Take();
  ASSERT_TRUE(table_.Reschedule(3, ""));
  ASSERT_TRUE(table_.Delete(4));
  for (int round = 0; round < 2; ++round) {  // the second reads what the first has rewritten
    TaskTable again({folder_ / "journal", 1, {}}, clock_);
    ASSERT_TRUE(again.Open());
    EXPECT_EQ(again.Get(1)->state, TaskState::kReported);
    EXPECT_EQ(again.Get(1)->completed, table_.Get(1)->completed);
    EXPECT_EQ(again.Get(2)->state, TaskState::kPending);
    EXPECT_EQ(again.Get(3)->state, TaskState::kRecovered);
    EXPECT_EQ(again.Get(4), nullptr);
    EXPECT_EQ(again.Get(5)->request->successor_of, 3);
    EXPECT_EQ(again.Get(5)->request->owner, "c");
  }
}

TEST(TaskTable, HidesTasksFromListsButNotFromView) {
  const TempDir folder;
  ManualClock clock;
  TaskTable table({folder / "journal", 1, [](const Task& task) { return task.id != 1; }}, clock);
  ASSERT_TRUE(table.Open());
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(table.Create({}, std::nullopt));
  EXPECT_EQ(table.List({}).size(), 1U);
  EXPECT_NE(table.Get(1), nullptr);
  EXPECT_EQ(table.Counted().pending, 2U);
}

TEST(TaskTable, RefusesAJournalThatCannotBeWritten) {
  ManualClock clock;
  TaskTable table({"/proc/no/journal", 1, {}}, clock);
  EXPECT_FALSE(table.Open());
}

}  // namespace
}  // namespace brood::sandboxd
