// What is held for long: heartbeats, the server's time-out, servers that hang.
#include <gmock/gmock.h>

#include <thread>

#include "broker/amqp/testing/amqp_test.hpp"
#include "stage/runner.hpp"
#include "stage/testing/function_stage.hpp"
#include "stage/testing/running.hpp"

namespace brood::broker::amqp {
namespace {

using stage::testing::Eventually;
using testing::RabbitMq;

class AmqpHeld : public testing::AmqpTest {
 protected:
  using Steady = std::chrono::steady_clock;
};

TEST_F(AmqpHeld, HeartbeatsAreKeptWhileWorkIsLong) {
  settings_.heartbeat = std::chrono::seconds{1};
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  ASSERT_TRUE(broker->Declare({"empty"}));
  ASSERT_TRUE(broker->Publish(Numbered("in", 0, 1)));
  const auto source = std::move(*broker->Consume({{"in"}, 1}));
  const auto held = source->Take(1, kDeadline);
  ASSERT_EQ(held.size(), 1U);
  const auto other = std::move(*broker->Consume({{"empty"}, 1}));
  EXPECT_TRUE(other->Take(1, Millis{6'000}).empty());
  EXPECT_TRUE(source->Settle(std::vector<Settlement>{{held[0].id, {}}}));
  EXPECT_EQ(Counted("reconnects_total"), 0);
}

TEST_F(AmqpHeld, AServerThatHangsIsNoticedByItsHeartbeats) {
  settings_.heartbeat = std::chrono::seconds{1};
  settings_.give_up_after = Millis{1'000};
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  rabbit_.Do("freeze");
  const auto before = Steady::now();
  const auto published = broker->Publish(Numbered("in", 0, 1));
  rabbit_.Do("thaw");
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, Errc::kUnavailable);
  EXPECT_LT(Steady::now() - before, std::chrono::seconds{20});
  EXPECT_TRUE(Eventually([&] { return broker->Publish(Numbered("in", 0, 1)).has_value(); }));
}

TEST_F(AmqpHeld, WhatTheRunnerHoldsIsRenewedBeforeTheServersTimeOut) {
  rabbit_.Do("eval application:set_env(rabbit,consumer_timeout,8000).");
  const auto broker = Connect();
  for (const char* queue : {"in", "out", "forgotten"}) ASSERT_TRUE(broker->Declare({queue}));
  ASSERT_TRUE(broker->Publish(Numbered("in", 0, 5)));
  ASSERT_TRUE(broker->Publish(Numbered("forgotten", 0, 1)));
  const auto begun = Steady::now();
  stage::testing::FunctionStage stage(
      [begun](std::span<const Message> batch, const stage::Turn&) -> std::vector<stage::Fate> {
        std::vector<stage::Fate> fates;
        for (const Message& message : batch) {
          if (Steady::now() - begun < std::chrono::seconds{20}) {
            fates.emplace_back(stage::Hold{Millis{200}, "it is not ready"});
          } else {
            fates.emplace_back(stage::Done{{{"out", message.body, {}}}});
          }
        }
        return fates;
      });
  const auto source = std::move(*broker->Consume({{"in"}, 10}));
  stage::RunnerSettings runner_settings;
  runner_settings.queue = "in";
  runner_settings.renew_after = Millis{3'000};
  SystemClock clock;
  metrics::Registry counted;
  stage::Runner runner(stage, *source, *broker, runner_settings, counted, clock);
  std::jthread running([&](const std::stop_token& stop) { runner.Run(stop); });

  // Somebody who does not renew: the time-out is really there.
  const auto forgetful = Connect();
  const auto forgotten = std::move(*forgetful->Consume({{"forgotten"}, 1}));
  const auto held = forgotten->Take(1, kDeadline);
  ASSERT_EQ(held.size(), 1U);

  const auto finished = std::move(*broker->Consume({{"out"}, 10}));
  EXPECT_EQ(Drain(*finished, 5), (std::set<std::string>{"0", "1", "2", "3", "4"}));
  EXPECT_GE(Steady::now() - begun, std::chrono::seconds{20});
  EXPECT_GE(counted.Find("brood_try_out_renewals_total").value_or(0), 10);
  EXPECT_EQ(counted.Find("brood_try_out_stale_total").value_or(0), 0);
  EXPECT_EQ(Counted("reconnects_total"), 1) << "the forgetful one's alone";
  const auto settled = forgotten->Settle(std::vector<Settlement>{{held[0].id, {}}});
  ASSERT_FALSE(settled);
  EXPECT_EQ(settled.error().code, Errc::kStale);
  rabbit_.Do("eval application:set_env(rabbit,consumer_timeout,1800000).");
}

TEST_F(AmqpHeld, WhatNobodyTakesGoesToOthers) {
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  ASSERT_TRUE(broker->Publish(Numbered("in", 0, 10)));
  const auto idle = std::move(*broker->Consume({{"in"}, 10}));
  ASSERT_EQ(idle->Take(1, kDeadline).size(), 1U);
  const auto busy = std::move(*broker->Consume({{"in"}, 10}));
  EXPECT_EQ(Drain(*busy, 9).size(), 9U);
}

TEST_F(AmqpHeld, AnEarlierQueueIsDeliveredFirst) {
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"work"}));
  ASSERT_TRUE(broker->Declare({"work/urgent"}));
  const auto source = std::move(*broker->Consume({{"work/urgent", "work"}, 1}));
  ASSERT_TRUE(broker->Publish(std::vector<Outgoing>{{"work", "a", {}}}));
  const auto first = source->Take(1, kDeadline);
  ASSERT_EQ(first.size(), 1U);
  ASSERT_TRUE(broker->Publish(std::vector<Outgoing>{{"work", "b", {}}, {"work/urgent", "c", {}}}));
  EXPECT_TRUE(Eventually([&] { return *broker->Ready("work/urgent") == 0; }));
  EXPECT_TRUE(source->Take(5, Millis{0}).empty()) << "the hand is full until it settles";
  ASSERT_TRUE(source->Settle(std::vector<Settlement>{{first[0].id, {}}}));
  const auto second = source->Take(5, kDeadline);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].message.body, "c");
  EXPECT_EQ(second[0].message.queue, "work/urgent");
}

TEST_F(AmqpHeld, MoreBytesThanFitInMemoryStayAtTheServer) {
  settings_.max_message = RabbitMq::kMaxMessage;
  settings_.idle_after = Millis{60'000};
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  for (int i = 0; i < 14; ++i) {
    ASSERT_TRUE(broker->Publish(
        std::vector<Outgoing>{{"in", std::to_string(i) + std::string(RabbitMq::kMaxMessage - 10, '.'), {}}}));
  }
  const auto source = std::move(*broker->Consume({{"in"}, 100}));
  const auto first = source->Take(1, kDeadline);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_TRUE(Eventually([&] { return *broker->Ready("in") >= 4; })) << "all 112 MB are in memory";
  ASSERT_TRUE(source->Settle(std::vector<Settlement>{{first[0].id, {}}}));
  EXPECT_EQ(Drain(*source, 13).size(), 13U) << "what went back comes again";
}

}  // namespace
}  // namespace brood::broker::amqp
