#include "stage/testing/trial.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "stage/testing/function_stage.hpp"

namespace brood::stage::testing {
namespace {

using Messages = std::span<const broker::Message>;

TEST(Trial, FollowsAMessageOverItsHoldsAndRetriesToTheEnd) {
  ManualClock clock;
  const Time start = clock.Now();
  int call = 0;
  FunctionStage stage([&](Messages, const Turn&) -> std::vector<Fate> {
    switch (++call) {
      case 1:
        return {Hold{Millis{5'000}, "pending", {{"first-running", "1"}}}};
      case 2:
        return {Retry{Transient("store is down")}};
      default:
        return {Done{{{"out", "x", {}}, {"other", "y", {}}}}};
    }
  });
  const auto outcome = Follow(stage, MessageOn("in", "a", clock.Now()), clock);
  EXPECT_TRUE(outcome.ended);
  EXPECT_EQ(outcome.fates.size(), 3U);
  EXPECT_EQ(outcome.HeldFor(), std::vector<std::string>{"pending"});
  EXPECT_EQ(outcome.On("out"), std::vector<std::string>{"x"});
  EXPECT_TRUE(outcome.published[0].headers.contains("first-seen"));
  EXPECT_EQ(outcome.message.headers.at("first-running"), "1");
  EXPECT_EQ(clock.Now() - start, Millis{6'000});
  EXPECT_FALSE(outcome.failure);
}

TEST(Trial, GivesTheFailureThatTheOverseerWouldSee) {
  ManualClock clock;
  FunctionStage stage([](Messages, const Turn&) { return std::vector<Fate>{Fail{TaskLost("task vanished")}}; });
  const auto outcome = Follow(stage, MessageOn("in", "a", clock.Now()), clock);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->kind, ErrorKind::kTaskLost);
  EXPECT_EQ(outcome.failure->service, "try_out");
  EXPECT_EQ(outcome.failure->queue, "in");
  EXPECT_EQ(outcome.failure->msg, "a");
}

TEST(Trial, EndsWithAStageThatHoldsForEver) {
  ManualClock clock;
  FunctionStage stage([](Messages, const Turn&) { return std::vector<Fate>{Hold{Millis{1}, "busy", {}}}; });
  const auto outcome = Follow(stage, MessageOn("in", "a", clock.Now()), clock, 7);
  EXPECT_FALSE(outcome.ended);
  EXPECT_EQ(outcome.fates.size(), 7U);
}

TEST(Trial, OfferInsistsOnOneFateForEachMessage) {
  ManualClock clock;
  FunctionStage stage([](Messages, const Turn&) { return std::vector<Fate>{Done{}}; });
  const std::vector<broker::Message> two(2);
  EXPECT_THROW((void)Offer(stage, two, clock), std::logic_error);
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(stage, two[0], clock)));
}

}  // namespace
}  // namespace brood::stage::testing
