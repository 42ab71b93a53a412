#include "stages/parse_and_submit/parse_and_submit.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "model/messages_json.hpp"
#include "model/report_json.hpp"
#include "sandbox/testing/fake_node.hpp"
#include "sqlite/writer.hpp"
#include "stage/testing/trial.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::stages::parse_and_submit {
namespace {

using model::State;
using sandbox::Errc;
using sandbox::testing::Call;
using stage::Done;
using stage::Fail;
using stage::Retry;
using testing::HasSubstr;

class ParseTest : public testing::Test {
 protected:
  ParseTest() {
    EXPECT_TRUE(WriteFileDurably(dir_ / "a", "bytes"));
    record_.id = model::DeriveSubmissionId("a");
    record_.sha256 = model::SampleHash{Sha256Hex("bytes")};
    record_.state = State::kFed;
    record_.node = node_->Url();
    record_.changed = clock_.Now();
    record_.task = node_->Submit({dir_ / "a", "a", {}, Marker(), model::OwnerOf(record_.id)}, {}).value();
    task_.task = record_.task;
    task_.node = node_->Url();
    task_.submission = record_.id;
    task_.sha256 = record_.sha256;
    task_.fed_at = clock_.Now();
    Put(record_);
  }
  std::string Marker() const { return model::ToText(model::Marker{record_.id, 0}); }
  /// A report of this task; `more` are further top-level members.
  std::string Report(const std::string& more = R"(, "signatures": [])", const std::string& custom = "") const {
    return fmt::format(R"({{"info": {{"id": 1, "custom": "{}", "score": 3.5, "platform": "windows"}},
        "target": {{"file": {{"name": "a.exe", "sha256": "{}"}}}},
        "behavior": {{"processes": [{{"process_name": "a.exe"}}]}}{}}})",
                       custom.empty() ? Marker() : custom, record_.sha256.Get(), more);
  }
  void Put(const model::Submission& record) {
    ASSERT_TRUE(store_.Submissions().Advance(std::span(&record, 1)));
  }
  broker::Message MessageOf(const model::TaskMessage& task) const {
    return stage::testing::MessageOn("worker/parse_and_submit", model::ToJson(task), clock_.Now());
  }
  /// A reported task of another submission.
  model::TaskMessage TaskOfAnother(const std::string& name) {
    model::Submission record = record_;
    record.id = model::DeriveSubmissionId(name);
    const std::string marker = model::ToText(model::Marker{record.id, 0});
    record.task = node_->Submit({dir_ / "a", name, {}, marker, model::OwnerOf(record.id)}, {}).value();
    Put(record);
    node_->Finish(record.task, Report("", marker));
    model::TaskMessage task = task_;
    task.task = record.task;
    task.submission = record.id;
    return task;
  }
  model::Submission Record() { return store_.Submissions().Get(record_.id).value().value(); }
  stage::Fate Offer() { return stage::testing::Offer(stage_, MessageOf(task_), clock_); }
  std::vector<broker::Outgoing> Published() { return std::get<Done>(Offer()).publish; }
  /// What is published, save when the marker was seen.
  static std::vector<broker::Outgoing> WithoutTime(std::vector<broker::Outgoing> published) {
    auto cleanup = model::CleanupMessageFromJson(published.at(1).body).value();
    cleanup.checked = {};
    published[1].body = model::ToJson(cleanup);
    return published;
  }
  std::size_t Fetches() const { return node_->Calls(Call::kReport); }

  TempDir dir_;
  ManualClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  std::shared_ptr<sandbox::testing::FakeNode> node_ = std::make_shared<sandbox::testing::FakeNode>(clock_);
  model::Submission record_;
  model::TaskMessage task_;
  store::RecentReports recent_{1'000'000, metrics_};
  Settings settings_{.cuckoo_cleanup = true};
  ParseAndSubmit stage_{settings_,
                        [this](const model::NodeUrl& url) {
                          return url == node_->Url() ? node_ : std::shared_ptr<sandbox::testing::FakeNode>();
                        },
                        store_.Submissions(),
                        store_.Reports(),
                        &recent_,
                        metrics_};
};

