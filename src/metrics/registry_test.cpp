#include "metrics/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <thread>

namespace brood::metrics {
namespace {

TEST(Counter, AddsUp) {
  Registry registry;
  Counter& counter = registry.GetCounter("brood_feed_samples_total", "Samples fed.");
  counter.Add();
  counter.Add(2.5);
  EXPECT_EQ(registry.Find("brood_feed_samples_total"), 3.5);
}

TEST(Counter, IgnoresWhatWouldMakeItFallOrBreak) {
  Registry registry;
  Counter& counter = registry.GetCounter("brood_feed_samples_total", "Samples fed.");
  counter.Add(1);
  for (const double amount :
       {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    counter.Add(amount);
  }
  EXPECT_EQ(registry.Find("brood_feed_samples_total"), 1);
}

TEST(Gauge, RisesAndFalls) {
  Registry registry;
  Gauge& gauge = registry.GetGauge("brood_feed_in_hand_messages", "In hand.");
  gauge.Set(5);
  gauge.Add(-2);
  EXPECT_EQ(registry.Find("brood_feed_in_hand_messages"), 3);
}

TEST(Histogram, CountsSumsAndSortsIntoBuckets) {
  Registry registry;
  Histogram& histogram =
      registry.GetHistogram("brood_feed_upload_seconds", "Uploads.", {{"node", "a"}}, {0.1, 1});
  histogram.Observe(0.05);
  histogram.Observe(0.5);
  histogram.Observe(7);
  EXPECT_EQ(registry.Find("brood_feed_upload_seconds_count", {{"node", "a"}}), 3);
  EXPECT_EQ(registry.Find("brood_feed_upload_seconds_sum", {{"node", "a"}}), 7.55);
  EXPECT_EQ(registry.Find("brood_feed_upload_seconds_bucket", {{"node", "a"}, {"le", "0.1"}}), 1);
  EXPECT_EQ(registry.Find("brood_feed_upload_seconds_bucket", {{"node", "a"}, {"le", "1"}}), 2);
  EXPECT_EQ(registry.Find("brood_feed_upload_seconds_bucket", {{"le", "+Inf"}, {"node", "a"}}), 3);
}

TEST(Registry, GivesTheSameObjectForTheSameNameAndLabelsInAnyOrder) {
  Registry registry;
  Counter& one = registry.GetCounter("brood_feed_samples_total", "S.", {{"a", "1"}, {"b", "2"}});
  Counter& same = registry.GetCounter("brood_feed_samples_total", "Other help.", {{"b", "2"}, {"a", "1"}});
  Counter& other = registry.GetCounter("brood_feed_samples_total", "S.", {{"a", "1"}, {"b", "3"}});
  EXPECT_EQ(&one, &same);
  EXPECT_NE(&one, &other);
  one.Add(1);
  EXPECT_EQ(registry.Find("brood_feed_samples_total", {{"b", "2"}, {"a", "1"}}), 1);
  EXPECT_EQ(registry.Find("brood_feed_samples_total", {{"b", "3"}, {"a", "1"}}), 0);
}

TEST(Registry, KeepsReferencesValidWhileOthersAreMade) {
  Registry registry;
  Counter& first = registry.GetCounter("brood_feed_samples_total", "S.", {{"n", "first"}});
  for (int i = 0; i < 1'000; ++i)
    registry.GetCounter("brood_feed_samples_total", "S.", {{"n", std::to_string(i)}});
  first.Add(4);
  EXPECT_EQ(registry.Find("brood_feed_samples_total", {{"n", "first"}}), 4);
}

TEST(Registry, RefusesNamesOfAnotherForm) {
  Registry registry;
  for (const char* name :
       {"feed_samples_total", "brood_Feed_total", "brood_feed-x_total", "brood_feed_samples", ""}) {
    EXPECT_THROW(registry.GetCounter(name, "S."), std::invalid_argument) << name;
  }
  EXPECT_THROW(registry.GetGauge("feed_samples", "S."), std::invalid_argument);
  EXPECT_THROW(registry.GetHistogram("feed_seconds", "S."), std::invalid_argument);
}

TEST(Registry, RefusesBadLabelsAndBuckets) {
  Registry registry;
  for (const Labels& labels : std::vector<Labels>{{{"", "x"}},
                                                  {{"a-b", "x"}},
                                                  {{"1a", "x"}},
                                                  {{"__a", "x"}},
                                                  {{"le", "x"}},
                                                  {{"a", "x"}, {"a", "y"}}}) {
    EXPECT_THROW(registry.GetCounter("brood_feed_samples_total", "S.", labels), std::invalid_argument);
  }
  for (const std::vector<double>& buckets : std::vector<std::vector<double>>{{}, {2, 1}, {1, 1}}) {
    EXPECT_THROW(registry.GetHistogram("brood_feed_x_seconds", "S.", {}, buckets), std::invalid_argument);
  }
}

TEST(Registry, RefusesOneNameForTwoKinds) {
  Registry registry;
  registry.GetCounter("brood_feed_samples_total", "S.");
  EXPECT_THROW(registry.GetGauge("brood_feed_samples_total", "S."), std::invalid_argument);
}

TEST(Registry, RendersPrometheusText) {
  Registry registry;
  registry.GetGauge("brood_runner_in_hand_messages", "In hand.").Set(2);
  registry.GetCounter("brood_feed_samples_total", "Samples fed.", {{"node", "a\"b\nc"}}).Add(3);
  EXPECT_EQ(registry.Render(),
            "# HELP brood_feed_samples_total Samples fed.\n"
            "# TYPE brood_feed_samples_total counter\n"
            "brood_feed_samples_total{node=\"a\\\"b\\nc\"} 3\n"
            "# HELP brood_runner_in_hand_messages In hand.\n"
            "# TYPE brood_runner_in_hand_messages gauge\n"
            "brood_runner_in_hand_messages 2\n");
}

TEST(Registry, CollectsSortedByNameAndLabels) {
  Registry registry;
  registry.GetGauge("brood_b_x", "B.").Set(1);
  registry.GetGauge("brood_a_x", "A.", {{"n", "2"}}).Set(2);
  registry.GetGauge("brood_a_x", "A.", {{"n", "1"}}).Set(3);
  const auto samples = registry.Collect();
  ASSERT_EQ(samples.size(), 3U);
  EXPECT_EQ(samples[0].value, 3);
  EXPECT_EQ(samples[1].value, 2);
  EXPECT_EQ(samples[2].name, "brood_b_x");
}

TEST(Registry, FindsNothingForWhatWasNeverMade) {
  const Registry registry;
  EXPECT_EQ(registry.Find("brood_feed_samples_total"), std::nullopt);
}

TEST(Registry, LosesNothingWhenManyThreadsMakeCountAndCollect) {
  constexpr int kThreads = 4;
  constexpr int kTimes = 2'000;
  Registry registry;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kTimes; ++i) {
          registry.GetCounter("brood_feed_samples_total", "S.").Add();
          registry.GetHistogram("brood_feed_upload_seconds", "U.").Observe(0.01);
          if (i % 500 == 0) (void)registry.Render();
        }
      });
    }
  }
  EXPECT_EQ(registry.Find("brood_feed_samples_total"), kThreads * kTimes);
  EXPECT_EQ(registry.Find("brood_feed_upload_seconds_count"), kThreads * kTimes);
}

}  // namespace
}  // namespace brood::metrics
