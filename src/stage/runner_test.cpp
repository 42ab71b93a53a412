#include "stage/runner.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>

#include "model/messages_json.hpp"
#include "stage/testing/running.hpp"

namespace brood::stage {
namespace {

using broker::Errc;
using testing::Eventually;
using testing::Running;
using testing::SettingsFor;
using Messages = std::span<const broker::Message>;
using Texts = std::vector<std::string>;

// Every message leads to one on "out" with the same body.
std::vector<Fate> Copy(Messages batch, const Turn&) {
  std::vector<Fate> fates;
  for (const auto& message : batch) fates.push_back(Done{{{"out", message.body, {}}}});
  return fates;
}

model::FailureMessage FailureOf(const Running& run) {
  return model::FailureMessageFromJson(run.source.Bodies("worker/failed").at(0)).value();
}

TEST(Runner, PublishesAndAcknowledgesWhatIsDone) {
  Running run(Copy);
  for (const char* body : {"a", "b", "c"}) run.source.Put(body);
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 3; }));
  EXPECT_EQ(run.source.Bodies("out"), (Texts{"a", "b", "c"}));
  EXPECT_TRUE(run.source.Published().front().headers.contains("first-seen"));
  ASSERT_TRUE(Eventually([&] { return run.Idle(); }));
  EXPECT_EQ(run.Handled("done"), 3);
  EXPECT_EQ(run.Count("in_hand_messages"), 0);
  EXPECT_EQ(run.Count("in_hand_bytes"), 0);
  EXPECT_GE(run.Count("handle_seconds_count"), 1);
}

TEST(Runner, SharesAFewMessagesOutAmongItsWorkers) {
  RunnerSettings settings = SettingsFor("in");
  settings.workers = 2;
  settings.batch = 10;
  std::atomic<std::size_t> largest{0};
  std::latch both(2);
  Running run(
      [&](Messages batch, const Turn& turn) {
        largest = std::max<std::size_t>(largest, batch.size());
        both.arrive_and_wait();  // one worker with all of them would wait for ever
        return Copy(batch, turn);
      },
      settings);
  for (const char* body : {"a", "b"}) run.source.Put(body);
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 2; }));
  EXPECT_EQ(largest, 1U);
}

TEST(Runner, IsNotIdleWhileAMessageIsHeld) {
  Running run([](Messages, const Turn&) { return std::vector<Fate>{Hold{Millis{60'000}, "busy", {}}}; });
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Handled("hold") == 1; }));
  EXPECT_FALSE(run.Idle());
  EXPECT_EQ(run.Count("in_hand_messages"), 1);
}

TEST(Runner, GathersWhatIsFinishedWhileSettlingIsPutOff) {
  RunnerSettings settings = SettingsFor("in");
  settings.settle = Backoff{Millis{1'000}, Millis{1'000}, 1.0};
  Running run(Copy, settings);
  run.source.FailNext(Errc::kUnavailable);
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Count("settle_retries_total") == 1; }));
  for (const char* body : {"b", "c", "d"}) run.source.Put(body);
  ASSERT_TRUE(Eventually([&] { return run.Handled("done") == 4; }));
  run.clock.Advance(Millis{1'000});
  ASSERT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 4; }));
  EXPECT_EQ(run.source.SettleSizes(), (std::vector<std::size_t>{1, 4}));
}

TEST(Runner, AFailedSettleIsTriedAgainWithoutHandlingAgain) {
  RunnerSettings settings = SettingsFor("in");
  settings.renew_after = Millis{0};  // the clock runs ahead of the workers here
  Running run(Copy, settings);
  run.source.FailNext(Errc::kUnavailable, 1);
  run.source.FailNext(Errc::kFull, 1);
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] {
    run.clock.Advance(Millis{1'000});
    return run.source.Acknowledged().size() == 1;
  }));
  EXPECT_EQ(run.Calls(), 1);
  EXPECT_EQ(run.source.Bodies("out"), Texts{"a"});
  EXPECT_EQ(run.Count("settle_retries_total"), 2);
}

TEST(Runner, AStaleDeliveryIsDroppedAndCounted) {
  Running run(Copy);
  run.source.FailNext(Errc::kStale);
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Count("stale_total") == 1; }));
  ASSERT_TRUE(Eventually([&] { return run.Idle(); }));
  EXPECT_TRUE(run.source.Published().empty());
}

