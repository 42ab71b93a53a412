#include "sandbox/sightings.hpp"

#include <gtest/gtest.h>

namespace brood::sandbox {
namespace {

using namespace std::chrono_literals;
using model::TaskId;
using Kind = Sighting::Kind;

constexpr Time kStart{std::chrono::seconds{1'700'000'000}};
const TaskId kTask{7};
const std::string kMarker = "brood:m:0";

TaskRow Row(TaskState state, std::string custom = "user text " + kMarker) {
  TaskRow row;
  row.id = kTask;
  row.state = state;
  row.custom = std::move(custom);
  return row;
}

struct SightingsTest : ::testing::Test {
  SightingsTest() { EXPECT_EQ(Look().kind, Kind::kUnknown); }
  Sighting Look(Time now = kStart) { return sightings.Look(kTask, kMarker, now); }

  Sightings sightings{WatchSettings{}};
};

TEST_F(SightingsTest, BelieveARow) {
  sightings.Saw(Row(TaskState::kReported), kStart + 1s);
  const Sighting sighting = Look();
  EXPECT_EQ(sighting.kind, Kind::kSeen);
  EXPECT_EQ(sighting.row.state, TaskState::kReported);
  EXPECT_EQ(sighting.seen_at, kStart + 1s);
}

TEST_F(SightingsTest, RememberWhenATaskWasFirstSeenRunning) {
  sightings.Saw(Row(TaskState::kRunning), kStart + 1s);
  sightings.Saw(Row(TaskState::kRunning), kStart + 9s);
  EXPECT_EQ(Look().running_since, kStart + 1s);
}

TEST_F(SightingsTest, ShowAnotherSubmissionsTaskAsForeign) {
  sightings.Saw(Row(TaskState::kReported, "brood:other:0"), kStart);
  EXPECT_EQ(Look().kind, Kind::kForeign);
  EXPECT_EQ(sightings.Look(kTask, "", kStart).kind, Kind::kSeen);
}

TEST_F(SightingsTest, IgnoreTasksNobodyWaitsFor) {
  TaskRow other = Row(TaskState::kReported);
  other.id = TaskId{8};
  sightings.Saw(other, kStart);
  EXPECT_EQ(sightings.Size(), 1u);
}

TEST_F(SightingsTest, KeepTheWindowAtTheLastTimeATaskWasKnownToBeOpen) {
  EXPECT_EQ(sightings.OpenAt(), kStart);
  sightings.Saw(Row(TaskState::kRunning), kStart + 10s);
  EXPECT_EQ(sightings.OpenAt(), kStart + 10s);
  sightings.Saw(Row(TaskState::kCompleted), kStart + 20s);
  EXPECT_EQ(sightings.OpenAt(), kStart + 10s) << "it completed at some time after that";
  sightings.Saw(Row(TaskState::kReported), kStart + 30s);
  EXPECT_EQ(sightings.OpenAt(), std::nullopt);
}

TEST_F(SightingsTest, AskForATaskThatNoListHasShownForLong) {
  sightings.EndLists();
  sightings.EndLists();
  EXPECT_TRUE(sightings.OutOfSight(3, 10).empty());
  sightings.EndLists();
  EXPECT_EQ(sightings.OutOfSight(3, 10), std::vector{kTask});
  sightings.Saw(Row(TaskState::kPending), kStart);
  EXPECT_TRUE(sightings.OutOfSight(1, 10).empty());
}

TEST_F(SightingsTest, DoNotMissATaskInListsThatAreOlderThanTheFirstQuestionAboutIt) {
  sightings.BeginLists(kStart - 1s);
  sightings.EndLists();
  EXPECT_TRUE(sightings.OutOfSight(1, 10).empty());
  sightings.BeginLists(kStart);
  sightings.EndLists();
  EXPECT_EQ(sightings.OutOfSight(1, 10), std::vector{kTask});
}

TEST_F(SightingsTest, AskForTheLongestUnseenFirst) {
  sightings.EndLists();
  (void)sightings.Look(TaskId{3}, "", kStart);
  sightings.EndLists();
  EXPECT_EQ(sightings.OutOfSight(1, 1), std::vector{kTask});
  EXPECT_EQ(sightings.OutOfSight(1, 9), (std::vector{kTask, TaskId{3}}));
}

TEST_F(SightingsTest, NeedSeveralNotFoundsBeforeATaskHasVanished) {
  const SandboxError not_found{Errc::kNotFound, "http://n: view task 7: 404"};
  sightings.ViewFailed(kTask, not_found);
  sightings.ViewFailed(kTask, not_found);
  EXPECT_EQ(Look().kind, Kind::kUnknown);
  EXPECT_EQ(Look().trouble, not_found.what);
  sightings.ViewFailed(kTask, not_found);
  EXPECT_EQ(Look().kind, Kind::kVanished);
}

TEST_F(SightingsTest, CountNotFoundsAnewAfterARow) {
  const SandboxError not_found{Errc::kNotFound, "404"};
  for (int i = 0; i < 5; ++i) {
    sightings.ViewFailed(kTask, not_found);
    sightings.ViewFailed(kTask, not_found);
    sightings.Saw(Row(TaskState::kRunning), kStart);
  }
  EXPECT_EQ(Look().kind, Kind::kSeen);
}

TEST_F(SightingsTest, GiveUpATaskThatTheNodeCanNeverShow) {
  for (int i = 0; i < 8; ++i) sightings.ViewFailed(kTask, {Errc::kServerError, "500"});
  EXPECT_EQ(Look().kind, Kind::kUnknown);
  sightings.ViewFailed(kTask, {Errc::kServerError, "500"});
  EXPECT_EQ(Look().kind, Kind::kVanished);
  EXPECT_EQ(Look().trouble, "500");
}

TEST_F(SightingsTest, TellARecoveredTaskOnlyWithItsSuccessor) {
  sightings.Saw(Row(TaskState::kRecovered), kStart);
  EXPECT_EQ(Look().kind, Kind::kUnknown);
  ASSERT_EQ(sightings.WithoutSuccessor(5).size(), 1u);
  EXPECT_EQ(sightings.WithoutSuccessor(5)[0].marker, kMarker);
  TaskRow next = Row(TaskState::kPending);
  next.id = TaskId{9};
  sightings.SearchBrought(kTask, {Row(TaskState::kRecovered), next});
  const Sighting sighting = Look();
  EXPECT_EQ(sighting.kind, Kind::kSeen);
  EXPECT_EQ(sighting.row.state, TaskState::kRecovered);
  EXPECT_EQ(sighting.successor, TaskId{9});
  EXPECT_TRUE(sightings.WithoutSuccessor(5).empty());
  sightings.Saw(Row(TaskState::kRecovered), kStart);
  EXPECT_EQ(Look().successor, TaskId{9});
}

TEST_F(SightingsTest, TellARecoveredTaskWithoutSuccessorAfterSeveralSearches) {
  sightings.Saw(Row(TaskState::kRecovered), kStart);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Look().kind, Kind::kUnknown);
    sightings.SearchBrought(kTask, {Row(TaskState::kRecovered)});
  }
  EXPECT_EQ(Look().kind, Kind::kSeen);
  EXPECT_EQ(Look().successor, std::nullopt);
}

TEST_F(SightingsTest, DropWhatNobodyAsksFor) {
  sightings.DropUnasked(kStart + 900s);
  EXPECT_EQ(sightings.Size(), 1u);
  sightings.DropUnasked(kStart + 901s);
  EXPECT_EQ(sightings.Size(), 0u);
}

}  // namespace
}  // namespace brood::sandbox
