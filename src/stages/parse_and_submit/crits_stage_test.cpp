// A message that names an analysis in CRITs, through the whole stage.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "archive/testing/pack.hpp"
#include "base/digest.hpp"
#include "base/file.hpp"
#include "crits/testing/fake_crits.hpp"
#include "model/messages_json.hpp"
#include "sandbox/testing/fake_node.hpp"
#include "sqlite/writer.hpp"
#include "stage/testing/trial.hpp"
#include "stages/parse_and_submit/parse_and_submit.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::stages::parse_and_submit {
namespace {

using crits::Errc;
using stage::Done;
using stage::Fail;
using stage::Retry;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class CritsStageTest : public testing::Test {
 protected:
  CritsStageTest() {
    EXPECT_TRUE(WriteFileDurably(dir_ / "a", "bytes"));
    record_.id = model::DeriveSubmissionId("a");
    record_.sha256 = model::SampleHash{Sha256Hex("bytes")};
    record_.state = model::State::kFed;
    record_.node = node_->Url();
    record_.task = node_->Submit({dir_ / "a", "a", {}, Marker(), model::OwnerOf(record_.id)}, {}).value();
    EXPECT_TRUE(store_.Submissions().Advance(std::span(&record_, 1)));
    task_.task = record_.task;
    task_.node = node_->Url();
    task_.submission = record_.id;
    task_.sha256 = record_.sha256;
    task_.fed_at = clock_.Now();
    task_.crits = {"http://crits.test", "1111", "Sample", "6b01", "user", Secret("planted-key"), "00", "test"};
    node_->Finish(record_.task, Report());
    node_->Drop(record_.task,
                archive::testing::Pack(archive::Kind::kTarBzip2, {{"files/1/drop.exe", "dropped"}}));
  }
  std::string Marker() const { return model::ToText(model::Marker{record_.id, 0}); }
  std::string Report() const {
    return fmt::format(
        R"({{"info": {{"id": 1, "custom": "{}", "machine": {{"name": "win7"}}, "platform": "windows"}},
        "target": {{"file": {{"name": "a.exe", "sha256": "{}"}}}},
        "signatures": [{{"name": "s", "severity": 2, "description": "does it"}}],
        "behavior": {{"processes": [{{"process_name": "a.exe", "process_id": 9, "calls": [{{"api": "NtClose"}}]}}]}}}})",
        Marker(), record_.sha256.Get());
  }
  std::unique_ptr<ParseAndSubmit> Stage(crits::Settings settings = {}, const std::string& relay = "",
                                        bool cleanup = true) {
    auto sink =
        std::make_unique<CritsSink>(settings, relay, dir_ / "scratch", crits_, store_.Effects(), metrics_);
    return std::make_unique<ParseAndSubmit>(
        Settings{.cuckoo_cleanup = cleanup}, [this](const model::NodeUrl&) { return node_; },
        store_.Submissions(), store_.Reports(), nullptr, metrics_, std::move(sink));
  }
  stage::Fate Offer(ParseAndSubmit& stage, const model::TaskMessage& task) {
    return stage::testing::Offer(
        stage, stage::testing::MessageOn("worker/parse_and_submit", model::ToJson(task), clock_.Now()), clock_);
  }
  stage::Fate Offer() { return Offer(*stage_, task_); }
  bool IsStored() { return store_.Reports().Get(record_.sha256.Get()).value().has_value(); }
  std::size_t Results() const {
    std::size_t items = 0;
    for (const auto& sent : crits_.sent) items += sent.update.results.items;
    return items;
  }
  std::vector<std::string> QueuesOf(const stage::Fate& fate) {
    std::vector<std::string> queues;
    for (const auto& outgoing : std::get<Done>(fate).publish) queues.push_back(outgoing.queue);
    return queues;
  }

  TempDir dir_;
  ManualClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  std::shared_ptr<sandbox::testing::FakeNode> node_ = std::make_shared<sandbox::testing::FakeNode>(clock_);
  crits::testing::FakeCrits crits_;
  model::Submission record_;
  model::TaskMessage task_;
  std::unique_ptr<ParseAndSubmit> stage_ = Stage();
};

