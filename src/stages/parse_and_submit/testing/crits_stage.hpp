#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

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

/// The stage with its sink for CRITs, a node that has reported `task_`, a store; on a clock that stands still.
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
  std::unique_ptr<ParseAndSubmit> Stage(const crits::Settings& settings = {}, const std::string& relay = "",
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
    for (const auto& outgoing : std::get<stage::Done>(fate).publish) queues.push_back(outgoing.queue);
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

}  // namespace brood::stages::parse_and_submit
