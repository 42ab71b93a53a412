#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "broker/memory_broker.hpp"
#include "stage/testing/running.hpp"

namespace brood::stage {
namespace {

using broker::MemoryBroker;
using testing::Eventually;
using testing::FunctionStage;
using testing::SettingsFor;
using Messages = std::span<const broker::Message>;

constexpr int kMessages = 300;

// Moves messages from one queue to another, with a hold on the way for every third.
class Mover {
 public:
  Mover(MemoryBroker& broker, std::string from, std::string to, std::size_t settles_at_once)
      : to_(std::move(to)),
        source_(broker.Consume({.queues = {from}, .prefetch = 50}).value()),
        stage_([this](Messages batch, const Turn&) { return Move(batch); }),
        runner_(stage_, *source_, broker, Settings(from, settles_at_once), registry_, clock_),
        thread_([this](const std::stop_token& stop) { runner_.Run(stop); }) {}

  broker::Source& Source() { return *source_; }
  void Stop() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  static RunnerSettings Settings(const std::string& from, std::size_t settles_at_once) {
    RunnerSettings settings = SettingsFor(from);
    settings.settles_at_once = settles_at_once;
    settings.workers = 3;
    settings.batch = 4;
    settings.settle.first = Millis{1};
    return settings;
  }

  std::vector<Fate> Move(Messages batch) const {
    std::vector<Fate> fates;
    for (const auto& message : batch) {
      const bool hold = !message.headers.contains("held") && message.body.back() % 3 == 0;
      if (hold) {
        fates.push_back(Hold{Millis{1}, "busy", {{"held", "yes"}}});
      } else {
        fates.push_back(Done{{{to_, message.body, {}}}});
      }
    }
    return fates;
  }

  std::string to_;
  std::unique_ptr<broker::Source> source_;
  SystemClock clock_;
  metrics::Registry registry_;
  FunctionStage stage_;
  Runner runner_;
  std::jthread thread_;
};

/// For so many Settles at once.
class RunnerOnABroker : public ::testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    for (const char* queue : {"a", "b", "c", "worker/failed"}) ASSERT_TRUE(broker_.Declare({queue}));
    std::vector<broker::Outgoing> messages;
    for (int i = 0; i < kMessages; ++i) messages.push_back({"a", std::to_string(i), {}});
    ASSERT_TRUE(broker_.Publish(messages));
  }

  std::uint64_t Ready(const char* queue) { return broker_.Ready(queue).value(); }

  // Bodies waiting in the queue and how often each is there.
  std::map<std::string, int> Arrived(const char* queue) {
    std::map<std::string, int> bodies;
    const auto source = broker_.Consume({.queues = {queue}, .prefetch = 10 * kMessages}).value();
    for (const auto& delivery : source->Take(10 * kMessages, Millis{1'000})) ++bodies[delivery.message.body];
    return bodies;
  }

  MemoryBroker broker_;
};

TEST_P(RunnerOnABroker, TwoStagesMoveEveryMessageExactlyOnce) {
  Mover first(broker_, "a", "b", GetParam());
  Mover second(broker_, "b", "c", GetParam());
  ASSERT_TRUE(Eventually([&] { return Ready("c") == kMessages; }));
  first.Stop();
  second.Stop();
  const auto arrived = Arrived("c");
  EXPECT_EQ(arrived.size(), static_cast<std::size_t>(kMessages));
  EXPECT_TRUE(Arrived("worker/failed").empty());
}

TEST_P(RunnerOnABroker, LostConnectionsAndFailedSettlesLoseNothing) {
  Mover first(broker_, "a", "b", GetParam());
  Mover second(broker_, "b", "c", GetParam());
  for (int i = 0; i < 20; ++i) {
    broker_.InterruptNextSettle(first.Source());
    broker_.Break(second.Source());
    std::this_thread::yield();
  }
  ASSERT_TRUE(Eventually([&] { return Ready("a") + Ready("b") == 0 && Ready("c") >= kMessages; }));
  first.Stop();
  second.Stop();
  // A copy made when a connection was lost may still have been on its way.
  std::set<std::string> found;
  for (const char* queue : {"a", "b", "c"}) {
    for (const auto& [body, times] : Arrived(queue)) found.insert(body);
  }
  EXPECT_EQ(found.size(), static_cast<std::size_t>(kMessages));
  EXPECT_TRUE(Arrived("worker/failed").empty());
}

TEST_P(RunnerOnABroker, StoppedAndStartedAgainItGoesOnWhereItWas) {
  for (int i = 0; i < 5; ++i) {
    Mover mover(broker_, "a", "c", GetParam());
    std::this_thread::yield();
    mover.Stop();
  }
  Mover mover(broker_, "a", "c", GetParam());
  ASSERT_TRUE(Eventually([&] { return Ready("c") == kMessages; }));
  mover.Stop();
  for (const auto& [body, times] : Arrived("c")) EXPECT_EQ(times, 1) << body;
}

INSTANTIATE_TEST_SUITE_P(SettlesAtOnce, RunnerOnABroker, ::testing::Values(1, 3),
                         ::testing::PrintToStringParamName());

/// A Settle of it ends when two are under way.
class InPairs final : public broker::Source {
 public:
  std::vector<broker::Delivery> Take(std::size_t, Millis) override {
    if (given_ == 2) return {};
    if (given_ == 1) settles_.wait(0);  // so that the two do not go in one Settle
    ++given_;
    return {{broker::DeliveryId(given_), {.queue = "in", .body = "message"}}};
  }
  Expected<void, broker::BrokerError> Settle(std::span<const broker::Settlement>) override {
    ++settles_;
    settles_.notify_all();
    pair_.arrive_and_wait();
    return {};
  }
  void GiveBack(std::span<const broker::DeliveryId>) override {}
  void Stop() override {}

 private:
  std::uint64_t given_ = 0;
  std::atomic<int> settles_{0};
  std::latch pair_{2};
};

TEST(Runner, SettlesSoManyGroupsAtOnceAsItMay) {
  InPairs source;
  testing::LimitOnlyBroker broker;
  SystemClock clock;
  metrics::Registry registry;
  FunctionStage stage([](Messages batch, const Turn&) { return std::vector<Fate>(batch.size(), Done{}); });
  RunnerSettings settings = SettingsFor("in");
  settings.settles_at_once = 2;
  Runner runner(stage, source, broker, settings, registry, clock);
  std::jthread running([&](const std::stop_token& stop) { runner.Run(stop); });
  EXPECT_TRUE(Eventually([&] { return stage.Calls() == 2 && runner.Idle(); }));
}

}  // namespace
}  // namespace brood::stage