TEST_F(ParseTest, AReportIsStoredUnprocessedAndTold) {
  node_->Finish(task_.task, Report());
  const auto published = Published();
  ASSERT_EQ(published.size(), 2U);
  EXPECT_EQ(published[0].queue, "worker/blacklist_processor");
  const auto told = model::StoredMessageFromJson(published[0].body).value();
  EXPECT_EQ(told.report_id, record_.sha256.Get());
  EXPECT_EQ(told.submission, record_.id);
  const auto stored = store_.Reports().Get(told.report_id).value().value();
  EXPECT_FALSE(stored.processed);
  EXPECT_EQ(stored.run, (model::Run{task_.fed_at, record_.id.Get() + ":0"}));
  EXPECT_EQ(told.run, model::ToText(stored.run));
  const auto report = model::ReportFromJson(stored.document).value();
  EXPECT_EQ(report.binary_name, "a.exe");
  EXPECT_EQ(report.score, 3.5);
  EXPECT_EQ(Record().state, State::kStored);
  EXPECT_EQ(Record().run, stored.run);
  EXPECT_EQ(Record().report_note, "");
}

TEST_F(ParseTest, ABatchIsStoredTogether) {
  node_->Finish(task_.task, Report());
  std::vector<broker::Message> batch = {MessageOf(task_)};
  for (const char* name : {"b", "c", "d"}) batch.push_back(MessageOf(TaskOfAnother(name)));
  const auto before = writer_->Counted().works;
  const auto fates = stage::testing::Offer(stage_, batch, clock_);
  EXPECT_EQ(writer_->Counted().works - before, 2U) << "one write of reports, one of records";
  for (std::size_t i = 0; i < fates.size(); ++i) {
    ASSERT_TRUE(std::holds_alternative<Done>(fates[i])) << i;
    const auto told = model::StoredMessageFromJson(std::get<Done>(fates[i]).publish.at(0).body).value();
    EXPECT_TRUE(store_.Reports().Get(told.report_id).value());
    EXPECT_EQ(store_.Submissions().Get(told.submission).value()->state, State::kStored);
  }
}

TEST_F(ParseTest, OneOfABatchThatTheStoreRefusesHoldsUpNoOther) {
  node_->Finish(task_.task, Report());
  model::TaskMessage nameless;  // as a Go service sends it: whose report it is, only the report says
  nameless.node = node_->Url();
  nameless.fed_at = clock_.Now();
  nameless.task = node_->AddForeign("");
  node_->Finish(nameless.task, R"({"info": {}, "target": {"file": {"sha256": "no\nid"}}})");
  const std::vector<broker::Message> batch = {MessageOf(nameless), MessageOf(task_)};
  const auto fates = stage::testing::Offer(stage_, batch, clock_);
  ASSERT_TRUE(std::holds_alternative<Retry>(fates[0]));
  EXPECT_THAT(std::get<Retry>(fates[0]).why.detail, HasSubstr("id"));
  EXPECT_TRUE(std::holds_alternative<Done>(fates[1]));
  EXPECT_EQ(Record().state, State::kStored);
}

TEST_F(ParseTest, WhatWasStoredIsHandedOnAsItIs) {
  node_->Finish(task_.task, Report());
  (void)Offer();
  const auto stored = store_.Reports().Get(record_.sha256.Get()).value().value();
  const auto handed_on = recent_.Take({stored.id, stored.run});
  ASSERT_NE(handed_on, nullptr);
  EXPECT_EQ(*handed_on, model::ReportFromJson(stored.document).value());
}

TEST_F(ParseTest, AReportThatANewerRunHasReplacedIsNotHandedOn) {
  const store::StoredReport newer{
      record_.sha256.Get(), {clock_.Now() + Millis{1}, "newer"}, {}, clock_.Now(), false, "{}"};
  ASSERT_TRUE(store_.Reports().Put(std::span(&newer, 1)));
  node_->Finish(task_.task, Report());
  (void)Offer();
  EXPECT_EQ(recent_.Take({record_.sha256.Get(), {task_.fed_at, record_.id.Get() + ":0"}}), nullptr);
}

