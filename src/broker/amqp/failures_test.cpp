#include <gmock/gmock.h>

#include <thread>

#include "broker/amqp/link.hpp"
#include "broker/amqp/testing/amqp_test.hpp"

namespace brood::broker::amqp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::RabbitMq;

class AmqpFailures : public testing::AmqpTest {};

TEST_F(AmqpFailures, ABrokerKilledAndStartedAgainLosesNothing) {
  settings_.give_up_after = Millis{60'000};
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  ASSERT_TRUE(broker->Declare({"out"}));
  ASSERT_TRUE(broker->Publish(Numbered("in", 0, 500)));
  std::atomic<int> confirmed{500};
  std::atomic<bool> stop{false};
  std::jthread publishing([&] {
    while (!stop) {
      const int from = confirmed;
      if (broker->Publish(Numbered("in", from, from + 10))) confirmed = from + 10;
    }
  });
  const auto source = std::move(*broker->Consume({{"in"}, 100}));
  std::jthread working([&] {
    while (!stop) {
      for (const Delivery& delivery : source->Take(20, Millis{50})) {
        const std::vector<Settlement> done{{delivery.id, {{"out", delivery.message.body, {}}}}};
        (void)source->Settle(done);
      }
    }
  });
  rabbit_.Do("kill");
  rabbit_.Do("start");
  const int before = confirmed;
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (confirmed < before + 100 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  stop = true;
  publishing.join();
  working.join();
  EXPECT_GE(confirmed, before + 100) << "it goes on by itself";

  std::set<std::string> all;
  const auto finished = std::move(*broker->Consume({{"out"}, 200}));
  const auto unfinished = std::move(*broker->Consume({{"in"}, 200}));
  const auto end = std::chrono::steady_clock::now() + kDeadline;
  while (all.size() < static_cast<std::size_t>(confirmed) && std::chrono::steady_clock::now() < end) {
    TakeSome(*finished, all);
    TakeSome(*unfinished, all);
  }
  for (int i = 0; i < confirmed; ++i) EXPECT_TRUE(all.contains(std::to_string(i))) << i << " is lost";
  EXPECT_GE(Counted("reconnects_total"), 2);
}

TEST_F(AmqpFailures, WhatIsUnconfirmedWhenTheConnectionIsCutIsPublishedAgain) {
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  for (int round = 0; round < 10; ++round) {
    std::jthread cutting([&] { broker->BreakPublishing(); });
    const auto published = broker->Publish(Numbered("in", round * 200, round * 200 + 200));
    EXPECT_TRUE(published) << published.error().what;
  }
  const auto source = std::move(*broker->Consume({{"in"}, 500}));
  EXPECT_EQ(Drain(*source, 2'000).size(), 2'000U);
  EXPECT_GE(Counted("reconnects_total"), 1);
  EXPECT_GE(Counted("confirms_total"), 2'000);
}

TEST_F(AmqpFailures, ADeletedQueueIsDeclaredAgain) {
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  const auto source = std::move(*broker->Consume({{"in"}, 10}));
  EXPECT_TRUE(source->Take(1, Millis{100}).empty());
  rabbit_.Do("delete_queue " + vhost_ + " in");
  EXPECT_TRUE(source->Take(1, Millis{500}).empty());  // the source notices, comes back and declares
  ASSERT_TRUE(broker->Publish(Numbered("in", 0, 1)));
  EXPECT_EQ(Drain(*source, 1).size(), 1U);
}

TEST_F(AmqpFailures, AMessageOverTheServersOwnLimitIsTooLargeAndHurtsNoOther) {
  settings_.max_message = std::size_t{64} << 20;
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  const std::string over(RabbitMq::kMaxMessage + 1, 'x');
  std::jthread others([&] {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(broker->Publish(Numbered("in", i * 10, i * 10 + 10)));
  });
  for (int round = 0; round < 2; ++round) {
    const auto refused = broker->Publish(std::vector<Outgoing>{{"in", over, {}}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::kTooLarge) << refused.error().what;
    EXPECT_THAT(refused.error().what, HasSubstr(std::to_string(RabbitMq::kMaxMessage)));
  }
  others.join();
  EXPECT_LE(Counted("reconnects_total"), 1) << "the limit was not learned";
  EXPECT_EQ(Drain(*std::move(*broker->Consume({{"in"}, 200})), 200).size(), 200U);
}

TEST_F(AmqpFailures, AServerWhoseDiskIsFullIsFull) {
  settings_.give_up_after = Millis{1'000};
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  rabbit_.Do("eval rabbit_alarm:set_alarm({{resource_limit,disk,node()},[]}).");
  // The one that finds out may still be taken.
  Expected<void, BrokerError> published;
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (published && std::chrono::steady_clock::now() < deadline)
    published = broker->Publish(Numbered("in", 0, 1));
  ASSERT_FALSE(published);
  EXPECT_TRUE(published.error().code == Errc::kFull || published.error().code == Errc::kUnavailable);
  published = broker->Publish(Numbered("in", 0, 1));
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, Errc::kFull);
  EXPECT_THAT(published.error().what, HasSubstr("disk"));
  rabbit_.Do("eval rabbit_alarm:clear_alarm({resource_limit,disk,node()}).");
  do {
    published = broker->Publish(Numbered("in", 0, 1));
  } while (!published && std::chrono::steady_clock::now() < deadline + kDeadline);
  EXPECT_TRUE(published);
}

TEST_F(AmqpFailures, AWrongPasswordIsToldAtOnceAndNotShown) {
  settings_.url = "amqp://guest:hunter2@127.0.0.1:" + std::to_string(rabbit_.Port()) + "/" + vhost_;
  const auto declared = Connect()->Declare({"in"});
  ASSERT_FALSE(declared);
  EXPECT_EQ(declared.error().code, Errc::kUnavailable);
  EXPECT_THAT(declared.error().what, HasSubstr("does not let the user guest into the vhost " + vhost_));
  EXPECT_THAT(declared.error().what, HasSubstr("broker.url"));
  EXPECT_THAT(declared.error().what, Not(HasSubstr("hunter2")));
}

TEST_F(AmqpFailures, AnUnknownVhostIsToldAtOnce) {
  settings_ = rabbit_.SettingsFor("nowhere");
  const auto declared = Connect()->Declare({"in"});
  ASSERT_FALSE(declared);
  EXPECT_THAT(declared.error().what, HasSubstr("vhost nowhere"));
}

TEST_F(AmqpFailures, AServerThatIsNotThereIsNamed) {
  settings_.url = "amqp://guest:hunter2@127.0.0.1:1/";
  settings_.give_up_after = Millis{100};
  const auto declared = Connect()->Declare({"in"});
  ASSERT_FALSE(declared);
  EXPECT_EQ(declared.error().code, Errc::kUnavailable);
  EXPECT_THAT(declared.error().what, HasSubstr("RabbitMQ at 127.0.0.1:1 cannot be reached"));
  EXPECT_THAT(declared.error().what, Not(HasSubstr("hunter2")));
}

TEST_F(AmqpFailures, AnotherHostIsTriedWhenTheFirstIsAway) {
  settings_.url = "amqp://guest:guest@127.0.0.1:1/" + vhost_;
  settings_.hosts = {"127.0.0.1:" + std::to_string(rabbit_.Port())};
  EXPECT_TRUE(Connect()->Declare({"in"}));
}

TEST_F(AmqpFailures, WhatAFrameCannotCarryIsRefusedBeforeSending) {
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  const std::vector<Outgoing> long_key{{"in", "x", {{std::string(256, 'k'), "v"}}}};
  EXPECT_EQ(broker->Publish(long_key).error().code, Errc::kTooLarge);
  const std::vector<Outgoing> long_value{{"in", "x", {{"k", std::string(70'000, 'v')}}}};
  EXPECT_EQ(broker->Publish(long_value).error().code, Errc::kTooLarge);
  const std::vector<Outgoing> long_name{{std::string(256, 'q'), "x", {}}};
  EXPECT_EQ(broker->Publish(long_name).error().code, Errc::kUnknownQueue);
  EXPECT_TRUE(broker->Publish(std::vector<Outgoing>{{"in", "x", {{"k", std::string(60'000, 'v')}}}}));
  EXPECT_EQ(Counted("reconnects_total"), 0);
}

TEST_F(AmqpFailures, ToConsumeAQueueThatIsNotThereIsRefused) {
  const auto source = Connect()->Consume({{"nowhere"}, 1});
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, Errc::kUnknownQueue);
}

TEST(AmqpDeclaration, HasArgumentsForQuorumQueuesAlone) {
  EXPECT_EQ(ArgumentsFor({"q"}, 3), (DeclareArguments{false, false}));
  EXPECT_EQ(ArgumentsFor({"q"}, 4), (DeclareArguments{false, false}));
  EXPECT_EQ(ArgumentsFor({"q", QueueType::kQuorum}, 3), (DeclareArguments{true, false}));
  EXPECT_EQ(ArgumentsFor({"q", QueueType::kQuorum}, 4), (DeclareArguments{true, true}));
}

}  // namespace
}  // namespace brood::broker::amqp
