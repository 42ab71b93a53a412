#include "stages/parse_and_submit/report_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "model/submission.hpp"

namespace brood::stages::parse_and_submit {
namespace {

using testing::HasSubstr;

const std::string kSha256 = Sha256Hex("sample");
const std::string kOther = Sha256Hex("another");

model::TaskMessage Task() {
  model::TaskMessage task;
  task.task = model::TaskId{7};
  task.node = model::NodeUrl{"http://node.test:8090"};
  task.submission = model::DeriveSubmissionId("a");
  task.sha256 = model::SampleHash{kSha256};
  return task;
}

model::ReportFacts FactsWith(std::string custom) {
  model::ReportFacts facts;
  facts.custom = std::move(custom);
  return facts;
}

model::Report ReportOf(std::string sha256) {
  model::Report report;
  report.sha256 = std::move(sha256);
  return report;
}

TEST(WhyForeign, NothingWhereMarkerAndSampleAreOurs) {
  const std::string ours = model::ToText(model::Marker{Task().submission, 0});
  EXPECT_EQ(WhyForeign(Task(), FactsWith("case 7 " + ours), ReportOf(kSha256)), "");
  EXPECT_EQ(WhyForeign(Task(), FactsWith(""), ReportOf("")), "") << "it says neither";
}

TEST(WhyForeign, AnotherMarkerOrAnotherText) {
  const std::string next = model::ToText(model::Marker{Task().submission, 1});
  EXPECT_THAT(WhyForeign(Task(), FactsWith(next), ReportOf(kSha256)), HasSubstr(next));
  EXPECT_THAT(WhyForeign(Task(), FactsWith("somebody else's"), ReportOf(kSha256)),
              HasSubstr("somebody else's"));
}

TEST(WhyForeign, AnotherSample) {
  EXPECT_THAT(WhyForeign(Task(), FactsWith(""), ReportOf(kOther)), HasSubstr(kOther));
  std::string upper = kSha256;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(WhyForeign(Task(), FactsWith(""), ReportOf(upper)), "");
}

TEST(WhyForeign, ATaskWithoutSubmissionTakesAnyMarker) {
  model::TaskMessage task = Task();
  task.submission = {};
  EXPECT_EQ(WhyForeign(task, FactsWith("anything"), ReportOf(kSha256)), "");
}

TEST(WhyForeign, OfATaskThatOthersFedAnotherSubmissionsMarkerOrAnotherSamplesMd5) {
  model::TaskMessage task = Task();
  task.submission = {};
  task.crits.analysis_id = "1111";
  task.crits.object_id = "6b01";
  task.crits.md5 = std::string(32, 'A');
  EXPECT_EQ(WhyForeign(task, FactsWith("their text"), ReportOf(kSha256)), "");
  const std::string another = model::ToText(model::Marker{model::DeriveSubmissionId("b"), 0});
  EXPECT_THAT(WhyForeign(task, FactsWith(another), ReportOf(kSha256)), HasSubstr(another));
  model::Report report = ReportOf(kSha256);
  report.md5 = std::string(32, 'a');
  EXPECT_EQ(WhyForeign(task, FactsWith(""), report), "");
  report.md5 = std::string(32, 'b');
  EXPECT_THAT(WhyForeign(task, FactsWith(""), report), HasSubstr(report.md5));
  task.crits.md5 = "00";
  EXPECT_EQ(WhyForeign(task, FactsWith(""), report), "") << "not every sender knows it";
}

TEST(NoteOn, IsEmptyWithoutBehaviourWhereThePlatformImpliesSome) {
  model::ReportFacts facts;
  EXPECT_EQ(NoteOn(facts, {}), "empty");
  facts.platform = "Windows";
  EXPECT_EQ(NoteOn(facts, {}), "empty");
  facts.platform = "android";
  EXPECT_EQ(NoteOn(facts, {}), "");
  facts.platform = "windows";
  facts.has_behavior = true;
  EXPECT_EQ(NoteOn(facts, {}), "");
}

TEST(NoteOn, IsEmptyWithErrorsOfTheSandbox) {
  model::ReportFacts facts;
  facts.has_behavior = true;
  facts.errors = {"the guest did not answer"};
  EXPECT_EQ(NoteOn(facts, {}), "empty");
}

TEST(DocumentId, IsTheSamplesElseTheSubmissionsElseNodeAndTask) {
  model::TaskMessage task = Task();
  EXPECT_EQ(DocumentId(task, {}), kSha256);
  task.sha256 = {};
  EXPECT_EQ(DocumentId(task, ReportOf(kOther)), kOther);
  EXPECT_EQ(DocumentId(task, {}), task.submission.Get());
  task.submission = {};
  EXPECT_EQ(DocumentId(task, {}), "http://node.test:8090:7");
}

TEST(RunId, IsSubmissionAndAttemptElseNodeAndTask) {
  model::TaskMessage task = Task();
  task.attempt = 2;
  EXPECT_EQ(RunId(task), task.submission.Get() + ":2");
  task.submission = {};
  EXPECT_EQ(RunId(task), "http://node.test:8090:7");
}

}  // namespace
}  // namespace brood::stages::parse_and_submit
