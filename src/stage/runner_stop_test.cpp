#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <latch>
#include <mutex>

#include "base/log.hpp"
#include "stage/testing/running.hpp"

namespace brood::stage {
namespace {

using broker::Errc;
using testing::Eventually;
using testing::Running;
using Messages = std::span<const broker::Message>;
using Texts = std::vector<std::string>;

std::vector<Fate> Copy(Messages batch, const Turn&) {
  std::vector<Fate> fates;
  for (const auto& message : batch) fates.push_back(Done{{{"out", message.body, {}}}});
  return fates;
}

TEST(RunnerStop, WhatIsHeldGoesBack) {
  Running run([](Messages, const Turn&) { return std::vector<Fate>{Hold{Millis{60'000}, "busy", {}}}; });
  run.source.Put("a");
  run.source.Put("b");
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Handled("hold") == 2; }));
  run.Stop();
  EXPECT_EQ(run.source.GivenBack(), (Texts{"a", "b"}));
  EXPECT_EQ(run.source.InHand(), 0U);
}

TEST(RunnerStop, WhatIsHeldWithNewHeadersIsPublishedAgainSoThatTheyAreKept) {
  Running run([](Messages, const Turn&) {
    return std::vector<Fate>{Hold{Millis{60'000}, "busy", {{"first-running", "42"}}}};
  });
  run.source.Put({.queue = "in", .body = "a", .headers = {{"first-seen", "17"}}});
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Handled("hold") == 1; }));
  run.Stop();
  EXPECT_EQ(run.source.Published(),
            (std::vector<broker::Outgoing>{{"in", "a", {{"first-seen", "17"}, {"first-running", "42"}}}}));
  EXPECT_EQ(run.source.Acknowledged(), Texts{"a"});
  EXPECT_TRUE(run.source.GivenBack().empty());
}

TEST(RunnerStop, WhatIsInHandleIsFinishedAndTheRestGoesBack) {
  std::latch begun{1};
  Running run([&](Messages batch, const Turn& turn) {
    begun.count_down();
    while (!turn.stop.stop_requested()) std::this_thread::yield();
    return Copy(batch, turn);
  });
  for (const char* body : {"a", "b", "c"}) run.source.Put(body);
  run.Start();
  begun.wait();
  ASSERT_TRUE(Eventually([&] { return run.source.InHand() == 3; }));
  run.Stop();
  EXPECT_EQ(run.source.Acknowledged(), Texts{"a"});
  EXPECT_EQ(run.source.Bodies("out"), Texts{"a"});
  EXPECT_EQ(run.source.InHand(), 0U);
  EXPECT_EQ(run.Calls(), 1);
}

TEST(RunnerStop, FinishedWorkIsGivenBackWhenTheBrokerStaysAway) {
  Running run(Copy);
  run.source.FailNext(Errc::kUnavailable, 1'000'000);
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Count("settle_retries_total") == 1; }));
  run.RequestStop();
  ASSERT_TRUE(Eventually([&] {
    run.clock.Advance(Millis{1'000});
    return run.source.InHand() == 0;
  }));
  run.Stop();
  EXPECT_EQ(run.source.GivenBack(), Texts{"a"});
  EXPECT_TRUE(run.source.Acknowledged().empty());
}

TEST(RunnerStop, FinishedWorkIsSettledWhenTheBrokerComesBackInTime) {
  Running run(Copy);
  run.source.FailNext(Errc::kUnavailable, 2);
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Count("settle_retries_total") == 1; }));
  run.RequestStop();
  ASSERT_TRUE(Eventually([&] {
    run.clock.Advance(Millis{100});
    return run.source.InHand() == 0;
  }));
  run.Stop();
  EXPECT_EQ(run.source.Acknowledged(), Texts{"a"});
}

TEST(RunnerStop, AStageThatDoesNotHeedTheStopIsNamedAndWaitedFor) {
  std::mutex mutex;
  std::string said;
  log::Listen([&](log::Level, const std::string& line) {
    const std::lock_guard lock(mutex);
    said += line;
  });
  const auto has_said = [&](const std::string& text) {
    const std::lock_guard lock(mutex);
    return said.find(text) != std::string::npos;
  };
  std::latch begun{1}, go{1};
  Running run([&](Messages batch, const Turn& turn) {
    begun.count_down();
    go.wait();
    return Copy(batch, turn);
  });
  const std::string submission(32, 'c');
  run.source.Put(R"({"submission":")" + submission + R"("})");
  run.Start();
  begun.wait();
  run.RequestStop();
  EXPECT_TRUE(Eventually([&] {
    run.clock.Advance(Millis{10'000});
    return has_said("stage does not heed the stop");
  }));
  EXPECT_TRUE(has_said("stage=try_out"));
  EXPECT_TRUE(has_said(submission));
  go.count_down();
  run.Stop();
  log::Listen({});
  EXPECT_EQ(run.source.Acknowledged().size(), 1U);
}

#ifdef BROOD_CRASH_POINTS
void RunUntilKilled(const char* point) {
  ::setenv("BROOD_CRASH_AT", point, 1);
  Running run(Copy);
  run.source.Put("a");
  run.Start();
  std::exit(Eventually([&] { return run.Idle(); }) ? 0 : 1);
}

TEST(RunnerCrashDeathTest, EachCrashPointAroundASettleKills) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const char* point :
       {"stage.before_settle", "try_out.before_settle", "stage.after_settle:1", "try_out.after_settle:1"}) {
    EXPECT_EXIT(RunUntilKilled(point), ::testing::KilledBySignal(SIGKILL), "") << point;
  }
  EXPECT_EXIT(RunUntilKilled("stage.before_settle:2"), ::testing::ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace brood::stage
