#include <gtest/gtest.h>

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
  Mover(MemoryBroker& broker, std::string from, std::string to)
      : to_(std::move(to)),
        source_(broker.Consume({.queues = {from}, .prefetch = 50}).value()),
        stage_([this](Messages batch, const Turn&) { return Move(batch); }),
        runner_(stage_, *source_, broker, Settings(from), registry_, clock_),
        thread_([this](const std::stop_token& stop) { runner_.Run(stop); }) {}

  broker::Source& Source() { return *source_; }
  void Stop() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  static RunnerSettings Settings(const std::string& from) {
    RunnerSettings settings = SettingsFor(from);
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

class RunnerOnABroker : public ::testing::Test {
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

TEST_F(RunnerOnABroker, TwoStagesMoveEveryMessageExactlyOnce) {
  Mover first(broker_, "a", "b");
  Mover second(broker_, "b", "c");
  ASSERT_TRUE(Eventually([&] { return Ready("c") == kMessages; }));
  first.Stop();
  second.Stop();
  const auto arrived = Arrived("c");
  EXPECT_EQ(arrived.size(), static_cast<std::size_t>(kMessages));
  EXPECT_TRUE(Arrived("worker/failed").empty());
}

TEST_F(RunnerOnABroker, LostConnectionsAndFailedSettlesLoseNothing) {
  Mover first(broker_, "a", "b");
  Mover second(broker_, "b", "c");
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

TEST_F(RunnerOnABroker, StoppedAndStartedAgainItGoesOnWhereItWas) {
  for (int i = 0; i < 5; ++i) {
    Mover mover(broker_, "a", "c");
    std::this_thread::yield();
    mover.Stop();
  }
  Mover mover(broker_, "a", "c");
  ASSERT_TRUE(Eventually([&] { return Ready("c") == kMessages; }));
  mover.Stop();
  for (const auto& [body, times] : Arrived("c")) EXPECT_EQ(times, 1) << body;
}

}  // namespace
}  // namespace brood::stage