TEST_F(CritsStageTest, ResultsAndTheEndGoInOneRequestAndTheReportIsStored) {
  const auto fate = Offer();
  EXPECT_THAT(QueuesOf(fate), testing::ElementsAre("worker/blacklist_processor", "worker/cleanup"));
  ASSERT_THAT(crits_.sent, SizeIs(1));
  const crits::Update& update = crits_.sent[0].update;
  EXPECT_EQ(update.results.subtypes, R"(["info","signature","process","api_call","file_added"])");
  EXPECT_EQ(update.results.results, R"(["win7","does it","a.exe","NtClose","drop.exe"])");
  EXPECT_EQ(update.end, crits::End::kCompleted);
  EXPECT_EQ(update.log, "");
  EXPECT_THAT(crits_.samples, SizeIs(1));
  EXPECT_TRUE(IsStored());
  EXPECT_EQ(metrics_.Find("brood_crits_results_total"), 5.0);
}

TEST_F(CritsStageTest, TheSameMessageTwiceSendsOnceAndFetchesOnce) {
  const auto first = QueuesOf(Offer());
  EXPECT_EQ(QueuesOf(Offer()), first);
  EXPECT_THAT(crits_.sent, SizeIs(1));
  EXPECT_EQ(node_->Calls(sandbox::testing::Call::kReport), 1U);
}

TEST_F(CritsStageTest, AMessageWithoutAnObjectInCritsOnlyStores) {
  task_.crits = {};
  task_.crits.analysis_id = record_.id.Get();
  EXPECT_TRUE(std::holds_alternative<Done>(Offer()));
  EXPECT_THAT(crits_.sent, IsEmpty());
  EXPECT_TRUE(IsStored());
}

TEST_F(CritsStageTest, WhenCritsIsDownTheReportIsStoredAndTheMessageComesAgain) {
  crits_.FailNext("send", Errc::kUnreachable, 2);
  EXPECT_TRUE(std::holds_alternative<Retry>(Offer()));
  EXPECT_TRUE(IsStored());
  EXPECT_TRUE(std::holds_alternative<Retry>(Offer()));
  EXPECT_TRUE(std::holds_alternative<Done>(Offer()));
  EXPECT_THAT(crits_.sent, SizeIs(1));
  EXPECT_EQ(metrics_.Find("brood_crits_repeated_requests_total"), 0.0) << "none of them had arrived";
}

TEST_F(CritsStageTest, OnlyWhatMayHaveArrivedIsSentTwiceAndCounted) {
  crits::Settings settings;
  settings.max_body = 7'400;  // room for one or two results a request
  const auto stage = Stage(settings);
  crits_.FailNext("send", Errc::kAnswerLost);
  EXPECT_TRUE(std::holds_alternative<Retry>(Offer(*stage, task_)));
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(*stage, task_)));
  ASSERT_GT(crits_.sent.size(), 2U);
  EXPECT_EQ(crits_.sent[0].update.results, crits_.sent[1].update.results) << "and says so by its batch number";
  EXPECT_EQ(Results(), 5U + crits_.sent[0].update.results.items);
  EXPECT_EQ(metrics_.Find("brood_crits_repeated_requests_total"), 1.0);
}

/// Remembers how many requests with results it had at once.
class SlowCrits final : public crits::Crits {
 public:
  crits::Result<void> Send(const crits::Analysis&, const crits::Update&, std::stop_token) override {
    at_most_ = std::max<int>(at_most_, ++at_work_);
    std::this_thread::sleep_for(Millis{2});
    --at_work_;
    return {};
  }
  crits::Result<std::string> AddSample(const crits::Analysis&, const crits::NewSample&,
                                       std::stop_token) override {
    return std::string();
  }
  crits::Result<void> Relate(const crits::Analysis&, const std::string&, std::stop_token) override {
    return {};
  }

