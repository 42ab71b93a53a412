#include "sandbox/node_watch.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "base/log.hpp"
#include "sandbox/testing/fake_node.hpp"

namespace brood::sandbox {
namespace {

using namespace std::chrono_literals;
using model::TaskId;
using testing::Call;
using testing::FakeNode;
using Kind = Sighting::Kind;

struct NodeWatchTest : ::testing::Test {
  ~NodeWatchTest() override { log::Listen({}); }

  std::shared_ptr<FakeNode> Node(Dialect dialect = Dialect::kCuckoo2) {
    return std::make_shared<FakeNode>(clock, dialect);
  }
  void Poll(NodeWatch& watch, int times = 1) {
    for (int i = 0; i < times; ++i) {
      watch.PollOnce();
      clock.Advance(5s);
    }
  }

  ManualClock clock;
  metrics::Registry metrics;
};

TEST_F(NodeWatchTest, SeesATaskRunAndEnd) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  EXPECT_EQ(watch.Look(task, "m1").kind, Kind::kUnknown);
  node->SetState(task, TaskState::kRunning);
  Poll(watch);
  EXPECT_EQ(watch.Look(task, "m1").row.state, TaskState::kRunning);
  EXPECT_TRUE(watch.Look(task, "m1").running_since);
  node->Finish(task, "{}");
  Poll(watch);
  EXPECT_EQ(watch.Look(task, "m1").row.state, TaskState::kReported);
}

TEST_F(NodeWatchTest, SeesAReportThatComesLongAfterTheMachineWasDone) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  (void)watch.Look(task, "m1");
  node->SetState(task, TaskState::kRunning);
  Poll(watch);
  node->SetState(task, TaskState::kCompleted);
  Poll(watch, 20);
  clock.Advance(300s);
  node->Finish(task, "{}");  // completed_on lies five minutes back
  Poll(watch);
  EXPECT_EQ(watch.Look(task, "m1").row.state, TaskState::kReported);
  EXPECT_EQ(node->Calls(Call::kView), 0u);
}

TEST_F(NodeWatchTest, MakesTheSameFewRequestsWhateverTheNumberWaiting) {
  const auto requests = [this](int tasks) {
    auto node = Node();
    NodeWatch watch(node, {}, metrics, clock);
    for (int i = 0; i < tasks; ++i) {
      const TaskId task = node->AddForeign("m" + std::to_string(i));
      (void)watch.Look(task, "m" + std::to_string(i));
      if (i % 2 == 0) node->SetState(task, TaskState::kRunning);
    }
    Poll(watch, 12);
    return node->Calls(Call::kList) + node->Calls(Call::kView);
  };
  for (const int tasks : {2, 10, 100, 10'000}) EXPECT_EQ(requests(tasks), 12u * 2 + 4 * 2 + 3 * 3) << tasks;
}

TEST_F(NodeWatchTest, AsksForNoListWhereNobodyWaits) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  Poll(watch, 8);
  EXPECT_EQ(node->Calls(Call::kList), 0u);
  EXPECT_EQ(node->Calls(Call::kStatus), 8u);
}

TEST_F(NodeWatchTest, ReadsThousandsOfOthersInPages) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  for (int i = 0; i < 4'200; ++i) (void)node->AddForeign("not ours");
  const TaskId task = node->AddForeign("m");
  (void)watch.Look(task, "m");
  clock.Advance(1s);
  node->FinishAll("{}");
  Poll(watch);
  EXPECT_EQ(watch.Look(task, "m").row.state, TaskState::kReported);
  EXPECT_EQ(node->Calls(Call::kList), 1u + 5u);
}

TEST_F(NodeWatchTest, ReadsThousandsOfOursThatFinishedBetweenTwoPollsInOneList) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  std::vector<TaskId> tasks;
  for (int i = 0; i < 4'200; ++i) {
    tasks.push_back(node->AddForeign("m"));
    (void)watch.Look(tasks.back(), "m");
  }
  clock.Advance(1s);
  node->FinishAll("{}");
  Poll(watch);
  for (const TaskId task : tasks) ASSERT_EQ(watch.Look(task, "m").row.state, TaskState::kReported);
  EXPECT_EQ(node->Calls(Call::kList), 1u + 1u);
}