TEST(Runner, AHeldMessageIsOfferedAgainWithItsHeadersWhenItIsDue) {
  std::atomic<bool> second_had_headers{false};
  Running run([&](Messages batch, const Turn& turn) {
    const auto& headers = batch[0].headers;
    if (!headers.contains("first-running")) {
      return std::vector<Fate>{Hold{Millis{5'000}, "pending", {{"first-running", "42"}}}};
    }
    second_had_headers = headers.at("first-running") == "42";
    return Copy(batch, turn);
  });
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Handled("hold") == 1; }));
  EXPECT_EQ(run.Calls(), 1);
  run.clock.Advance(Millis{5'000});
  ASSERT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 1; }));
  EXPECT_TRUE(second_had_headers);
}

TEST(Runner, MessagesHeldForTheSameTimeComeAgainInOrder) {
  std::mutex mutex;
  Texts order;
  std::atomic<bool> free{false};
  Running run([&](Messages batch, const Turn& turn) {
    if (!free) return std::vector<Fate>{Hold{Millis{1'000}, "no node is free", {}}};
    const std::lock_guard lock(mutex);
    order.push_back(batch[0].body);
    return Copy(batch, turn);
  });
  const Texts all{"a", "b", "c", "d"};
  for (const auto& body : all) run.source.Put(body);
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Handled("hold") == 4; }));
  free = true;
  run.clock.Advance(Millis{1'000});
  ASSERT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 4; }));
  const std::lock_guard lock(mutex);
  EXPECT_EQ(order, all);
}

TEST(Runner, WhatIsHeldForLongIsRenewedOnce) {
  Running run([](Messages, const Turn&) {
    return std::vector<Fate>{Hold{Millis{3'600'000}, "busy", {{"first-running", "42"}}}};
  });
  run.source.Put({.queue = "in/urgent", .body = "a", .headers = {{"first-seen", "17"}}});
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Handled("hold") == 1; }));
  run.clock.Advance(Millis{15 * 60'000});
  ASSERT_TRUE(Eventually([&] { return run.Count("renewals_total") == 1; }));
  run.Stop();
  EXPECT_EQ(
      run.source.Published(),
      (std::vector<broker::Outgoing>{{"in/urgent", "a", {{"first-seen", "17"}, {"first-running", "42"}}}}));
  EXPECT_EQ(run.source.Acknowledged(), Texts{"a"});
}

TEST(Runner, ARetryIsOfferedAgainAndFailsInTheEnd) {
  RunnerSettings settings = SettingsFor("in");
  settings.renew_after = Millis{0};
  Running run(
      [](Messages, const Turn&) {
        return std::vector<Fate>{Retry{Transient("store is down", "connection refused")}};
      },
      settings);
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] {
    run.clock.Advance(Millis{1'000});
    return run.source.Acknowledged().size() == 1;
  }));
  EXPECT_EQ(run.Calls(), 5);
  EXPECT_EQ(run.Handled("retry"), 4);
  EXPECT_EQ(run.Handled("fail"), 1);
  const auto failure = FailureOf(run);
  EXPECT_EQ(failure.service, "try_out");
  EXPECT_EQ(failure.queue, "in");
  EXPECT_EQ(failure.desc, "store is down");
  EXPECT_EQ(failure.error, "connection refused");
  EXPECT_EQ(failure.msg, "a");
  EXPECT_EQ(failure.kind, ErrorKind::kTransient);
}

TEST(Runner, AStageThatReadsTheFailedQueueNeverFeedsItself) {
  RunnerSettings settings = SettingsFor("worker/failed");
  settings.renew_after = Millis{0};
  Running run([](Messages, const Turn&) { return std::vector<Fate>{Fail{Permanent("no")}}; }, settings);
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] {
    run.clock.Advance(Millis{30'000});
    return run.Calls() >= 3;
  }));
  run.Stop();
  EXPECT_TRUE(run.source.Published().empty());
  EXPECT_EQ(run.source.GivenBack(), Texts{"a"});
}

TEST(Runner, WithoutAFailedQueueWhatFailsIsKeptAndOfferedAgain) {
  RunnerSettings settings = SettingsFor("in");
  settings.failed_queue.clear();
  settings.renew_after = Millis{0};
  Running run([](Messages, const Turn&) { return std::vector<Fate>{Fail{Permanent("no")}}; }, settings);
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] {
    run.clock.Advance(Millis{30'000});
    return run.Calls() >= 3;
  }));
  run.Stop();
  EXPECT_TRUE(run.source.Published().empty());
  EXPECT_TRUE(run.source.Acknowledged().empty());
  EXPECT_EQ(run.source.GivenBack(), Texts{"a"});
}

