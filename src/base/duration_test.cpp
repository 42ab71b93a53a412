#include "base/duration.hpp"

#include <gtest/gtest.h>

namespace brood {
namespace {

using namespace std::chrono_literals;

TEST(HumanDuration, UsesTheLargestUnitOfWhichThereAreTwo) {
  EXPECT_EQ(HumanDuration(0ms), "0 milliseconds");
  EXPECT_EQ(HumanDuration(1ms), "1 millisecond");
  EXPECT_EQ(HumanDuration(999ms), "999 milliseconds");
  EXPECT_EQ(HumanDuration(1s), "1 second");
  EXPECT_EQ(HumanDuration(45'900ms), "45 seconds");
  EXPECT_EQ(HumanDuration(119s), "119 seconds");
  EXPECT_EQ(HumanDuration(12min + 59s), "12 minutes");
  EXPECT_EQ(HumanDuration(119min), "119 minutes");
  EXPECT_EQ(HumanDuration(3h + 59min), "3 hours");
  EXPECT_EQ(HumanDuration(47h), "47 hours");
  EXPECT_EQ(HumanDuration(50h), "2 days");
}

}  // namespace
}  // namespace brood
