#include "store/recent_reports.hpp"

#include <gtest/gtest.h>

namespace brood::store {
namespace {

class RecentReportsTest : public testing::Test {
 protected:
  static ReportKey Key(const std::string& id, std::int64_t fed_at = 1) {
    return {id, {FromMillis(fed_at), id + ":0"}};
  }
  void Put(const ReportKey& key, std::size_t bytes = 10) {
    auto report = std::make_shared<model::Report>();
    report->sha256 = key.id;
    recent_.Put(key, std::move(report), bytes);
  }

  metrics::Registry metrics_;
  RecentReports recent_{100, metrics_};
};

TEST_F(RecentReportsTest, AReportIsHandedOutOnce) {
  Put(Key("a"));
  const auto report = recent_.Take(Key("a"));
  ASSERT_NE(report, nullptr);
  EXPECT_EQ(report->sha256, "a");
  EXPECT_EQ(recent_.Take(Key("a")), nullptr);
}

TEST_F(RecentReportsTest, AnotherRunOfTheSameSampleIsAnotherReport) {
  Put(Key("a", 1));
  EXPECT_EQ(recent_.Take(Key("a", 2)), nullptr);
  EXPECT_NE(recent_.Take(Key("a", 1)), nullptr);
}

TEST_F(RecentReportsTest, TheOldestMakeRoom) {
  for (const char* id : {"a", "b", "c", "d", "e"}) Put(Key(id), 25);
  EXPECT_EQ(recent_.Take(Key("a")), nullptr);
  EXPECT_NE(recent_.Take(Key("b")), nullptr);
  EXPECT_NE(recent_.Take(Key("e")), nullptr);
}

TEST_F(RecentReportsTest, WhatWasTakenTakesNoRoom) {
  for (int i = 0; i < 1'000; ++i) {
    const ReportKey key = Key(std::to_string(i));
    Put(key, 25);
    ASSERT_NE(recent_.Take(key), nullptr);
  }
  for (const char* id : {"a", "b", "c", "d"}) Put(Key(id), 25);
  EXPECT_NE(recent_.Take(Key("a")), nullptr);
}

TEST_F(RecentReportsTest, AReportThatWouldDriveOutTheOthersIsNotKept) {
  Put(Key("a"));
  Put(Key("large"), 26);
  EXPECT_EQ(recent_.Take(Key("large")), nullptr);
  EXPECT_NE(recent_.Take(Key("a")), nullptr);
}

TEST_F(RecentReportsTest, TheSameReportTwiceIsKeptOnce) {
  Put(Key("a"), 25);
  Put(Key("a"), 25);
  for (const char* id : {"b", "c", "d"}) Put(Key(id), 25);
  EXPECT_NE(recent_.Take(Key("a")), nullptr);
}

TEST_F(RecentReportsTest, SaysHowOftenItHelped) {
  Put(Key("a"));
  (void)recent_.Take(Key("a"));
  (void)recent_.Take(Key("a"));
  EXPECT_EQ(metrics_.Find("brood_recent_reports_total", {{"found", "yes"}}).value_or(0), 1);
  EXPECT_EQ(metrics_.Find("brood_recent_reports_total", {{"found", "no"}}).value_or(0), 1);
}

}  // namespace
}  // namespace brood::store