TEST(Runner, WithoutAFailedQueueARefusedPublishIsTriedAgainUntilItIsTaken) {
  RunnerSettings settings = SettingsFor("in");
  settings.failed_queue.clear();
  settings.renew_after = Millis{0};  // the clock runs ahead of the workers here
  Running run(Copy, settings);
  std::atomic<int> refusals{3};
  run.source.RefuseIf([&refusals](const broker::Settlement&) -> std::optional<Errc> {
    return refusals-- > 0 ? std::optional(Errc::kUnknownQueue) : std::nullopt;
  });
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] {
    run.clock.Advance(Millis{5'000});
    return run.source.Acknowledged().size() == 1;
  }));
  EXPECT_EQ(run.source.Bodies("out"), Texts{"a"});
}

TEST(Runner, AMessageOverWhichTheStageBreaksDownFailsWithTheExceptionsText) {
  Running run([](Messages, const Turn&) -> std::vector<Fate> { throw std::runtime_error("no such index"); });
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 1; }));
  EXPECT_EQ(FailureOf(run).error, "no such index");
  EXPECT_EQ(FailureOf(run).kind, ErrorKind::kPermanent);
}

TEST(Runner, APublishThatTheBrokerRefusesFailsTheMessage) {
  Running run(Copy);
  run.source.RefuseIf([](const broker::Settlement& settlement) -> std::optional<Errc> {
    if (settlement.publish.at(0).queue == "out") return Errc::kUnknownQueue;
    return std::nullopt;
  });
  run.source.Put("a");
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 1; }));
  EXPECT_EQ(FailureOf(run).msg, "a");
}

TEST(Runner, NeverHasMoreInHandThanTheBound) {
  RunnerSettings settings = SettingsFor("in");
  settings.max_in_hand = 3;
  settings.workers = 2;
  Running run(Copy, settings);
  for (int i = 0; i < 200; ++i) run.source.Put(std::to_string(i));
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 200; }));
  EXPECT_LE(run.source.MostInHand(), 3U);
}

TEST(Runner, TakesNoMoreWhileTheBytesInHandReachTheBound) {
  RunnerSettings settings = SettingsFor("in");
  settings.max_bytes_in_hand = 2'500;
  settings.renew_after = Millis{0};
  std::atomic<bool> free{false};
  Running run(
      [&](Messages batch, const Turn& turn) {
        return free ? Copy(batch, turn) : std::vector<Fate>{Hold{Millis{1'000}, "busy", {}}};
      },
      settings);
  for (int i = 0; i < 10; ++i) run.source.Put(std::string(1'000, 'x'));
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.Handled("hold") == 3; }));
  free = true;
  ASSERT_TRUE(Eventually([&] {
    run.clock.Advance(Millis{1'000});
    return run.source.Acknowledged().size() == 10;
  }));
  EXPECT_EQ(run.source.MostInHand(), 3U);
}

TEST(Runner, AMessageLargerThanTheBoundIsTakenAllTheSame) {
  RunnerSettings settings = SettingsFor("in");
  settings.max_bytes_in_hand = 10;
  Running run(Copy, settings);
  for (int i = 0; i < 3; ++i) run.source.Put(std::string(1'000, 'x'));
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 3; }));
  EXPECT_EQ(run.source.MostInHand(), 1U);
}

TEST(Runner, WorkersHandleAtTheSameTime) {
  std::latch both{2};
  RunnerSettings settings = SettingsFor("in");
  settings.workers = 2;
  Running run(
      [&](Messages batch, const Turn& turn) {
        both.arrive_and_wait();  // for ever, if they ran one after the other
        return Copy(batch, turn);
      },
      settings);
  run.source.Put("a");
  run.source.Put("b");
  run.Start();
  EXPECT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 2; }));
}

TEST(Runner, AMessageSeenBeforeRunsWhileNothingElseRuns) {
  std::atomic<int> running{0};
  std::atomic<bool> disturbed{false};
  RunnerSettings settings = SettingsFor("in");
  settings.workers = 4;
  settings.batch = 8;
  Running run(
      [&](Messages batch, const Turn& turn) {
        const int others = running++;
        const bool suspect = batch[0].seen_before;
        if (suspect && (others > 0 || batch.size() > 1)) disturbed = true;
        std::this_thread::yield();
        if (suspect && running > 1) disturbed = true;
        --running;
        return Copy(batch, turn);
      },
      settings);
  for (int i = 0; i < 300; ++i) run.source.Put({.queue = "in", .body = "x", .seen_before = i % 3 == 0});
  run.Start();
  ASSERT_TRUE(Eventually([&] { return run.source.Acknowledged().size() == 300; }));
  EXPECT_FALSE(disturbed);
}

}  // namespace
}  // namespace brood::stage
