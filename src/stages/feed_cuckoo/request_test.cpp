#include "stages/feed_cuckoo/request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"

namespace brood::stages::feed_cuckoo {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(UploadOf, TheUsersCustomTextComesBeforeTheMarkerAndTheOwnerIsOurs) {
  model::FeedMessage message;
  message.payload = {{"custom", "case 7"}, {"owner", "me"}, {"package", "exe"}};
  model::Submission record;
  record.id = model::DeriveSubmissionId("x");
  record.sha256 = model::SampleHash{Sha256Hex("x")};
  const auto upload = UploadOf(message, record, "/samples/x");
  EXPECT_EQ(upload.custom, "case 7 " + model::ToText(model::Marker{record.id, 0}));
  EXPECT_EQ(upload.owner, model::OwnerOf(record.id));
  EXPECT_EQ(upload.file_name, record.sha256.Get()) << "a file without a name is called by its hash";
  EXPECT_THAT(upload.options, ElementsAre(Pair("package", "exe")));
}

TEST(TimeoutOf, IsTheMessagesOwnOrNothing) {
  model::FeedMessage message;
  EXPECT_EQ(TimeoutOf(message), 0);
  message.payload["timeout"] = "90";
  EXPECT_EQ(TimeoutOf(message), 90);
  for (const char* nonsense : {"-5", "soon", "", "1e3"}) {
    message.payload["timeout"] = nonsense;
    EXPECT_EQ(TimeoutOf(message), 0) << nonsense;
  }
}

TEST(SubmissionOf, DependsOnAnalysisObjectAndSample) {
  model::FeedMessage message;
  message.crits.analysis_id = "1";
  message.crits.object_id = "2";
  message.sha256 = model::SampleHash{Sha256Hex("x")};
  const auto id = SubmissionOf(message);
  EXPECT_EQ(SubmissionOf(message), id);
  auto other = message;
  other.crits.analysis_id = "3";
  EXPECT_NE(SubmissionOf(other), id);
  other = message;
  other.sha256 = model::SampleHash{Sha256Hex("y")};
  EXPECT_NE(SubmissionOf(other), id);
}

}  // namespace
}  // namespace brood::stages::feed_cuckoo
