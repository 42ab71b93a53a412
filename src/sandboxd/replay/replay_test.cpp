#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "report/reader.hpp"
#include "sandboxd/replay/made_up_json.hpp"
#include "sandboxd/replay/recorded_report.hpp"
#include "sandboxd/replay/top_level.hpp"
#include "sandboxd/testing/running_sandbox.hpp"

namespace brood::sandboxd::replay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

namespace json = boost::json;

Task MakeTask(std::int64_t id = 7) {
  Task task;
  task.id = id;
  TaskRequest request;
  request.target = "own.exe";
  request.custom = "mine brood:1:1";
  task.request = std::make_shared<const TaskRequest>(request);
  Sample sample;
  sample.digests = DigestAll("content");
  sample.size = 7;
  task.sample = std::make_shared<const Sample>(sample);
  return task;
}

std::vector<std::string> Keys(std::string_view document) {
  std::vector<std::string> keys;
  for (const Member& member : TopLevelMembers(document)) {
    keys.push_back(std::string(member.key) + "=" + std::string(document.substr(member.offset, member.size)));
  }
  return keys;
}

TEST(TopLevelMembers, StandWhereTheyAre) {
  EXPECT_THAT(Keys(R"( {"a": 1, "b" : {"a": [1,"}"]} ,"c":"x\",y", "a":null } )"),
              ElementsAre("a=1", R"(b={"a": [1,"}"]})", R"(c="x\",y")", "a=null"));
  EXPECT_THAT(Keys("{}"), ElementsAre());
  EXPECT_THAT(Keys("[1]"), ElementsAre());
  EXPECT_THAT(Keys(""), ElementsAre());
}

TEST(TopLevelMembers, EndWhereTheDocumentBreaksOff) {
  const std::string whole = R"({"a": {"x": "\\"}, "b": [1, 2], "c": "text"})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    for (const Member& member : TopLevelMembers(whole.substr(0, size))) {
      EXPECT_LE(member.offset + member.size, size);
    }
  }
  EXPECT_THAT(Keys(whole.substr(0, 25)), ElementsAre(R"(a={"x": "\\"})"));
}

TEST(RecordedReport, CarriesTheTasksOwnIdMarkerAndSample) {
  const RecordedReport recorded(
      R"({"x": [1], "info": {"id": 1, "score": 3.5, "custom": "theirs"}, "target": {"file": {"name": "n", "type": "T"}}})");
  const json::value report = json::parse(*recorded.For(MakeTask()));
  EXPECT_EQ(report.at("info").at("id").as_int64(), 7);
  EXPECT_EQ(report.at("info").at("custom").as_string(), "mine brood:1:1");
  EXPECT_EQ(report.at("info").at("score").to_number<double>(), 3.5);
  EXPECT_EQ(report.at("info").at("brood").at("engine").as_string(), "replay");
  EXPECT_EQ(report.at("target").at("file").at("sha256").as_string(), Sha256Hex("content"));
  EXPECT_EQ(report.at("target").at("file").at("name").as_string(), "own.exe");
  EXPECT_EQ(report.at("target").at("file").at("type").as_string(), "T");
  EXPECT_EQ(report.at("x"), json::parse("[1]"));
}

TEST(RecordedReport, AddsWhatIsMissing) {
  const RecordedReport recorded(R"( {"strings": []})");
  const json::value report = json::parse(*recorded.For(MakeTask()));
  EXPECT_EQ(report.at("info").at("id").as_int64(), 7);
  EXPECT_EQ(report.at("target").at("file").at("size").as_int64(), 7);
  EXPECT_TRUE(report.at("strings").is_array());
}

TEST(RecordedReport, LeavesDamageAsItIs) {
  const RecordedReport cut(R"({"info": {"id": 1}, "target": {}, "behavior": {"proc)");
  EXPECT_THAT(*cut.For(MakeTask()), HasSubstr(R"("behavior": {"proc)"));
  EXPECT_THAT(*cut.For(MakeTask()), HasSubstr("mine brood:1:1"));
  EXPECT_EQ(*RecordedReport("no report").For(MakeTask()), "no report");
  EXPECT_EQ(*RecordedReport("").For(MakeTask()), "");
}

TEST(MadeUpReport, IsAsLongAsAskedAndTheSameForTheSameSeed) {
  for (const std::size_t bytes : {10'000U, 50'000U, 1'000'000U}) {
    const std::string report = MadeUpReport(3, bytes);
    EXPECT_NEAR(static_cast<double>(report.size()), static_cast<double>(bytes),
                0.1 * static_cast<double>(bytes));
    EXPECT_EQ(report, MadeUpReport(3, bytes));
    EXPECT_NE(report, MadeUpReport(4, bytes));
  }
}

TEST(MadeUpReport, IsReadWithoutANote) {
  const auto read = report::ReadAll(MadeUpReport(1, 50'000));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->report.parse_notes.empty());
  EXPECT_TRUE(read->facts.has_behavior);
  EXPECT_FALSE(read->report.file_opened.empty());
  EXPECT_FALSE(read->report.domain.empty());
}

Settings Replay(const std::filesystem::path& reports = {}) {
  Settings settings;
  settings.engine = EngineKind::kReplay;
  settings.reports = reports;
  return settings;
}

std::string Recorded(const std::string& sha256, const std::string& mark) {
  return R"({"info": {"id": 1}, "mark": ")" + mark + R"(", "target": {"file": {"sha256": ")" + sha256 +
         R"("}}})";
}

