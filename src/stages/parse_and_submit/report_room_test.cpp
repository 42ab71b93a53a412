#include "stages/parse_and_submit/report_room.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace brood::stages::parse_and_submit {
namespace {

struct ReportRoomTest : testing::Test {
  metrics::Registry metrics;
  ReportRoom room{100, metrics};
  double Held() { return metrics.Find("brood_parse_and_submit_held_bytes").value(); }
};

TEST_F(ReportRoomTest, IsSharedUntilItIsFull) {
  ReportRoom::Share first(room), second(room);
  EXPECT_TRUE(first.Grow(40));
  EXPECT_TRUE(second.Grow(50));
  EXPECT_TRUE(first.Grow(50));
  EXPECT_EQ(Held(), 100);
  second.GiveBack();
  EXPECT_EQ(Held(), 50);
}

TEST_F(ReportRoomTest, OneReportMayHaveWhateverItNeedsAndNoOtherMoreThanIsLeft) {
  ReportRoom::Share first(room), second(room), third(room);
  EXPECT_TRUE(first.Grow(60));
  EXPECT_TRUE(second.Grow(90)) << "somebody must come to an end";
  EXPECT_TRUE(second.Grow(1'000));
  EXPECT_FALSE(first.Grow(70));
  EXPECT_FALSE(third.Grow(1));
  second.GiveBack();
  EXPECT_TRUE(first.Grow(70));
}

TEST_F(ReportRoomTest, WhoFoundNoRoomGivesBackAndWaitsForItsTurn) {
  ReportRoom::Share first(room), second(room);
  ASSERT_TRUE(first.Grow(1'000));
  ASSERT_FALSE(second.Grow(1));
  std::jthread waiting([&](const std::stop_token& stop) {
    ASSERT_TRUE(second.WaitForTurn(stop));
    EXPECT_TRUE(second.Grow(2'000));
  });
  first.GiveBack();
  waiting.join();
  EXPECT_EQ(Held(), 2'000);
  EXPECT_EQ(metrics.Find("brood_parse_and_submit_put_down_total"), 1);
}

TEST_F(ReportRoomTest, AStopEndsTheWaitingAndAnEndGivesBack) {
  {
    ReportRoom::Share first(room), second(room);
    ASSERT_TRUE(first.Grow(1'000));
    std::jthread waiting([&](const std::stop_token& stop) { EXPECT_FALSE(second.WaitForTurn(stop)); });
    waiting.request_stop();
    waiting.join();
  }
  EXPECT_EQ(Held(), 0);
}

}  // namespace
}  // namespace brood::stages::parse_and_submit
