#include "sandbox/testing/fake_node.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace brood::sandbox::testing {
namespace {

using model::TaskId;

struct FakeNodeTest : ::testing::Test {
  FakeNodeTest() : sample(std::filesystem::temp_directory_path() / ("fake_node_" + std::to_string(getpid()))) {
    std::ofstream(sample) << "harmless";
  }
  ~FakeNodeTest() override { std::filesystem::remove(sample); }

  Result<TaskId> Submit(FakeNode& node, const std::string& custom) {
    return node.Submit({sample, "a.exe", {{"options", "json.calls=0"}}, custom, "o-" + custom}, {});
  }

  ManualClock clock;
  std::filesystem::path sample;
};

TEST_F(FakeNodeTest, KeepsWhatWasSubmitted) {
  FakeNode node(clock);
  const auto id = Submit(node, "m1");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->Get(), 1);
  const FakeTask task = node.Task(*id);
  EXPECT_EQ(task.content, "harmless");
  EXPECT_EQ(task.options.at("options"), "json.calls=0");
  EXPECT_EQ(task.row.state, TaskState::kPending);
  EXPECT_EQ(node.FindByMarker("m1", "o-m1", {})->size(), 1u);
  EXPECT_TRUE(node.FindByMarker("m2", "o-m1", {})->empty());
}

TEST_F(FakeNodeTest, MakesTheTaskWhoseAnswerIsLost) {
  FakeNode node(clock);
  node.LoseNextSubmitAnswer();
  EXPECT_EQ(Submit(node, "m1").error().code, Errc::kAnswerLost);
  EXPECT_EQ(node.FindByMarker("m1", "o-m1", {})->size(), 1u);
  EXPECT_TRUE(Submit(node, "m2"));
}

TEST_F(FakeNodeTest, FailsAsOftenAsTold) {
  FakeNode node(clock);
  node.FailNext(Call::kSubmit, Errc::kServerError, 2);
  EXPECT_EQ(Submit(node, "m").error().code, Errc::kServerError);
  EXPECT_EQ(Submit(node, "m").error().code, Errc::kServerError);
  EXPECT_TRUE(Submit(node, "m"));
  EXPECT_EQ(node.Calls(Call::kSubmit), 3u);
  EXPECT_EQ(node.Tasks().size(), 1u);
}

TEST_F(FakeNodeTest, ListsByCompletionAndNeverShowsUncompletedRowsInAWindow) {
  FakeNode node(clock);
  const TaskId a = *Submit(node, "a"), b = *Submit(node, "b"), c = *Submit(node, "c");
  node.Finish(b, "{}");
  clock.Advance(Millis{2'000});
  node.Finish(a, "{}");
  const auto all = node.List({}, {});
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ(all->at(0).id, c);
  EXPECT_EQ(all->at(1).id, b);
  EXPECT_EQ(all->at(2).id, a);
  ListQuery window;
  window.completed_after = ToMillis(clock.Now()) / 1'000 - 1;
  EXPECT_EQ(node.List(window, {})->size(), 1u);
}

TEST_F(FakeNodeTest, GivesIdsAgainAfterAWipe) {
  FakeNode node(clock);
  const TaskId first = *Submit(node, "old");
  node.Wipe();
  EXPECT_EQ(*Submit(node, "new"), first);
  EXPECT_EQ(node.View(first, {})->custom, "new");
}

TEST_F(FakeNodeTest, LocksLikeTheRealDatabase) {
  FakeNode node(clock);
  const TaskId id = *Submit(node, "a");
  node.LockDatabase();
  EXPECT_TRUE(node.List({}, {})->empty());
  EXPECT_EQ(node.View(id, {}).error().code, Errc::kNotFound);
  EXPECT_EQ(Submit(node, "b").error().code, Errc::kBadAnswer);
  EXPECT_FALSE(IsSane(*node.Status({})));
  node.UnlockDatabase();
  EXPECT_TRUE(node.View(id, {}));
}

TEST_F(FakeNodeTest, ReschedulesUnderTheSameCustom) {
  FakeNode node(clock);
  const TaskId old = *Submit(node, "m");
  const TaskId next = node.Reschedule(old);
  EXPECT_EQ(node.View(old, {})->state, TaskState::kRecovered);
  EXPECT_EQ(node.View(next, {})->state, TaskState::kPending);
  EXPECT_EQ(node.FindByMarker("m", "o-m", {})->size(), 2u);
}

TEST_F(FakeNodeTest, BreaksAReportOffWhereTold) {
  FakeNode node(clock);
  const TaskId id = *Submit(node, "m");
  node.Finish(id, "0123456789");
  std::string got;
  const ReportSink sink = [&got](std::string_view bytes) { got += bytes; };
  EXPECT_TRUE(node.Report(id, sink, {}));
  EXPECT_EQ(got, "0123456789");
  node.CutReport(id, 4);
  got.clear();
  EXPECT_EQ(node.Report(id, sink, {}).error().code, Errc::kAnswerLost);
  EXPECT_EQ(got, "0123");
}

TEST_F(FakeNodeTest, NeverPagesAndKeepsNoOwnerAsOneDotTwo) {
  FakeNode node(clock, Dialect::kCuckoo1);
  const TaskId id = *Submit(node, "m");
  EXPECT_EQ(node.View(id, {})->owner, "");
  ListQuery paged;
  paged.limit = 10;
  EXPECT_TRUE(node.List(paged, {})->empty());
  EXPECT_EQ(node.List({}, {})->size(), 1u);
}

}  // namespace
}  // namespace brood::sandbox::testing