TEST_F(NodeWatchTest, ReadsOneDotTwoWithoutPages) {
  auto node = Node(Dialect::kCuckoo1);
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  (void)watch.Look(task, "m1");
  node->Finish(task, "{}");
  Poll(watch);
  EXPECT_EQ(watch.Look(task, "m1").row.state, TaskState::kReported);
}

TEST_F(NodeWatchTest, ViewsATaskThatListsDoNotShow) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  (void)watch.Look(task, "m1");
  node->HideFromLists(task);
  node->Finish(task, "{}");
  Poll(watch, 2);
  EXPECT_EQ(node->Calls(Call::kView), 0u);
  Poll(watch);
  EXPECT_EQ(node->Calls(Call::kView), 1u);
  EXPECT_EQ(watch.Look(task, "m1").row.state, TaskState::kReported);
}

TEST_F(NodeWatchTest, ViewsNothingForThatTheNodeWasAwayWhenAListWasDue) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  (void)watch.Look(node->AddForeign("m1"), "m1");  // pending, which each third poll asks for
  Poll(watch, 5);
  node->FailNext(Call::kList, Errc::kUnreachable);
  Poll(watch, 7);
  EXPECT_EQ(node->Calls(Call::kView), 0u);
}

TEST_F(NodeWatchTest, ViewsNoMoreThanItsRateInOnePoll) {
  auto node = Node();
  WatchSettings settings;
  settings.views_per_poll = 4;
  NodeWatch watch(node, settings, metrics, clock);
  for (int i = 0; i < 30; ++i) {
    const TaskId task = node->AddForeign("m");
    (void)watch.Look(task, "m");
    node->HideFromLists(task);
  }
  Poll(watch, 5);
  EXPECT_EQ(node->Calls(Call::kView), 3u * 4);
}

TEST_F(NodeWatchTest, TakesATaskAsVanishedOnlyAfterSeveralViews) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  (void)watch.Look(task, "m1");
  node->Erase(task);
  Poll(watch, 4);
  EXPECT_EQ(watch.Look(task, "m1").kind, Kind::kUnknown);
  Poll(watch, 1);
  EXPECT_EQ(watch.Look(task, "m1").kind, Kind::kVanished);
  EXPECT_EQ(node->Calls(Call::kView), 3u);
}

TEST_F(NodeWatchTest, TakesNothingAsVanishedWhileTheDatabaseIsLocked) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  (void)watch.Look(task, "m1");
  node->LockDatabase();
  Poll(watch, 30);
  EXPECT_EQ(watch.Look(task, "m1").kind, Kind::kUnknown);
  node->UnlockDatabase();
  node->Finish(task, "{}");
  Poll(watch, 4);
  EXPECT_EQ(watch.Look(task, "m1").row.state, TaskState::kReported);
}

TEST_F(NodeWatchTest, SaysThatAnIdGivenAgainIsForeign) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("brood:a:0");
  (void)watch.Look(task, "brood:a:0");
  node->Wipe();
  ASSERT_EQ(node->AddForeign("brood:b:0"), task);
  node->Finish(task, "{}");
  Poll(watch);
  EXPECT_EQ(watch.Look(task, "brood:a:0").kind, Kind::kForeign);
}

TEST_F(NodeWatchTest, SeesFailedAnalysesNowAndThen) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  (void)watch.Look(task, "m1");
  node->SetState(task, TaskState::kFailedAnalysis);
  Poll(watch, 4);
  EXPECT_EQ(watch.Look(task, "m1").row.state, TaskState::kFailedAnalysis);
}

TEST_F(NodeWatchTest, FollowsARecoveredTaskToItsSuccessor) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  (void)watch.Look(task, "m1");
  const TaskId next = node->Reschedule(task);
  Poll(watch, 4);
  const Sighting sighting = watch.Look(task, "m1");
  EXPECT_EQ(sighting.kind, Kind::kSeen);
  EXPECT_EQ(sighting.row.state, TaskState::kRecovered);
  EXPECT_EQ(sighting.successor, next);
}

TEST_F(NodeWatchTest, TellsARecoveredTaskWithoutSuccessorInTheEnd) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  (void)watch.Look(task, "m1");
  node->SetState(task, TaskState::kRecovered);
  Poll(watch, 7);
  EXPECT_EQ(watch.Look(task, "m1").row.state, TaskState::kRecovered);
  EXPECT_EQ(watch.Look(task, "m1").successor, std::nullopt);
}

