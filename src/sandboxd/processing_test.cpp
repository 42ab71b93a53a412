#include "sandboxd/processing.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"

namespace brood::sandboxd {
namespace {

using namespace std::chrono_literals;

class ProcessingTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(table_.Open()); }

  /// A task that a machine has taken.
  TaskPtr Running() {
    EXPECT_TRUE(table_.Create({}, std::nullopt));
    return table_.Take({});
  }
  TaskState StateOf(const TaskPtr& task) const { return table_.Get(task->id)->state; }
  void AwaitReported(const TaskPtr& task) const {
    while (StateOf(task) != TaskState::kReported) std::this_thread::yield();
  }

  TempDir folder_;
  ManualClock clock_{Time{1'000s}};
  metrics::Registry metrics_;
  TaskTable table_{{folder_ / "journal", 1, {}}, clock_};
};

TEST_F(ProcessingTest, ATaskIsCompletedUntilItIsOverAndKeepsItsCompletion) {
  Processing processing(Millis{5s}, table_, clock_, metrics_);
  processing.Start();
  const TaskPtr task = Running();
  processing.Report(task);
  EXPECT_EQ(StateOf(task), TaskState::kCompleted);
  EXPECT_EQ(table_.Get(task->id)->completed, Time{1'000s});
  EXPECT_EQ(table_.Counted().completed, 1U);
  clock_.Advance(4'999ms);
  EXPECT_EQ(StateOf(task), TaskState::kCompleted);
  clock_.Advance(1ms);
  AwaitReported(task);
  EXPECT_EQ(table_.Get(task->id)->completed, Time{1'000s});
}

TEST_F(ProcessingTest, ATaskIsReportedAtOnceWhereItTakesNoTime) {
  Processing processing(Millis{0}, table_, clock_, metrics_);
  const TaskPtr task = Running();
  processing.Report(task);
  EXPECT_EQ(StateOf(task), TaskState::kReported);
  EXPECT_TRUE(processing.ReportAgain(task->id));
  EXPECT_EQ(StateOf(task), TaskState::kReported);
}

TEST_F(ProcessingTest, AReportedTaskIsCompletedOnceMoreWhenItsReportIsAskedForAgain) {
  Processing processing(Millis{5s}, table_, clock_, metrics_);
  processing.Start();
  const TaskPtr task = Running();
  EXPECT_FALSE(processing.ReportAgain(task->id));
  EXPECT_FALSE(processing.ReportAgain(99));
  processing.Report(task);
  EXPECT_FALSE(processing.ReportAgain(task->id));
  clock_.Advance(5s);
  AwaitReported(task);
  EXPECT_TRUE(processing.ReportAgain(task->id));
  EXPECT_EQ(StateOf(task), TaskState::kCompleted);
  EXPECT_EQ(table_.Get(task->id)->completed, Time{1'000s});
  clock_.Advance(5s);
  AwaitReported(task);
}

TEST_F(ProcessingTest, AFailedTaskIsNeverCompleted) {
  Processing processing(Millis{5s}, table_, clock_, metrics_);
  const TaskPtr task = Running();
  processing.Fail(task, {"the machine did not start"});
  EXPECT_EQ(StateOf(task), TaskState::kFailedAnalysis);
  EXPECT_FALSE(table_.Get(task->id)->completed);
}

TEST_F(ProcessingTest, ATaskThatIsDeletedWhileCompletedStaysDeleted) {
  Processing processing(Millis{5s}, table_, clock_, metrics_);
  processing.Start();
  const TaskPtr deleted = Running(), kept = Running();
  processing.Report(deleted);
  processing.Report(kept);
  EXPECT_EQ(*table_.Delete(deleted->id), TaskTable::Deleted::kYes);
  clock_.Advance(5s);
  AwaitReported(kept);
  EXPECT_EQ(table_.Get(deleted->id), nullptr);
}

TEST_F(ProcessingTest, ACompletedTaskRunsAgainWhenTheJournalIsReadAgain) {
  Processing processing(Millis{5s}, table_, clock_, metrics_);
  processing.Report(Running());
  TaskTable again({folder_ / "journal", 1, {}}, clock_);
  ASSERT_TRUE(again.Open());
  EXPECT_EQ(again.Get(1)->state, TaskState::kPending);
}

}  // namespace
}  // namespace brood::sandboxd
