#include "stage/decide.hpp"

#include <gtest/gtest.h>

namespace brood::stage {
namespace {

constexpr Time kNow{std::chrono::seconds{1'700'000'000}};
const RetryPolicy kPolicy{Backoff{Millis{100}, Millis{1'000}, 2.0}, 3};

Millis WaitOf(const Step& step) { return std::get<OfferAgain>(step).due - kNow; }

TEST(Decide, ADoneCarriesFirstSeenAndTraceAlongButNothingElse) {
  Entry entry{.message = {"in", "", {{"first-seen", "17"}, {"trace", "t"}, {"first-running", "18"}}}};
  const Step step = Decide(entry, Done{{{"out", "x", {}}, {"out", "y", {{"trace", "own"}}}}}, kPolicy, kNow);
  const auto& publish = std::get<SettleWith>(step).publish;
  EXPECT_EQ(publish[0].headers, (broker::Headers{{"first-seen", "17"}, {"trace", "t"}}));
  EXPECT_EQ(publish[1].headers, (broker::Headers{{"first-seen", "17"}, {"trace", "own"}}));
}

TEST(Decide, AHoldMergesItsHeadersAndSaysWhenToOfferAgain) {
  Entry entry{.message = {"in", "", {{"a", "1"}, {"b", "2"}}}};
  EXPECT_EQ(WaitOf(Decide(entry, Hold{Millis{700}, "busy", {{"b", "3"}, {"c", "4"}}}, kPolicy, kNow)),
            Millis{700});
  EXPECT_EQ(entry.message.headers, (broker::Headers{{"a", "1"}, {"b", "3"}, {"c", "4"}}));
  EXPECT_TRUE(entry.headers_changed);
  EXPECT_EQ(entry.held_for, "busy");
}

TEST(Decide, AHoldWithTheHeadersThatAreThereChangesNothing) {
  Entry entry{.message = {"in", "", {{"a", "1"}}}};
  (void)Decide(entry, Hold{Millis{700}, "busy", {{"a", "1"}}}, kPolicy, kNow);
  EXPECT_FALSE(entry.headers_changed);
}

TEST(Decide, AHoldOfNoLengthDoesNotSpin) {
  Entry entry;
  EXPECT_GE(WaitOf(Decide(entry, Hold{Millis{-5}, "now", {}}, kPolicy, kNow)), Millis{10});
}

TEST(Decide, RetriesBackOffAndTheLastOneGivesUp) {
  Entry entry;
  const Retry retry{Transient("store is down")};
  EXPECT_EQ(WaitOf(Decide(entry, retry, kPolicy, kNow)), Millis{100});
  EXPECT_EQ(WaitOf(Decide(entry, retry, kPolicy, kNow)), Millis{200});
  EXPECT_EQ(std::get<GiveUp>(Decide(entry, retry, kPolicy, kNow)).why.what, "store is down");
}

TEST(Decide, AHoldInBetweenResetsTheTries) {
  Entry entry;
  const Retry retry{Transient("store is down")};
  (void)Decide(entry, retry, kPolicy, kNow);
  (void)Decide(entry, retry, kPolicy, kNow);
  (void)Decide(entry, Hold{Millis{10}, "busy", {}}, kPolicy, kNow);
  EXPECT_EQ(WaitOf(Decide(entry, retry, kPolicy, kNow)), Millis{100});
}

TEST(Decide, WithoutABoundARetryNeverGivesUp) {
  Entry entry;
  RetryPolicy policy = kPolicy;
  policy.max_tries = 0;
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(std::holds_alternative<OfferAgain>(Decide(entry, Retry{Transient("down")}, policy, kNow)));
  }
}

TEST(Decide, AFailGivesUpWithItsKind) {
  Entry entry;
  const Step step = Decide(entry, Fail{TaskLost("task vanished")}, kPolicy, kNow);
  EXPECT_EQ(std::get<GiveUp>(step).why.kind, ErrorKind::kTaskLost);
}

}  // namespace
}  // namespace brood::stage
