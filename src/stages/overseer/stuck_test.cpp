#include "stages/overseer/stuck.hpp"

#include <gtest/gtest.h>

#include "broker/memory_broker.hpp"
#include "model/messages_json.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::stages::overseer {
namespace {

using model::State;

class StuckTest : public testing::Test {
 protected:
  StuckTest() {
    for (const auto& queue : {settings_.feed_queue, settings_.check_queue, settings_.blacklist_queue}) {
      broker::QueueShape shape;
      shape.name = queue;
      EXPECT_TRUE(broker_.Declare(shape));
    }
  }

  model::Submission Record(State state) {
    model::Submission record;
    record.id = model::DeriveSubmissionId("x");
    record.sha256 = model::SampleHash{std::string(64, 'a')};
    record.node = model::NodeUrl{"http://127.0.0.1:1"};
    record.task = model::TaskId{7};
    record.state = state;
    record.changed = clock_.Now();
    EXPECT_TRUE(store_.Submissions().Advance(std::span(&record, 1)));
    return record;
  }

  /// What a sweep after `passed` offers.
  std::vector<broker::Delivery> After(Millis passed) {
    (void)stuck_.Take(10, Millis{0});
    clock_.Advance(passed);
    return stuck_.Take(10, Millis{0});
  }

  StuckSettings settings_;
  ManualClock clock_;
  std::shared_ptr<brood::sqlite::Writer> writer_ = std::make_shared<brood::sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  broker::MemoryBroker broker_{std::make_shared<broker::MemoryServer>()};
  StuckSubmissions stuck_{settings_, store_.Submissions(), store_.Reports(), broker_, clock_};
};

TEST_F(StuckTest, WhatHasNotMovedForADayIsPublishedAgainOnce) {
  const auto record = Record(State::kAccepted);
  EXPECT_TRUE(After(Millis{3'600'000}).empty());
  const auto found = After(Millis{86'400'000});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].message.queue, settings_.feed_queue);
  EXPECT_EQ(model::FeedMessageFromJson(found[0].message.body)->submission, record.id);
  EXPECT_TRUE(After(Millis{3'600'000}).empty());
}

TEST_F(StuckTest, ALongQueueIsNoFault) {
  Record(State::kAccepted);
  const broker::Outgoing waiting{settings_.feed_queue, "{}", {}};
  ASSERT_TRUE(broker_.Publish(std::span(&waiting, 1)));
  EXPECT_TRUE(After(Millis{90'000'000}).empty());
}

TEST_F(StuckTest, ATaskGoesBackToBeChecked) {
  Record(State::kFed);
  const auto found = After(Millis{90'000'000});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].message.queue, settings_.check_queue);
  EXPECT_EQ(model::TaskMessageFromJson(found[0].message.body)->task, model::TaskId{7});
}

TEST_F(StuckTest, WhatAGoServiceWorksOnIsLeftAlone) {
  settings_.feed_queue.clear();
  settings_.check_queue.clear();
  StuckSubmissions stuck(settings_, store_.Submissions(), store_.Reports(), broker_, clock_);
  (void)stuck.Take(10, Millis{0});
  for (const State state : {State::kAccepted, State::kFeeding, State::kFed}) {
    Record(state);
    clock_.Advance(Millis{90'000'000});
    EXPECT_TRUE(stuck.Take(10, Millis{0}).empty()) << model::Name(state);
  }
}

TEST_F(StuckTest, WhatHasEndedIsLeftAlone) {
  Record(State::kScored);
  EXPECT_TRUE(After(Millis{90'000'000}).empty());
  EXPECT_FALSE(MessageFor(Record(State::kFailed), settings_));
}

TEST_F(StuckTest, AReportThatNoRulesHaveSeenIsScored) {
  store::StoredReport report;
  report.id = std::string(64, 'b');
  report.run = {clock_.Now(), "r"};
  report.stored = clock_.Now();
  report.document = "{}";
  ASSERT_TRUE(store_.Reports().Put(std::span(&report, 1)));
  const auto found = After(Millis{3'600'000});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(model::StoredMessageFromJson(found[0].message.body)->report_id, report.id);
}

TEST_F(StuckTest, SettlePublishesWhatTheStageSays) {
  Record(State::kAccepted);
  const auto found = After(Millis{90'000'000});
  ASSERT_EQ(found.size(), 1U);
  const broker::Settlement settlement{found[0].id, {{settings_.feed_queue, found[0].message.body, {}}}};
  ASSERT_TRUE(stuck_.Settle(std::span(&settlement, 1)));
  EXPECT_EQ(broker_.Ready(settings_.feed_queue).value(), 1U);
}

}  // namespace
}  // namespace brood::stages::overseer
