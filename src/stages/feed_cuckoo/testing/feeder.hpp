#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/file.hpp"
#include "model/messages_json.hpp"
#include "samples/folder/folder_store.hpp"
#include "sandbox/testing/fake_node.hpp"
#include "sqlite/writer.hpp"
#include "stage/testing/trial.hpp"
#include "stages/feed_cuckoo/feed_cuckoo.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::stages::feed_cuckoo {

/// A feeder with two nodes, `a_` and `b_`, a store and samples, on a clock that stands still.
class FeederTest : public testing::Test {
 protected:
  using State = model::State;

  model::FeedMessage Sample(const std::string& content = "the bytes of a sample") {
    model::FeedMessage message;
    message.file_name = "a.exe";
    message.sha256 = samples_.Put(content).value();
    message.sample = "sha256:" + message.sha256.Get();
    message.submission = model::DeriveSubmissionId(content);
    message.payload = {{"timeout", "60"}};
    return message;
  }
  broker::Message On(const model::FeedMessage& message, broker::Headers headers = {}) const {
    return stage::testing::MessageOn("worker/feed_cuckoo", model::ToJson(message), clock_.Now(),
                                     std::move(headers));
  }
  stage::testing::Outcome Follow(const broker::Message& message) {
    return stage::testing::Follow(stage_, message, clock_, 5'000);
  }
  stage::Fate Offer(const broker::Message& message) { return stage::testing::Offer(stage_, message, clock_); }
  model::Submission Record(const model::FeedMessage& message) {
    return store_.Submissions().Get(message.submission).value().value();
  }
  void Put(model::Submission record) { ASSERT_TRUE(store_.Submissions().Advance(std::span(&record, 1))); }
  /// The record as a holder that died after writing `feeding` leaves it.
  model::Submission PutFeeding(const model::FeedMessage& message, const model::NodeUrl& node, int attempt = 0) {
    model::Submission record;
    record.id = message.submission;
    record.sha256 = message.sha256;
    record.options = message.payload;
    record.state = State::kFeeding;
    record.attempt = attempt;
    record.node = node;
    record.changed = clock_.Now();
    Put(record);
    return record;
  }
  /// An upload of this submission that arrived at the node.
  model::TaskId Arrived(sandbox::testing::FakeNode& node, const model::FeedMessage& message,
                        const std::string& content = "the bytes of a sample", int attempt = 0) {
    const auto file = dir_ / "arrived";
    EXPECT_TRUE(WriteFileDurably(file, content));
    const std::string custom = model::ToText(model::Marker{message.submission, attempt});
    return node.Submit({file, "a.exe", {}, custom, model::OwnerOf(message.submission)}, {}).value();
  }
  static model::TaskMessage TaskOf(const stage::testing::Outcome& outcome) {
    const auto bodies = outcome.On("worker/check_results");
    EXPECT_EQ(bodies.size(), 1U);
    return bodies.empty() ? model::TaskMessage{} : model::TaskMessageFromJson(bodies[0]).value();
  }
  static std::vector<model::CleanupMessage> CleanupsOf(const stage::testing::Outcome& outcome) {
    std::vector<model::CleanupMessage> cleanups;
    for (const auto& body : outcome.On("worker/cleanup"))
      cleanups.push_back(model::CleanupMessageFromJson(body).value());
    return cleanups;
  }
  std::size_t Uploads() const {
    return a_->Calls(sandbox::testing::Call::kSubmit) + b_->Calls(sandbox::testing::Call::kSubmit);
  }

  TempDir dir_;
  ManualClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  samples::folder::FolderSampleStore samples_{dir_ / "samples"};
  std::shared_ptr<sandbox::testing::FakeNode> a_ =
      std::make_shared<sandbox::testing::FakeNode>(clock_, sandbox::Dialect::kCuckoo2, "http://a.test:8090");
  std::shared_ptr<sandbox::testing::FakeNode> b_ =
      std::make_shared<sandbox::testing::FakeNode>(clock_, sandbox::Dialect::kCuckoo2, "http://b.test:8090");
  sandbox::Fleet fleet_{{a_, b_}, {}, clock_};
  Settings settings_;
  FeedCuckoo stage_{settings_, fleet_, store_.Submissions(), samples_, metrics_};
};

}  // namespace brood::stages::feed_cuckoo
