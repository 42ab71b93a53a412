#include "stage/alarm.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace brood::stage {
namespace {

TEST(Alarm, ARingBeforeTheSleepIsNotLost) {
  ManualClock clock;
  Alarm alarm(clock);
  alarm.Ring();
  alarm.SleepUntil(std::nullopt);  // for ever, if it were
  SUCCEED();
}

TEST(Alarm, ATimeThatHasComeEndsTheSleep) {
  ManualClock clock;
  Alarm alarm(clock);
  const Time due = clock.Now() + Millis{5};
  std::jthread sleeper([&] { alarm.SleepUntil(due); });
  clock.Advance(Millis{5});
  sleeper.join();
  SUCCEED();
}

TEST(Alarm, ARingEndsTheSleep) {
  ManualClock clock;
  Alarm alarm(clock);
  for (int i = 0; i < 1'000; ++i) {
    std::jthread sleeper([&] { alarm.SleepUntil(std::nullopt); });
    alarm.Ring();
  }
  SUCCEED();
}

}  // namespace
}  // namespace brood::stage
