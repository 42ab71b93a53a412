#include "stages/check_results/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace brood::stages::check_results {
namespace {

using sandbox::Sighting;
using sandbox::TaskState;
using testing::HasSubstr;
using Health = sandbox::NodeWatch::Health;

const Time kNow{std::chrono::seconds{1'700'000'000}};
const Patience kPatience;

Sighting Seen(TaskState state) {
  Sighting sighting;
  sighting.kind = Sighting::Kind::kSeen;
  sighting.row.state = state;
  return sighting;
}

Sighting Kind(Sighting::Kind kind) {
  Sighting sighting;
  sighting.kind = kind;
  return sighting;
}

Health DownFor(Millis time) { return {false, false, kNow - time, "connection refused"}; }

Judgement JudgeNow(const Sighting& sighting, const History& history = {}, const Health& health = {},
                   const Patience& patience = kPatience, std::int64_t timeout_s = 0) {
  return Judge(sighting, health, history, timeout_s, patience, kNow);
}

struct StateCase {
  TaskState state;
  Next next;
};

class EveryState : public testing::TestWithParam<StateCase> {};

TEST_P(EveryState, LeadsToItsJudgement) {
  const Judgement judgement = JudgeNow(Seen(GetParam().state));
  EXPECT_EQ(judgement.next, GetParam().next);
  const std::string expected =
      GetParam().next == Next::kLost ? std::string(sandbox::Name(GetParam().state)) : "";
  EXPECT_THAT(judgement.why, HasSubstr(expected));
}

INSTANTIATE_TEST_SUITE_P(Of, EveryState,
                         testing::Values(StateCase{TaskState::kPending, Next::kWait},
                                         StateCase{TaskState::kRunning, Next::kWait},
                                         StateCase{TaskState::kCompleted, Next::kWait},
                                         StateCase{TaskState::kReported, Next::kReported},
                                         StateCase{TaskState::kFailedAnalysis, Next::kLost},
                                         StateCase{TaskState::kFailedProcessing, Next::kLost},
                                         StateCase{TaskState::kFailedReporting, Next::kLost},
                                         StateCase{TaskState::kBanned, Next::kLost},
                                         StateCase{TaskState::kDistributed, Next::kWait},
                                         StateCase{TaskState::kUnknown, Next::kWait}),
                         [](const auto& test) { return std::string(sandbox::Name(test.param.state)); });

TEST(Judge, AFailedTaskIsLostWithTheSandboxsWords) {
  Sighting failed = Seen(TaskState::kFailedAnalysis);
  failed.row.errors = {"the guest did not answer", "time-out"};
  EXPECT_EQ(JudgeNow(failed).why, "the sandbox says failed_analysis: the guest did not answer; time-out");
}

TEST(Judge, MaxWaitCountsOnTopOfTheTasksOwnTimeoutFromWhenItWasSeenRunning) {
  const std::int64_t timeout_s = 300;
  const Millis bound = Millis{timeout_s * 1'000} + kPatience.max_wait;
  for (const TaskState state : {TaskState::kRunning, TaskState::kCompleted, TaskState::kUnknown}) {
    EXPECT_EQ(JudgeNow(Seen(state), {{}, kNow - bound}, {}, kPatience, timeout_s).next, Next::kWait);
    EXPECT_EQ(JudgeNow(Seen(state), {{}, kNow - bound - Millis{1}}, {}, kPatience, timeout_s).next,
              Next::kLost);
  }
}

TEST(Judge, ATaskWithoutATimeoutHasTheNodesDefault) {
  const Millis bound = kPatience.default_timeout + kPatience.max_wait;
  EXPECT_EQ(JudgeNow(Seen(TaskState::kRunning), {{}, kNow - bound}).next, Next::kWait);
  EXPECT_EQ(JudgeNow(Seen(TaskState::kRunning), {{}, kNow - bound - Millis{1}}).next, Next::kLost);
}

TEST(Judge, AShortLimitIsToldInSeconds) {
  Patience short_limit;
  short_limit.default_timeout = Millis{10'000};
  short_limit.max_wait = Millis{5'000};
  EXPECT_EQ(JudgeNow(Seen(TaskState::kRunning), {{}, kNow - Millis{16'500}}, {}, short_limit).why,
            "the task was still running after 16 seconds");
}

TEST(Judge, ATimeoutBeyondAllMeasureStillEnds) {
  const auto most = std::numeric_limits<std::int64_t>::max();
  const History long_ago{{}, kNow - std::chrono::hours{24 * 40}};
  EXPECT_EQ(JudgeNow(Seen(TaskState::kRunning), long_ago, {}, kPatience, most).next, Next::kLost);
}

TEST(Judge, ThatATaskRunsIsToldOnceWithTheTimeItWasFirstSeen) {
  Sighting running = Seen(TaskState::kRunning);
  running.running_since = kNow - Millis{7'000};
  EXPECT_EQ(JudgeNow(running).first_running, kNow - Millis{7'000});
  running.running_since.reset();
  EXPECT_EQ(JudgeNow(running).first_running, kNow);
  EXPECT_FALSE(JudgeNow(running, {{}, kNow - Millis{1}}).first_running);
  EXPECT_FALSE(JudgeNow(Seen(TaskState::kPending)).first_running);
}

TEST(Judge, WaitingForAMachineIsNotCountedUnlessItIsBounded) {
  const History days{kNow - std::chrono::hours{72}, {}};
  EXPECT_EQ(JudgeNow(Seen(TaskState::kPending), days).next, Next::kWait);
  Patience bounded;
  bounded.max_pending = std::chrono::hours{71};
  EXPECT_EQ(JudgeNow(Seen(TaskState::kPending), days, {}, bounded).next, Next::kLost);
  bounded.max_pending = std::chrono::hours{72};
  EXPECT_EQ(JudgeNow(Seen(TaskState::kPending), days, {}, bounded).next, Next::kWait);
}

TEST(Judge, AVanishedAndAForeignTaskAreLostWhateverTheNodeIsDoing) {
  for (const Health& health : {Health{}, DownFor(Millis{1'000})}) {
    EXPECT_EQ(JudgeNow(Kind(Sighting::Kind::kVanished), {}, health).next, Next::kLost);
    EXPECT_EQ(JudgeNow(Kind(Sighting::Kind::kForeign), {}, health).next, Next::kLost);
  }
}

TEST(Judge, ATaskThatNobodyHasSeenYetWaits) {
  const History days{kNow - std::chrono::hours{72}, {}};
  EXPECT_EQ(JudgeNow(Kind(Sighting::Kind::kUnknown), days).next, Next::kWait);
}

TEST(Judge, ANodeOutOfReachLosesItsTasksAfterDeadAfter) {
  for (const Sighting& sighting :
       {Kind(Sighting::Kind::kUnknown), Seen(TaskState::kPending), Seen(TaskState::kRunning)}) {
    EXPECT_EQ(JudgeNow(sighting, {}, DownFor(kPatience.dead_after)).next, Next::kWait);
    const Judgement lost = JudgeNow(sighting, {}, DownFor(kPatience.dead_after + Millis{1}));
    EXPECT_EQ(lost.next, Next::kLost);
    EXPECT_THAT(lost.why, HasSubstr("connection refused"));
  }
}

TEST(Judge, TimeOutOfReachIsNoRunningTime) {
  const History overdue{{}, kNow - std::chrono::hours{1}};
  EXPECT_EQ(JudgeNow(Seen(TaskState::kRunning), overdue, DownFor(Millis{1'000})).next, Next::kWait);
}

TEST(Judge, AReportedTaskMovesOnEvenIfItsNodeJustWentAway) {
  EXPECT_EQ(JudgeNow(Seen(TaskState::kReported), {}, DownFor(std::chrono::hours{9})).next, Next::kReported);
}

TEST(Judge, ARecoveredTaskGoesOnAsItsSuccessor) {
  Sighting recovered = Seen(TaskState::kRecovered);
  recovered.successor = model::TaskId{8};
  const Judgement judgement = JudgeNow(recovered);
  EXPECT_EQ(judgement.next, Next::kGoesOnAs);
  EXPECT_EQ(judgement.successor, model::TaskId{8});
}

TEST(Judge, ARecoveredTaskWithoutASuccessorIsLost) {
  EXPECT_EQ(JudgeNow(Seen(TaskState::kRecovered)).next, Next::kLost);
}

/// Fed `fed_ago`, and by the node's own dates (a clock years off) running since `ran_after` later.
Sighting RunningSince(Millis ran_after) {
  Sighting running = Seen(TaskState::kRunning);
  running.row.added_on = Time{std::chrono::seconds{1'000}};
  running.row.started_on = *running.row.added_on + ran_after;
  return running;
}

TEST(Judge, ALaterHolderTakesTheNodesWordForWhenTheTaskBeganToRun) {
  const Millis bound = kPatience.default_timeout + kPatience.max_wait;
  const Millis pending{5'000};
  History history{kNow - bound - pending, {}, History::Holder::kLater};
  EXPECT_EQ(JudgeNow(RunningSince(pending), history).next, Next::kWait);
  EXPECT_EQ(JudgeNow(RunningSince(pending), history).first_running, kNow - bound);
  EXPECT_EQ(JudgeNow(RunningSince(pending - Millis{1}), history).next, Next::kLost);
  history.holder = History::Holder::kFirst;
  EXPECT_EQ(JudgeNow(RunningSince(pending - Millis{1}), history).first_running, kNow);
}

TEST(Judge, ALaterHolderWithoutUsableDatesStartsAnew) {
  const History history{kNow - std::chrono::hours{72}, {}, History::Holder::kLater};
  EXPECT_EQ(JudgeNow(Seen(TaskState::kRunning), history).first_running, kNow);
  EXPECT_EQ(JudgeNow(RunningSince(Millis{-1}), history).first_running, kNow) << "the node's clock was put back";
  EXPECT_EQ(JudgeNow(RunningSince(std::chrono::hours{73}), history).first_running, kNow)
      << "nor does it run later";
}

TEST(HistoryOf, TakesTheTimeOfFeedingBeforeThatOfTheSubmission) {
  const broker::Message message{"", "", {{"first-seen", "1000"}, {"first-running", "5000"}}, false};
  EXPECT_EQ(HistoryOf(message, Time{}).first_seen, FromMillis(1'000));
  EXPECT_EQ(HistoryOf(message, FromMillis(3'000)).first_seen, FromMillis(3'000));
  EXPECT_EQ(HistoryOf(message, Time{}).first_running, FromMillis(5'000));
  EXPECT_FALSE(HistoryOf({"", "", {{"first-running", "soon"}}, false}, Time{}).first_running);
}

TEST(HistoryOf, ATaskThatTookOverCountsFromThen) {
  const broker::Message message{"", "", {{"rescheduled", "4000"}}, true};
  EXPECT_EQ(HistoryOf(message, FromMillis(3'000)).first_seen, FromMillis(4'000));
  EXPECT_EQ(HistoryOf(message, FromMillis(3'000)).holder, History::Holder::kLater);
}

}  // namespace
}  // namespace brood::stages::check_results