TEST_F(ParseTest, TheTaskIsDeletedByAMessageOfItsOwnWithOurMarker) {
  node_->Finish(task_.task, Report());
  const auto published = Published();
  ASSERT_EQ(published.size(), 2U);
  EXPECT_EQ(published[1].queue, "worker/cleanup");
  const auto cleanup = model::CleanupMessageFromJson(published[1].body).value();
  EXPECT_EQ(cleanup.task, task_.task);
  EXPECT_EQ(cleanup.node, node_->Url());
  EXPECT_EQ(cleanup.marker, Marker());
  EXPECT_EQ(cleanup.checked, clock_.Now()) << "the report carries it";
}

TEST_F(ParseTest, WithoutAMarkerInItsReportTheTaskIsLookedAtBeforeItIsDeleted) {
  node_->Finish(task_.task, R"({"info": {"id": 1}, "signatures": []})");
  EXPECT_EQ(model::CleanupMessageFromJson(Published().at(1).body)->checked, Time{});
}

TEST_F(ParseTest, TheSameMessageTwiceTellsTheSameAndFetchesOnce) {
  node_->Finish(task_.task, Report());
  const auto first = Published();
  const auto record = Record();
  const auto document = store_.Reports().Get(record_.sha256.Get()).value();
  clock_.Advance(Millis{60'000});
  EXPECT_EQ(WithoutTime(Published()), WithoutTime(first));
  EXPECT_EQ(Record(), record);
  EXPECT_EQ(store_.Reports().Get(record_.sha256.Get()).value(), document);
  EXPECT_EQ(Fetches(), 1U);
}

TEST_F(ParseTest, AReportThatWasStoredBeforeItsRecordMovedKeepsItsMark) {
  node_->Finish(task_.task, Report());
  Published();
  ASSERT_TRUE(store_.Reports().MarkProcessed(
      std::vector{store::ReportKey{record_.sha256.Get(), {task_.fed_at, record_.id.Get() + ":0"}}}));
  model::Submission lagging = record_;
  lagging.attempt = 1;  // a record that does not know of the report
  Put(lagging);
  Published();
  EXPECT_TRUE(store_.Reports().Get(record_.sha256.Get()).value()->processed);
}

TEST_F(ParseTest, AScoredSubmissionsOwnReportIsToldAgain) {
  node_->Finish(task_.task, Report());
  const auto first = Published();
  auto scored = Record();
  scored.state = State::kScored;
  Put(scored);
  EXPECT_EQ(WithoutTime(Published()), WithoutTime(first));
}

TEST_F(ParseTest, ALateTwinsReportIsCountedAndOnlyDeleted) {
  auto scored = record_;
  scored.state = State::kScored;
  scored.attempt = 1;
  scored.run = {clock_.Now(), record_.id.Get() + ":1"};
  Put(scored);
  node_->Finish(task_.task, Report());
  const auto published = Published();
  ASSERT_EQ(published.size(), 1U);
  EXPECT_EQ(published[0].queue, "worker/cleanup");
  EXPECT_EQ(Fetches(), 0U);
  EXPECT_EQ(Record(), scored);
  EXPECT_EQ(metrics_.Find("brood_parse_and_submit_late_reports_total"), 1);
}

TEST_F(ParseTest, ReportedWithoutAReportIsATaskLost) {
  node_->SetState(task_.task, sandbox::TaskState::kReported);
  const auto fate = Offer();
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kTaskLost);
  EXPECT_EQ(Record(), record_);
}

TEST_F(ParseTest, AReportThatBreaksOffIsFetchedAgainAndNeverHalfStored) {
  node_->Finish(task_.task, Report());
  node_->CutReport(task_.task, 100);
  EXPECT_TRUE(std::holds_alternative<Retry>(Offer()));
  EXPECT_FALSE(store_.Reports().Get(record_.sha256.Get()).value());
  node_->CutReport(task_.task, 1'000'000);
  EXPECT_TRUE(std::holds_alternative<Retry>(Offer())) << "the connection broke behind the last byte";
}

TEST_F(ParseTest, AReportThatIsCutInItsFileIsTriedAgain) {
  std::string cut = Report();
  cut.resize(cut.size() - 30);
  node_->Finish(task_.task, cut);
  const auto fate = Offer();
  ASSERT_TRUE(std::holds_alternative<Retry>(fate));
  EXPECT_THAT(Describe(std::get<Retry>(fate).why), HasSubstr("task 1 of http://node.test:8090"));
}

TEST_F(ParseTest, JsonThatIsNoReportIsAnErrorAndNoEmptyReport) {
  node_->Finish(task_.task, R"({"message": "Report not ready"})");
  const auto fate = Offer();
  ASSERT_TRUE(std::holds_alternative<Retry>(fate));
  EXPECT_THAT(std::get<Retry>(fate).why.what, HasSubstr("no report"));
  EXPECT_FALSE(store_.Reports().Get(record_.sha256.Get()).value());
}

TEST_F(ParseTest, AReportWithAnotherMarkerOrSampleIsATaskLost) {
  const std::string next = model::ToText(model::Marker{record_.id, 1});
  const std::string other_sample =
      R"({"info": {"id": 1}, "target": {"file": {"sha256": ")" + Sha256Hex("x") + R"("}}})";
  for (const std::string& report : {Report("", next), other_sample}) {
    node_->Finish(task_.task, report);
    const auto fate = Offer();
    ASSERT_TRUE(std::holds_alternative<Fail>(fate));
    EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kTaskLost);
    EXPECT_THAT(std::get<Fail>(fate).why.what, HasSubstr("not this task's"));
  }
  EXPECT_FALSE(store_.Reports().Get(record_.sha256.Get()).value());
}