TEST(ReplayEngine, ChoosesTheReportOfTheSample) {
  const TempDir reports;
  std::ofstream(reports / "a.json") << Recorded(Sha256Hex("one"), "by target");
  std::ofstream(reports / (Sha256Hex("two") + ".json")) << R"({"mark": "by name"})";
  std::ofstream(reports / "notes.txt") << "no report";
  RunningSandbox sandbox(Replay(reports.Path()));
  for (const auto& [content, mark] : {std::pair{"one", "by target"}, std::pair{"two", "by name"}}) {
    const auto id = sandbox.Submit("x", content);
    ASSERT_EQ(sandbox.Await(id), "reported");
    EXPECT_EQ(sandbox.Report(id).at("mark").as_string(), mark);
    EXPECT_EQ(sandbox.Report(id).at("info").at("id").as_int64(), id);
  }
}

TEST(ReplayEngine, AnswersInTurnForOtherSamples) {
  const TempDir reports;
  for (const char* name : {"a", "b", "c"})
    std::ofstream(reports / (std::string(name) + ".json")) << Recorded("", name);
  RunningSandbox sandbox(Replay(reports.Path()));
  std::set<std::string> marks;
  for (int i = 0; i < 3; ++i) {
    const auto id = sandbox.Submit("x", std::to_string(i));
    ASSERT_EQ(sandbox.Await(id), "reported");
    marks.insert(json::value_to<std::string>(sandbox.Report(id).at("mark")));
  }
  EXPECT_EQ(marks.size(), 3U);
}

TEST(ReplayEngine, SaysWhatIsWrongWithItsFolder) {
  const TempDir empty;
  EXPECT_THROW(RunningSandbox{Replay(empty.Path())}, std::runtime_error);
  EXPECT_THROW(RunningSandbox{Replay(empty / "absent")}, std::runtime_error);
}

TEST(ReplayEngine, LeavesOutAPackedReportThatIsDamaged) {
  const TempDir reports;
  std::ofstream(reports / "bad.json.gz") << "\x1f\x8b\x08 no gzip";
  std::ofstream(reports / "good.json") << Recorded("", "good");
  RunningSandbox sandbox(Replay(reports.Path()));
  const auto id = sandbox.Submit("x", "y");
  ASSERT_EQ(sandbox.Await(id), "reported");
  EXPECT_EQ(sandbox.Report(id).at("mark").as_string(), "good");
}

TEST(ReplayEngine, MakesUpReportsWithoutAFolder) {
  Settings settings = Replay();
  settings.report_bytes = 30'000;
  RunningSandbox sandbox(settings);
  const auto id = sandbox.Submit("x", "y", {{"custom", "mine"}});
  ASSERT_EQ(sandbox.Await(id), "reported");
  const auto report = sandbox.Report(id);
  EXPECT_EQ(report.at("info").at("custom").as_string(), "mine");
  EXPECT_EQ(report.at("target").at("file").at("sha256").as_string(), Sha256Hex("y"));
  EXPECT_EQ(sandbox.Report(id), report);
  EXPECT_TRUE(std::filesystem::is_empty(sandbox.Storage() / "binaries"));
}

TEST(ReplayEngine, ServesTheSharedReports) {
  const char* const shared = std::getenv("BROOD_SHARED");
  const std::filesystem::path folder = std::filesystem::path(shared ? shared : "../shared") / "reports";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  RunningSandbox sandbox(Replay(folder));
  for (int i = 0; i < 50; ++i) {
    const auto id = sandbox.Submit("x", "content " + std::to_string(i), {{"custom", "mine brood:1f:1"}});
    ASSERT_EQ(sandbox.Await(id), "reported");
    const auto read = report::ReadAll(sandbox.Get("/tasks/report/" + std::to_string(id)).body);
    ASSERT_TRUE(read) << Describe(read.error());
    EXPECT_EQ(read->report.sha256, Sha256Hex("content " + std::to_string(i)));
    EXPECT_EQ(read->facts.custom, "mine brood:1f:1");
  }
}

}  // namespace
}  // namespace brood::sandboxd::replay
