#include "interop/feed_body.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "base/file.hpp"
#include "model/messages_json.hpp"
#include "model/submission.hpp"
#include "model/testing/go_services.hpp"
#include "samples/folder/folder_store.hpp"

namespace brood::interop {
namespace {

using testing::HasSubstr;

class FeedBodyTest : public testing::Test {
 protected:
  /// As submit_binary, the API and overseer publish it.
  model::FeedMessage ByReference() {
    model::FeedMessage message;
    message.payload = {{"options", "json.calls=0"}};
    message.file_name = "a.exe";
    message.sha256 = samples_.Put(bytes_).value();
    message.sample = "sha256:" + message.sha256.Get();
    message.submission = model::DeriveSubmissionId("a");
    message.attempt = 1;
    message.crits.analysis_id = message.submission.Get();
    return message;
  }
  auto ForGo(const model::FeedMessage& message, std::size_t most = 1'000) {
    return FeedBodyForGo(model::ToJson(message), samples_, most);
  }

  TempDir folder_;
  samples::folder::FolderSampleStore samples_{folder_ / "samples"};
  const std::string bytes_ = std::string("MZ\0\xFF, padded", 12);
};

TEST_F(FeedBodyTest, AGoFeederReadsTheSampleAndGivesItsTaskOurMarker) {
  const model::FeedMessage message = ByReference();
  const std::string body = ForGo(message).value().value();
  const auto read = model::testing::GoFeedCuckooReads(body).value();
  EXPECT_EQ(read.bytes, bytes_);
  EXPECT_EQ(read.file.at("name"), "a.exe");
  EXPECT_EQ(read.crits.analysis_id, message.submission.Get());
  EXPECT_EQ(read.payload.at("options"), "json.calls=0");
  EXPECT_EQ(model::MarkerFrom(read.payload.at("custom")), (model::Marker{message.submission, 1}));
  EXPECT_EQ(read.payload.at("owner"), model::OwnerOf(message.submission));
}

TEST_F(FeedBodyTest, IsThisByteForByte) {
  const model::FeedMessage message = ByReference();
  const std::string id = message.submission.Get();
  EXPECT_EQ(ForGo(message).value().value(),
            R"({"crits_data":{"crits_url":"","analysis_id":")" + id +
                R"(","object_type":"","object_id":"","username":"","api_key":"","md5":"","source":""},)"
                R"("file":{"data":")" +
                EncodeBase64(bytes_) +
                R"(","name":"a.exe"},)"
                R"("payload":{"custom":"brood:)" +
                id + R"(:1","options":"json.calls=0","owner":"brood-)" + id + R"("},"sha256":")" +
                message.sha256.Get() + R"(","submission":")" + id + R"(","attempt":1})");
}

TEST_F(FeedBodyTest, WhatIsAsAGoFeederNeedsItStaysAsItIs) {
  const std::string once = ForGo(ByReference()).value().value();
  EXPECT_EQ(FeedBodyForGo(once, samples_, 1'000).value(), std::nullopt);
  const auto read = model::FeedMessageFromJson(once).value();
  EXPECT_EQ(read.file_data, bytes_) << "and one of ours reads it too";
  EXPECT_EQ(read.submission, ByReference().submission);
}

TEST_F(FeedBodyTest, AMessageOfCritsKeepsItsDataAndIsMarkedOnceItHasAnId) {
  model::FeedMessage message;
  message.file_name = "a.exe";
  message.file_data = bytes_;
  message.payload = {{"custom", "case 7"}};
  message.crits = {"http://crits.test", "1111", "Sample", "6b01", "user", Secret("key"), "00", "test"};
  EXPECT_EQ(ForGo(message).value(), std::nullopt);
  message.submission = model::DeriveSubmissionId("b");
  const auto read = model::testing::GoFeedCuckooReads(ForGo(message).value().value()).value();
  EXPECT_EQ(read.payload.at("custom"), "case 7 " + model::ToText(model::Marker{message.submission, 0}));
  EXPECT_EQ(read.crits.analysis_id, "1111");
  EXPECT_EQ(read.crits.api_key, "key");
}

TEST_F(FeedBodyTest, ANextAttemptsMarkerTakesThePlaceOfTheLastOne) {
  auto again = model::FeedMessageFromJson(ForGo(ByReference()).value().value()).value();
  again.attempt = 2;
  const auto read = model::testing::GoFeedCuckooReads(ForGo(again).value().value()).value();
  EXPECT_EQ(read.payload.at("custom"), model::ToText(model::Marker{again.submission, 2}));
}

TEST_F(FeedBodyTest, ANameIsFoundForASampleWithoutOne) {
  model::FeedMessage message = ByReference();
  message.file_name.clear();
  EXPECT_EQ(model::testing::GoFeedCuckooReads(ForGo(message).value().value()).value().file.at("name"),
            message.sha256.Get());
}

TEST_F(FeedBodyTest, ASampleThatDoesNotFitIsTooLarge) {
  const auto made = ForGo(ByReference(), bytes_.size() - 1);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, samples::Errc::kTooLarge);
  EXPECT_THAT(made.error().what, HasSubstr("has 12 bytes, of which 11 fit into a message"));
  EXPECT_TRUE(ForGo(ByReference(), bytes_.size()));
}

TEST_F(FeedBodyTest, WhatIsNoSuchMessageAndASampleThatIsGoneGoAsTheyAre) {
  EXPECT_EQ(FeedBodyForGo("this is not json", samples_, 1'000).value(), std::nullopt);
  const model::FeedMessage message = ByReference();
  samples_.Remove(message.sha256);
  EXPECT_EQ(ForGo(message).value(), std::nullopt);
}

TEST(MostInline, LeavesRoomForTheRestOfTheMessage) {
  constexpr std::size_t kLimit = std::size_t{1} << 20;
  const std::size_t most = MostInline(kLimit);
  EXPECT_GT(most, kLimit / 2);
  EXPECT_LT((most + 2) / 3 * 4 + 60'000, kLimit);
  EXPECT_EQ(MostInline(1'000), 0U);
}

}  // namespace
}  // namespace brood::interop
