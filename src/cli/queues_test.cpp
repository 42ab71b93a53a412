#include "cli/queues.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace brood::cli {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;

TEST(QueuesOf, AServiceAloneTouchesNoQueueOfOthers) {
  Settings settings;
  settings.check_results.consumer_queue = "lab/checks";
  EXPECT_THAT(QueuesOf("check_results", settings),
              ElementsAre("lab/checks", "worker/parse_and_submit", "worker/failed"));
  settings.parse_and_submit.producer_queue.clear();
  settings.parse_and_submit.relay_queue = "lab/dropped";
  EXPECT_THAT(QueuesOf("parse_and_submit", settings),
              ElementsAre("worker/parse_and_submit", "lab/dropped", "worker/cleanup", "worker/failed"));
}

TEST(QueuesOf, ReportHoarderHasThoseOfBothItsServices) {
  const Settings settings;
  const auto queues = QueuesOf("report_hoarder", settings);
  EXPECT_THAT(queues, IsSupersetOf(QueuesOf("check_results", settings)));
  EXPECT_THAT(queues, IsSupersetOf(QueuesOf("parse_and_submit", settings)));
  EXPECT_THAT(queues, testing::Not(testing::Contains("worker/feed_cuckoo")));
}

TEST(QueuesOf, AllServicesHaveWhatIsConsumed) {
  const Settings settings;
  EXPECT_THAT(QueuesOf("", settings), IsSupersetOf(QueuesConsumed(settings)));
}

}  // namespace
}  // namespace brood::cli
