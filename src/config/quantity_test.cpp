#include "config/quantity.hpp"

#include <gtest/gtest.h>

namespace brood::config {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, ReadsEachUnitAndABareNumberAsSeconds) {
  EXPECT_EQ(ParseDuration("250ms"), 250ms);
  EXPECT_EQ(ParseDuration("5s"), 5s);
  EXPECT_EQ(ParseDuration("10m"), 10min);
  EXPECT_EQ(ParseDuration("2h"), 2h);
  EXPECT_EQ(ParseDuration("7d"), 168h);
  EXPECT_EQ(ParseDuration("30"), 30s);
  EXPECT_EQ(ParseDuration("0"), 0s);
  EXPECT_EQ(ParseDuration(" 5S "), 5s);
}

TEST(ParseDuration, AddsJoinedParts) { EXPECT_EQ(ParseDuration("1h30m"), 90min); }

TEST(ParseDuration, RefusesWhatIsNone) {
  for (const char* text : {"", "s", "5x", "5 s", "-5s", "1.5h", "5s5", "h5", "99999999999999999999s",
                           "9223372036854775807", "9223372036854775807h", "9223372036854775807ms1ms"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(FormatDuration, TakesTheLargestExactUnitAndReadsBack) {
  EXPECT_EQ(FormatDuration(0ms), "0s");
  EXPECT_EQ(FormatDuration(90s), "90s");
  EXPECT_EQ(FormatDuration(90min), "90m");
  EXPECT_EQ(FormatDuration(1h), "1h");
  EXPECT_EQ(FormatDuration(48h), "2d");
  EXPECT_EQ(FormatDuration(1'500ms), "1500ms");
  for (const Millis duration : {Millis{1}, Millis{999}, Millis{61'000}, Millis{86'400'000}}) {
    EXPECT_EQ(ParseDuration(FormatDuration(duration)), duration);
  }
}

TEST(ParseBytes, ReadsDecimalAndBinaryUnitsInAnyCase) {
  EXPECT_EQ(ParseBytes("512"), 512);
  EXPECT_EQ(ParseBytes("512B"), 512);
  EXPECT_EQ(ParseBytes("10KB"), 10'000);
  EXPECT_EQ(ParseBytes("10 kib"), 10'240);
  EXPECT_EQ(ParseBytes("100MiB"), 100 * kMiB);
  EXPECT_EQ(ParseBytes("2gb"), 2'000'000'000);
  EXPECT_EQ(ParseBytes("1TiB"), 1024 * kGiB);
}

TEST(ParseBytes, RefusesWhatIsNone) {
  for (const char* text :
       {"", "MiB", "-1", "1.5GiB", "10K", "10 M B", "9999999999999999999", "9000000TiB0", "8388608TiB"}) {
    EXPECT_EQ(ParseBytes(text), std::nullopt) << text;
  }
}

TEST(FormatBytes, IsExactAndShort) {
  EXPECT_EQ(FormatBytes(0), "0B");
  EXPECT_EQ(FormatBytes(513), "513B");
  EXPECT_EQ(FormatBytes(100 * kMiB), "100MiB");
  EXPECT_EQ(FormatBytes(2'000'000'000), "2GB");
  EXPECT_EQ(FormatBytes(1536 * kMiB), "1536MiB");
  for (const std::int64_t bytes : {std::int64_t{1}, std::int64_t{1'000'001}, 3 * kGiB}) {
    EXPECT_EQ(ParseBytes(FormatBytes(bytes)), bytes);
  }
}

}  // namespace
}  // namespace brood::config
