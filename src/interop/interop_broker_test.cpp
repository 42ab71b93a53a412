#include "interop/interop_broker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "broker/memory_broker.hpp"
#include "model/messages_json.hpp"
#include "model/submission.hpp"
#include "model/testing/go_services.hpp"
#include "samples/folder/folder_store.hpp"

namespace brood::interop {
namespace {

using broker::Errc;
using broker::Outgoing;
using testing::HasSubstr;

constexpr const char* kFeed = "worker/feed_cuckoo";
constexpr const char* kOther = "worker/failed";
constexpr std::size_t kMaxMessage = std::size_t{1} << 20;

class InteropBrokerTest : public testing::Test {
 protected:
  InteropBrokerTest() {
    for (const char* queue : {kFeed, kOther}) EXPECT_TRUE(broker_.Declare({queue}));
  }
  Outgoing ByReference(const std::string& bytes) {
    model::FeedMessage message;
    message.file_name = "a.exe";
    message.sha256 = samples_.Put(bytes).value();
    message.sample = "sha256:" + message.sha256.Get();
    message.submission = model::DeriveSubmissionId(bytes.substr(0, 9));
    return {kFeed, model::ToJson(message), {{"avoid", "http://node.test"}}};
  }
  std::vector<broker::Message> On(const std::string& queue) {
    std::vector<broker::Message> messages;
    const auto source = broker_.Consume({{queue}, 100}).value();
    for (const auto& delivery : source->Take(100, Millis{0})) messages.push_back(delivery.message);
    return messages;
  }

  TempDir folder_;
  samples::folder::FolderSampleStore samples_{folder_ / "samples"};
  InteropBroker broker_{
      std::make_unique<broker::MemoryBroker>(std::make_shared<broker::MemoryServer>(), kMaxMessage), kFeed,
      samples_};
};

TEST_F(InteropBrokerTest, WhatIsPublishedToTheFeedQueueHasItsSampleInIt) {
  ASSERT_TRUE(broker_.Publish(std::vector<Outgoing>{ByReference("one"), ByReference("two")}));
  const auto messages = On(kFeed);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(model::testing::GoFeedCuckooReads(messages[0].body).value().bytes, "one");
  EXPECT_EQ(model::testing::GoFeedCuckooReads(messages[1].body).value().bytes, "two");
  EXPECT_EQ(messages[0].headers.at("avoid"), "http://node.test");
}

TEST_F(InteropBrokerTest, WhatASettlementPublishesThereToo) {
  const Outgoing lost{kOther, "a failure record", {}};
  ASSERT_TRUE(broker_.Publish(std::span(&lost, 1)));
  const auto source = broker_.Consume({{kOther}, 1}).value();
  const auto taken = source->Take(1, Millis{0});
  ASSERT_EQ(taken.size(), 1U);
  const broker::Settlement settlement{taken[0].id, {ByReference("again")}};
  ASSERT_TRUE(source->Settle(std::span(&settlement, 1)));
  EXPECT_EQ(model::testing::GoFeedCuckooReads(On(kFeed).at(0).body).value().bytes, "again");
}

TEST_F(InteropBrokerTest, OtherQueuesGetTheirMessagesAsTheyAre) {
  Outgoing message = ByReference("one");
  message.queue = kOther;
  ASSERT_TRUE(broker_.Publish(std::span(&message, 1)));
  EXPECT_EQ(On(kOther).at(0).body, message.body);
}

TEST_F(InteropBrokerTest, MoreThanIsHeldInMemoryAtOnceIsPublishedAllTheSame) {
  std::vector<Outgoing> messages;
  for (int i = 0; i < 30; ++i)
    messages.push_back(ByReference(std::to_string(100 + i) + std::string(700'000, 'x')));
  ASSERT_TRUE(broker_.Publish(messages));
  EXPECT_EQ(On(kFeed).size(), messages.size());
}

TEST_F(InteropBrokerTest, ASampleThatFitsIntoNoMessageIsTooLargeAndTheSettingsAreNamed) {
  const Outgoing large = ByReference(std::string(kMaxMessage - 1, 'x'));
  const auto published = broker_.Publish(std::span(&large, 1));
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, Errc::kTooLarge);
  EXPECT_THAT(published.error().what, HasSubstr("feed_cuckoo.interop = \"go\""));
  EXPECT_THAT(published.error().what, HasSubstr("broker.max_message is 1048576 bytes"));
}

}  // namespace
}  // namespace brood::interop
