#include "base/clock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace brood {
namespace {

TEST(ManualClock, WaitForReturnsWhenTheClockHasMovedPastItsEndAndNotBefore) {
  ManualClock clock;
  const Time start = clock.Now();
  std::atomic<Time> returned{start};
  std::atomic<bool> waits{true};
  std::jthread waiter([&] {
    clock.WaitFor(Millis{5'000}, {});
    returned = clock.Now();
    waits = false;
  });
  while (waits) {
    clock.Advance(Millis{1'000});
    std::this_thread::yield();
  }
  EXPECT_GE(returned.load() - start, Millis{5'000});
}

TEST(ManualClock, WaitForEndsWhenStopIsRequested) {
  ManualClock clock;
  std::stop_source stop;
  std::jthread waiter([&] { clock.WaitFor(Millis{1'000'000}, stop.get_token()); });
  stop.request_stop();
  waiter.join();
  SUCCEED();
}

TEST(ManualClock, WaitUntilReturnsAtOnceForATimeThatHasPassed) {
  ManualClock clock;
  const Time due = clock.Now() + Millis{5};
  clock.Advance(Millis{5});
  clock.WaitUntil(due, {});
  EXPECT_EQ(clock.Now(), due);
}

TEST(SystemClock, WaitForEndsAtOnceWhenStopWasRequestedBefore) {
  SystemClock clock;
  std::stop_source stop;
  stop.request_stop();
  const Time before = clock.Now();
  clock.WaitFor(Millis{600'000}, stop.get_token());
  EXPECT_LT(clock.Now() - before, Millis{60'000});
}

TEST(FormatUtc, PrintsWholeSecondsInUtc) {
  EXPECT_EQ(FormatUtc(FromMillis(1'574'854'155'999)), "2019-11-27 11:29:15");
  EXPECT_EQ(FormatUtc(FromMillis(0)), "1970-01-01 00:00:00");
}

}  // namespace
}  // namespace brood
