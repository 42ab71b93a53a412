#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "broker/memory_broker.hpp"
#include "letters/desk.hpp"
#include "model/messages_json.hpp"
#include "model/submission.hpp"
#include "sqlite/writer.hpp"
#include "stage/testing/trial.hpp"
#include "stages/overseer/due_letters.hpp"
#include "stages/overseer/dump.hpp"
#include "stages/overseer/overseer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::stages::overseer {

/// An overseer, its letters and a broker, on a clock that stands still. `task_` is a task of submission
/// `record_`, which is fed and has the claim on its hash.
class OfficeTest : public testing::Test {
 protected:
  OfficeTest() {
    for (const char* queue : {"worker/feed_cuckoo", "worker/check_results"})
      EXPECT_TRUE(broker_.Declare({queue}));
    record_.id = model::DeriveSubmissionId("a");
    record_.sha256 = model::SampleHash{Sha256Hex("a")};
    record_.name = "a.exe";
    record_.options = {{"options", "json.calls=0"}};
    record_.state = model::State::kFed;
    record_.node = model::NodeUrl{"http://node.test:8090"};
    record_.task = model::TaskId{7};
    Put(record_);
    EXPECT_TRUE(store_.Hashes().ClaimOne(record_.sha256, record_.id, clock_.Now()));
    task_.task = record_.task;
    task_.node = record_.node;
    task_.submission = record_.id;
    task_.sha256 = record_.sha256;
  }

  void Put(const model::Submission& record) {
    ASSERT_TRUE(store_.Submissions().Advance(std::span(&record, 1)));
  }
  model::Submission Record() { return store_.Submissions().Get(record_.id).value().value(); }
  bool IsClaimed() { return store_.Hashes().Get(record_.sha256).value()->submission == record_.id; }
  model::FailureMessage Failure(ErrorKind kind, std::string body = "",
                                std::string queue = "worker/check_results") {
    model::FailureMessage failure;
    failure.service = "check_results";
    failure.queue = std::move(queue);
    failure.error = "HTTP 500";
    failure.desc = "it did not work";
    failure.msg = body.empty() ? model::ToJson(task_) : std::move(body);
    failure.kind = kind;
    failure.submission = record_.id;
    return failure;
  }
  stage::Fate Tell(const std::string& body) {
    return stage::testing::Offer(stage_, stage::testing::MessageOn("worker/failed", body, clock_.Now()),
                                 clock_);
  }
  std::vector<broker::Outgoing> Tell(const model::FailureMessage& failure) {
    return std::get<stage::Done>(Tell(model::ToJson(failure))).publish;
  }
  std::optional<store::DeadLetter> Letter(const model::FailureMessage& failure) {
    return store_.DeadLetters().Get(LetterKey(failure.queue, failure.msg)).value();
  }
  std::vector<std::filesystem::path> Dumps() const {
    std::vector<std::filesystem::path> files;
    if (!std::filesystem::exists(dumps_)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(dumps_)) files.push_back(entry.path());
    return files;
  }
  /// What is due now goes back, as the runner does it.
  std::vector<broker::Outgoing> SendDue() {
    std::vector<broker::Outgoing> sent;
    for (const auto& delivery : due_.Take(100, Millis{0})) {
      const auto fate = stage::testing::Offer(resend_, delivery.message, clock_);
      const broker::Settlement settlement{delivery.id, std::get<stage::Done>(fate).publish};
      EXPECT_TRUE(due_.Settle(std::span(&settlement, 1)));
      sent.insert(sent.end(), settlement.publish.begin(), settlement.publish.end());
    }
    return sent;
  }

  TempDir dir_;
  const std::filesystem::path dumps_ = dir_ / "dump";
  ManualClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  std::shared_ptr<broker::MemoryServer> server_ = std::make_shared<broker::MemoryServer>();
  broker::MemoryBroker broker_{server_};
  model::Submission record_;
  model::TaskMessage task_;
  Settings settings_{.dump_dir = dumps_};
  Overseer stage_{settings_, store_.Submissions(), store_.Hashes(), store_.DeadLetters(), metrics_};
  DueLetters due_{store_.DeadLetters(), broker_, dumps_, clock_};
  Resend resend_;
  letters::Desk desk_{store_.DeadLetters(), clock_,
                      [this](const std::string& key) { return RemoveDump(dumps_, key); }};
};

}  // namespace brood::stages::overseer
