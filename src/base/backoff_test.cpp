#include "base/backoff.hpp"

#include <gtest/gtest.h>

namespace brood {
namespace {

TEST(Backoff, GrowsFromFirstToMaxAndStaysThere) {
  const Backoff backoff{.first = Millis{100}, .max = Millis{1'000}, .factor = 2.0};
  EXPECT_EQ(backoff.After(0), Millis{0});
  EXPECT_EQ(backoff.After(1), Millis{100});
  EXPECT_EQ(backoff.After(3), Millis{400});
  EXPECT_EQ(backoff.After(5), Millis{1'000});
  EXPECT_EQ(backoff.After(100'000), Millis{1'000});
}

}  // namespace
}  // namespace brood