  int AtMost() const { return at_most_; }

 private:
  std::atomic<int> at_work_{0}, at_most_{0};
};

TEST_F(CritsStageTest, ResultsGoOneRequestAtATimeSoThatAKillLeavesOneInDoubt) {
  SlowCrits slow;
  CritsSink sink({}, "", dir_ / "scratch", slow, store_.Effects(), metrics_);
  const auto push = [&](int worker) {
    for (int i = 0; i < 10; ++i) {
      model::TaskMessage task = task_;
      task.crits.analysis_id = fmt::format("{}-{}", worker, i);
      EXPECT_TRUE(sink.Push(task, "run", *node_, report::ReadResult{}, stage::Turn{clock_.Now(), {}}));
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < 3; ++worker) workers.emplace_back(push, worker);
  }
  EXPECT_EQ(slow.AtMost(), 1);
  EXPECT_EQ(metrics_.Find("brood_crits_analyses_ended_total"), 30.0);
}

TEST_F(CritsStageTest, AUrlThatIsNotAllowedFailsForGoodAndTheReportIsStored) {
  crits_.FailNext("add", Errc::kNotAllowed);
  const auto fate = Offer();
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kPermanent);
  EXPECT_TRUE(IsStored());
}

TEST_F(CritsStageTest, WhatHasNoRoomIsCountedInTheAnalysissLog) {
  crits::Settings settings;
  settings.max_document = 400;
  const auto stage = Stage(settings);
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(*stage, task_)));
  const crits::Update& last = crits_.sent.back().update;
  EXPECT_THAT(last.log, HasSubstr("left out: no room for them in CRITs"));
  EXPECT_EQ(last.level, crits::Level::kWarning);
  EXPECT_EQ(last.end, crits::End::kCompleted);
  EXPECT_GT(metrics_.Find("brood_crits_results_left_out_total").value(), 0.0);
}

TEST_F(CritsStageTest, AChainEndsTheAnalysisOnceAndDeletesTheTaskAtItsEnd) {
  crits::Settings first, second;
  first.enabled_parsers = {"info", "signatures", "behavior"};
  second.enabled_parsers = {"dropped"};
  // As in the README of cuckoo_distributed: the second wants the task deleted, and the first ends the circle.
  const auto one = Stage(first, "worker/dropped", false),
             other = Stage(second, "worker/parse_and_submit", true);
  auto fate = Offer(*one, task_);
  EXPECT_THAT(QueuesOf(fate), testing::ElementsAre("worker/blacklist_processor", "worker/dropped"));
  auto next = model::TaskMessageFromJson(std::get<Done>(fate).publish.back().body).value();
  fate = Offer(*other, next);
  EXPECT_THAT(QueuesOf(fate), testing::ElementsAre("worker/blacklist_processor", "worker/parse_and_submit"));
  next = model::TaskMessageFromJson(std::get<Done>(fate).publish.back().body).value();
  fate = Offer(*one, next);
  EXPECT_THAT(QueuesOf(fate), testing::ElementsAre("worker/blacklist_processor", "worker/cleanup"));
  ASSERT_THAT(crits_.sent, SizeIs(3));
  EXPECT_FALSE(crits_.sent[0].update.end || crits_.sent[1].update.end);
  EXPECT_EQ(crits_.sent[2].update.end, crits::End::kCompleted);
  EXPECT_TRUE(crits_.sent[2].update.results.Empty());
  EXPECT_THAT(crits_.sent[1].update.results.types, HasSubstr("\\\"batch\\\":2"));
  EXPECT_EQ(Results(), 5U);
}

}  // namespace
}  // namespace brood::stages::parse_and_submit
