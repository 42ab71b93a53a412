#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <random>
#include <set>
#include <thread>

#include "base/file.hpp"
#include "broker/sqlite/sqlite_broker.hpp"

namespace brood::broker::sqlite {
namespace {

using brood::sqlite::Writer;
using Steady = std::chrono::steady_clock;

/// process_mate.cpp, running.
class Mate {
 public:
  explicit Mate(const std::vector<std::string>& arguments, const char* crash_at = nullptr) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    std::vector<char*> argv{const_cast<char*>(BROOD_PROCESS_MATE)};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      if (crash_at != nullptr) ::setenv("BROOD_CRASH_AT", crash_at, 1);
      ::execv(BROOD_PROCESS_MATE, argv.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    output_ = UniqueFd(ends[0]);
  }
  ~Mate() {
    if (pid_ > 0) Kill();
  }
  Mate(Mate&& other) noexcept : pid_(std::exchange(other.pid_, -1)), output_(std::move(other.output_)) {}
  Mate& operator=(Mate&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(output_, other.output_);
    return *this;
  }

  /// Waits until it says so.
  [[nodiscard]] bool Ready() {
    char word[6] = {};
    return ::read(output_.Get(), word, sizeof word) == 6;
  }
  void Kill() {
    ::kill(pid_, SIGKILL);
    Reap();
  }
  int Reap() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return status;
  }

 private:
  pid_t pid_ = -1;
  UniqueFd output_;
};

class ProcessesTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(broker_.Declare({"in"}));
    ASSERT_TRUE(broker_.Declare({"out"}));
  }
  void Publish(int count) {
    std::vector<Outgoing> messages;
    for (int i = 0; i < count; ++i) messages.push_back({"in", std::to_string(i), {}});
    ASSERT_TRUE(broker_.Publish(messages));
  }
  std::unique_ptr<Source> Consume(const char* queue) { return std::move(*broker_.Consume({{queue}, 10'000})); }
  static std::vector<Delivery> TakeExactly(Source& source, std::size_t count) {
    std::vector<Delivery> all;
    const auto deadline = Steady::now() + std::chrono::seconds(60);
    while (all.size() < count && Steady::now() < deadline) {
      for (auto& delivery : source.Take(count - all.size(), Millis{500})) all.push_back(std::move(delivery));
    }
    return all;
  }

  TempDir folder_;
  const std::string file_ = folder_ / "queue.db";
  Writer writer_{file_};
  SqliteBroker broker_{writer_};
};

TEST_F(ProcessesTest, AKilledProcessGivesItsMessagesBackAtOnce) {
  Publish(10);
  Mate mate({"hold", file_, "in", "10"});
  ASSERT_TRUE(mate.Ready());
  const auto source = Consume("in");
  EXPECT_TRUE(source->Take(10, Millis{0}).empty());
  const auto before = Steady::now();
  mate.Kill();
  const auto deliveries = TakeExactly(*source, 10);
  EXPECT_LT(Steady::now() - before, std::chrono::seconds(3));
  ASSERT_EQ(deliveries.size(), 10U);
  for (const Delivery& delivery : deliveries) EXPECT_TRUE(delivery.message.seen_before);
}

TEST_F(ProcessesTest, WhatAProcessHeldComesBackAfterARestartToo) {
  Publish(3);
  Mate mate({"hold", file_, "in", "3"});
  ASSERT_TRUE(mate.Ready());
  mate.Kill();
  Writer writer(file_);
  SqliteBroker later(writer);
  const auto source = std::move(*later.Consume({{"in"}, 10}));
  EXPECT_EQ(TakeExactly(*source, 3).size(), 3U);
}

TEST_F(ProcessesTest, AWaitingTakeHearsOfAnotherProcessesPublish) {
  const auto source = Consume("out");
  Mate mate({"move", file_, "in", "out"});
  ASSERT_TRUE(mate.Ready());
  Publish(1);
  const auto before = Steady::now();
  EXPECT_EQ(source->Take(1, Millis{60'000}).size(), 1U);
  EXPECT_LT(Steady::now() - before, std::chrono::seconds(5));
}

#ifdef BROOD_CRASH_POINTS
TEST_F(ProcessesTest, AKillInsideSettleDoesNothingOfIt) {
  Publish(1);
  Mate mate({"move", file_, "in", "out"}, "broker.settle:1");
  EXPECT_TRUE(WIFSIGNALED(mate.Reap()));
  const auto source = Consume("in");
  EXPECT_EQ(TakeExactly(*source, 1).size(), 1U);
  EXPECT_EQ(broker_.Ready("out"), 0U);
}

TEST_F(ProcessesTest, AKillAfterSettleHasDoneAllOfIt) {
  Publish(1);
  Mate mate({"move", file_, "in", "out"}, "broker.settled:1");
  EXPECT_TRUE(WIFSIGNALED(mate.Reap()));
  const auto source = Consume("out");
  EXPECT_EQ(TakeExactly(*source, 1).size(), 1U);
  EXPECT_TRUE(Consume("in")->Take(1, Millis{200}).empty());
}
#endif

TEST_F(ProcessesTest, RandomKillsLoseNothingAndRepeatNothing) {
  constexpr int kMessages = 1'500;
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Publish(kMessages);
  const std::vector<std::string> moving{"move", file_, "in", "out"};
  std::vector<Mate> mates;
  for (int i = 0; i < 3; ++i) mates.emplace_back(moving);
  int kills = 0;
  for (; broker_.Ready("in").value() > 0 && kills < 100; ++kills) {
    mates.erase(mates.begin() + static_cast<long>(random() % mates.size()));
    mates.emplace_back(moving);
    ASSERT_TRUE(mates.back().Ready());
  }
  EXPECT_GT(kills, 3);
  const auto source = Consume("out");
  std::multiset<std::string> arrived, sent;
  for (const Delivery& delivery : TakeExactly(*source, kMessages)) arrived.insert(delivery.message.body);
  for (int i = 0; i < kMessages; ++i) sent.insert(std::to_string(i));
  EXPECT_EQ(arrived, sent);
  EXPECT_TRUE(source->Take(1, Millis{200}).empty());
  EXPECT_EQ(broker_.Ready("in"), 0U);
}

TEST_F(ProcessesTest, ItsSideFileIsTheOwnersAlone) {
  struct stat facts {};
  ASSERT_EQ(::stat((file_ + ".holders").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600U);
}

TEST_F(ProcessesTest, AConsumerTakenForDeadGoesOnUnderANewNumber) {
  Publish(2);
  const auto source = Consume("in");
  ASSERT_EQ(TakeExactly(*source, 2).size(), 2U);
  // Somebody cleans up and removes the side file: others now see nobody alive.
  ASSERT_EQ(::unlink((file_ + ".holders").c_str()), 0);
  Writer writer(file_);
  SqliteBroker other(writer);
  const auto deliveries = TakeExactly(*source, 2);
  ASSERT_EQ(deliveries.size(), 2U);
  EXPECT_TRUE(deliveries[0].message.seen_before);
  EXPECT_TRUE(source->Settle(std::vector<Settlement>{{deliveries[0].id, {}}}));
}

}  // namespace
}  // namespace brood::broker::sqlite
