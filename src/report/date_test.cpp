#include "report/date.hpp"

#include <gtest/gtest.h>

namespace brood::report {
namespace {

TEST(Date, ReadsEpochsAsUtcAndDropsTheFraction) {
  EXPECT_EQ(DateFromEpoch(1501027348.929353), "2017-07-26 00:02:28");
  EXPECT_EQ(DateFromEpoch(0), "1970-01-01 00:00:00");
  EXPECT_EQ(DateFromEpoch(-1), "1969-12-31 23:59:59");
}

TEST(Date, RefusesEpochsThatAreNoDate) {
  EXPECT_FALSE(DateFromEpoch(1e300));
  EXPECT_FALSE(DateFromEpoch(-1e11));
  EXPECT_FALSE(DateFromEpoch(1501027348929));  // milliseconds: a year far off
}

TEST(Date, ReadsTheTextsThatSandboxesWrite) {
  EXPECT_EQ(DateFromText("2017-05-22 10:38:36"), "2017-05-22 10:38:36");
  EXPECT_EQ(DateFromText(" 2021-07-07T16:01:11.028462 "), "2021-07-07 16:01:11");
  EXPECT_EQ(DateFromText("2024-02-29T23:59:59Z"), "2024-02-29 23:59:59");
}

TEST(Date, TurnsAZoneIntoUtc) {
  EXPECT_EQ(DateFromText("2024-03-01T00:30:00+02:00"), "2024-02-29 22:30:00");
  EXPECT_EQ(DateFromText("2024-12-31 23:00:00.5 -0130"), "2025-01-01 00:30:00");
}

TEST(Date, RefusesWhatIsNoDate) {
  for (const char* text : {"", "none", "2017-05-22", "2017-13-22 10:38:36", "2023-02-29 00:00:00",
                           "2017-05-22 24:00:00", "2017-05-22 10:38:36 CET", "22.05.2017 10:38:36"}) {
    EXPECT_FALSE(DateFromText(text)) << text;
  }
}

}  // namespace
}  // namespace brood::report
