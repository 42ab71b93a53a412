#include "stages/submit_binary/submit_binary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "broker/memory_broker.hpp"
#include "model/messages_json.hpp"
#include "samples/folder/folder_store.hpp"
#include "sqlite/writer.hpp"
#include "stage/testing/running.hpp"
#include "stage/testing/trial.hpp"
#include "stages/submit_binary/candidate.hpp"
#include "stages/submit_binary/folder_source.hpp"
#include "stages/submit_binary/testing/watched_folder.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::stages::submit_binary {
namespace {

using stage::Done;
using stage::Hold;
using stage::testing::Offer;
using testing::IsEmpty;

class SubmitBinaryTest : public testing::Test {
 protected:
  broker::Message MessageFor(const std::filesystem::path& path) const {
    return {"", path.string(), {{"sighting", SightingOf(path, FactsOf(path).value())}}, false};
  }
  std::vector<broker::Outgoing> Published(const broker::Message& message) {
    return std::get<Done>(Offer(stage_, message, clock_)).publish;
  }
  std::filesystem::path File(const std::string& name, std::string_view content) {
    return folder_.Write(name, content, clock_.Now() - Millis{60'000});
  }

  WatchedFolder folder_;
  TempDir sample_dir_;
  ManualClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  samples::folder::FolderSampleStore samples_{sample_dir_.Path()};
  intake::Intake intake_{store_.Submissions(), store_.Hashes(), {}, clock_};
  SubmitBinary stage_{intake_, samples_, metrics_};
};

TEST_F(SubmitBinaryTest, AFileBecomesASampleARecordAndAMessage) {
  const auto published = Published(MessageFor(File("a.exe", "bytes")));
  ASSERT_EQ(published.size(), 1U);
  const auto message = model::FeedMessageFromJson(published[0].body).value();
  EXPECT_EQ(message.sha256.Get(), Sha256Hex("bytes"));
  EXPECT_EQ(message.file_name, "a.exe");
  EXPECT_TRUE(samples_.Has(message.sha256));
  const auto record = store_.Submissions().Get(message.submission).value().value();
  EXPECT_EQ(record.origin, "folder");
  EXPECT_EQ(record.options.at("options"), "json.calls=0");
}

TEST_F(SubmitBinaryTest, TheSameMessageTwiceLeadsToTheSameRecords) {
  const broker::Message message = MessageFor(File("a.exe", "bytes"));
  const auto first = Published(message);
  const auto id = model::FeedMessageFromJson(first[0].body)->submission;
  const auto record = store_.Submissions().Get(id).value();
  EXPECT_EQ(Published(message), first);
  EXPECT_EQ(store_.Submissions().Get(id).value(), record);
  EXPECT_EQ(store_.Hashes().Get(record->sha256).value()->counter, 1U);
}

TEST_F(SubmitBinaryTest, ASecondFileOfTheSameContentIsOnlyCounted) {
  EXPECT_EQ(Published(MessageFor(File("a.exe", "bytes"))).size(), 1U);
  EXPECT_THAT(Published(MessageFor(File("b.exe", "bytes"))), IsEmpty());
  EXPECT_EQ(store_.Hashes().Get(model::SampleHash{Sha256Hex("bytes")}).value()->counter, 2U);
}

TEST_F(SubmitBinaryTest, OtherBytesUnderTheSameSightingAreAnotherSubmission) {
  const auto path = File("a.exe", "12345");
  const broker::Message message = MessageFor(path);
  const auto first = model::FeedMessageFromJson(Published(message).at(0).body).value();
  File("a.exe", "54321");
  ASSERT_EQ(MessageFor(path).headers, message.headers) << "path, inode, mtime and size are alike";
  const auto second = model::FeedMessageFromJson(Published(message).at(0).body).value();
  EXPECT_NE(second.submission, first.submission);
  EXPECT_EQ(second.sha256.Get(), Sha256Hex("54321"));
}

TEST_F(SubmitBinaryTest, AFileThatIsGoneIsLetGo) {
  const auto path = File("a.exe", "bytes");
  const broker::Message message = MessageFor(path);
  std::filesystem::remove(path);
  EXPECT_THAT(Published(message), IsEmpty());
}

TEST_F(SubmitBinaryTest, OneFileOfABatchThatIsGoneHoldsUpNoOther) {
  std::vector<broker::Message> batch;
  for (const char* name : {"a.exe", "gone.exe", "c.exe"}) batch.push_back(MessageFor(File(name, name)));
  std::filesystem::remove(batch[1].body);
  const auto fates = Offer(stage_, batch, clock_);
  ASSERT_EQ(fates.size(), 3U);
  const auto name_in = [&](std::size_t i) {
    return model::FeedMessageFromJson(std::get<Done>(fates[i]).publish.at(0).body).value().file_name;
  };
  EXPECT_EQ(name_in(0), "a.exe");
  EXPECT_THAT(std::get<Done>(fates[1]).publish, IsEmpty());
  EXPECT_EQ(name_in(2), "c.exe");
}

TEST_F(SubmitBinaryTest, AFileIsKeptWhileTheSampleStoreIsAway) {
  const broker::Message message = MessageFor(File("a.exe", "bytes"));
  std::filesystem::remove_all(sample_dir_.Path());
  const auto fate = Offer(stage_, message, clock_);
  ASSERT_TRUE(std::holds_alternative<Hold>(fate));
  EXPECT_FALSE(std::get<Hold>(fate).why.empty());
}

TEST_F(SubmitBinaryTest, UnderTheRunnerAFileWhoseStageBreaksDownStaysInItsFolder) {
  const auto path = File("a.exe", "bytes");
  broker::MemoryBroker broker;
  FolderSource source({folder_.Path(), 1'000, Millis{10}, Millis{0}}, broker, metrics_, clock_);
  stage::testing::FunctionStage broken([](auto, const auto&) -> std::vector<stage::Fate> {
    return {stage::Fail{Permanent("it cannot be handled")}};
  });
  stage::RunnerSettings settings;
  settings.failed_queue.clear();
  settings.renew_after = Millis{0};
  stage::Runner runner(broken, source, broker, settings, metrics_, clock_);
  std::jthread thread([&](const std::stop_token& stop) { runner.Run(stop); });
  EXPECT_TRUE(stage::testing::Eventually([&] {
    clock_.Advance(Millis{10'000});
    return broken.Calls() >= 2;
  }));
  thread.request_stop();
  thread.join();
  EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace brood::stages::submit_binary