TEST_F(NodeWatchTest, TurnsToViewsWhereListsAreAlwaysEmptyAndSaysSoOnce) {
  int warnings = 0;
  log::Listen([&warnings](log::Level level, const std::string& line) {
    if (level == log::Level::kWarning && line.find("lists are unusable") != std::string::npos) ++warnings;
  });
  auto node = Node(Dialect::kCuckoo1);
  node->EmptyLists();
  NodeWatch watch(node, {}, metrics, clock);
  std::vector<TaskId> tasks;
  for (int i = 0; i < 3; ++i) {
    tasks.push_back(node->AddForeign("m"));
    (void)watch.Look(tasks.back(), "m");
    node->SetState(tasks.back(), TaskState::kRunning);
  }
  Poll(watch, 16);
  EXPECT_EQ(warnings, 1);
  const std::size_t lists_before = node->Calls(Call::kList);
  node->FinishAll("{}");
  Poll(watch, 2);
  for (const TaskId task : tasks) EXPECT_EQ(watch.Look(task, "m").row.state, TaskState::kReported);
  EXPECT_LE(node->Calls(Call::kList) - lists_before, 5u);
  Poll(watch, 20);
  EXPECT_EQ(warnings, 1);
}

TEST_F(NodeWatchTest, TurnsToViewsWhereListsFail) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  (void)watch.Look(task, "m1");
  node->FailNext(Call::kList, Errc::kServerError, 1'000);
  Poll(watch, 3);
  node->Finish(task, "{}");
  Poll(watch, 2);
  EXPECT_EQ(watch.Look(task, "m1").row.state, TaskState::kReported);
}

TEST_F(NodeWatchTest, EndsAPollAtOnceWhereTheNodeDoesNotAnswerAndReturns) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const TaskId task = node->AddForeign("m1");
  (void)watch.Look(task, "m1");
  node->Down();
  const Time down_at = clock.Now();
  Poll(watch, 3);
  EXPECT_EQ(node->Calls(Call::kStatus), 3u);
  EXPECT_EQ(node->Calls(Call::kList), 0u);
  EXPECT_FALSE(watch.NodeHealth().reachable);
  EXPECT_EQ(watch.NodeHealth().since, down_at);
  EXPECT_FALSE(watch.NodeHealth().trouble.empty());
  node->Up();
  node->Finish(task, "{}");
  Poll(watch);
  EXPECT_TRUE(watch.NodeHealth().reachable);
  EXPECT_EQ(watch.Look(task, "m1").row.state, TaskState::kReported);
}

TEST_F(NodeWatchTest, MarksANodeStalledWhereTasksWaitAndNoneRuns) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  node->AddForeign("m1");
  Poll(watch);
  clock.Advance(590s);
  Poll(watch);
  EXPECT_FALSE(watch.NodeHealth().stalled);
  Poll(watch);
  EXPECT_TRUE(watch.NodeHealth().stalled);
  node->SetState(TaskId{1}, TaskState::kRunning);
  Poll(watch);
  EXPECT_FALSE(watch.NodeHealth().stalled);
}

TEST_F(NodeWatchTest, PollsOnItsOwnThreadUntilStopped) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  const auto wait_for_status = [&](std::size_t calls) {
    while (node->Calls(Call::kStatus) < calls) {
      clock.Advance(1s);
      std::this_thread::yield();
    }
  };
  watch.Start();
  wait_for_status(3);
  watch.Stop();
  watch.Stop();
  const std::size_t calls = node->Calls(Call::kStatus);
  clock.Advance(60s);
  EXPECT_EQ(node->Calls(Call::kStatus), calls);
}

TEST_F(NodeWatchTest, CountsWhatItAsks) {
  auto node = Node();
  NodeWatch watch(node, {}, metrics, clock);
  (void)watch.Look(node->AddForeign("m1"), "m1");
  Poll(watch, 2);
  const metrics::Labels labels{{"node", node->Url().Get()}};
  EXPECT_EQ(metrics.Find("brood_sandbox_polls_total", labels), 2.0);
  EXPECT_EQ(metrics.Find("brood_sandbox_lists_total", labels), 4.0);
  EXPECT_EQ(metrics.Find("brood_sandbox_watched_tasks", labels), 1.0);
}

}  // namespace
}  // namespace brood::sandbox