TEST_F(ParseTest, AReportWithErrorsOfTheSandboxIsNotedAsEmptyAndCountedByItsMachine) {
  node_->Finish(
      task_.task,
      R"({"info": {"machine": {"name": "win7"}}, "debug": {"errors": ["the guest did not answer"]}})");
  Published();
  EXPECT_EQ(Record().report_note, "empty");
  EXPECT_EQ(metrics_.Find("brood_parse_and_submit_empty_reports_total", {{"machine", "win7"}}), 1);
}

TEST_F(ParseTest, TheScoreStandsWhereTheDialectHasIt) {
  node_->Finish(task_.task, R"({"info": {"id": 1}, "malscore": 7.5, "behavior": {"processes": []}})");
  Published();
  EXPECT_EQ(model::ReportFromJson(store_.Reports().Get(record_.sha256.Get()).value()->document)->score, 7.5);
}

TEST_F(ParseTest, ATaskWithoutSubmissionIsStoredUnderNodeAndTask) {
  task_.submission = {};
  task_.sha256 = {};
  node_->Finish(task_.task, R"({"info": {"id": 1}, "signatures": []})");
  const auto told = model::StoredMessageFromJson(Published().at(0).body).value();
  EXPECT_EQ(told.report_id, "http://node.test:8090:1");
  EXPECT_TRUE(store_.Reports().Get(told.report_id).value());
}

TEST_F(ParseTest, ANodeInTroubleIsAskedAgain) {
  node_->FailNext(Call::kReport, Errc::kServerError);
  EXPECT_TRUE(std::holds_alternative<Retry>(Offer()));
}

TEST_F(ParseTest, WhatCannotBeReadOrReachedFailsForGood) {
  task_.node = model::NodeUrl{"http://gone.test"};
  const auto unknown_node = Offer();
  ASSERT_TRUE(std::holds_alternative<Fail>(unknown_node));
  EXPECT_EQ(std::get<Fail>(unknown_node).why.kind, ErrorKind::kPermanent);
  const auto garbled = stage::testing::MessageOn("worker/parse_and_submit", "?", clock_.Now());
  EXPECT_TRUE(std::holds_alternative<Fail>(stage::testing::Offer(stage_, garbled, clock_)));
}

}  // namespace
}  // namespace brood::stages::parse_and_submit
