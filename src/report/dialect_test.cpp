// What is taken from where: the field table's rows and their order.
#include <gmock/gmock.h>

#include "base/digest.hpp"
#include "report/read_text.hpp"

namespace brood::report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Views = std::vector<std::string_view>;

TEST(Dialects, ScoreIsInfosElseMalscoreElseTheTopLevels) {
  EXPECT_EQ(Read(R"({"score": 1, "malscore": 2.5, "info": {"score": 3.25}})").report.score, 3.25);
  EXPECT_EQ(Read(R"({"score": 1, "malscore": 2.5, "info": {"score": "3"}})").report.score, 2.5);
  EXPECT_EQ(Read(R"({"score": 1, "info": {}})").report.score, 1.0);
  EXPECT_EQ(Read(R"({"info": {}})").report.score, 0.0);
}

TEST(Dialects, DateIsTheMachinesShutdownElseTheEnd) {
  EXPECT_EQ(Read(R"({"info": {"ended": 0, "machine": {"shutdown_on": "2017-05-22 10:38:36"}}})").report.date,
            "2017-05-22 10:38:36");
  EXPECT_EQ(Read(R"({"info": {"ended": 1501027348.9, "machine": {"shutdown_on": "soon"}}})").report.date,
            "2017-07-26 00:02:28");
  EXPECT_EQ(Read(R"({"info": {"ended": "2021-01-02 03:04:05", "machine": "m"}})").report.date,
            "2021-01-02 03:04:05");
  EXPECT_EQ(Read(R"({"info": {"ended": null}})").report.date, "");
}

TEST(Dialects, OptionsMayBeAnObject) {
  EXPECT_EQ(Read(R"({"info": {"options": "a=1,b"}})").report.cuckoo_options, "a=1,b");
  EXPECT_EQ(
      Read(R"({"info": {"options": {"a": "1", "b": 2, "c": true, "d": null, "e": []}}})").report.cuckoo_options,
      "a=1,b=2,c=true,d=");
}

TEST(Dialects, AMachineThatIsAStringIsItsName) {
  EXPECT_EQ(Read(R"({"info": {"machine": "win7"}})").report.machine_info, (model::MachineInfo{"win7", "", ""}));
  EXPECT_EQ(Read(R"({"info": {"machine": {"name": "n", "label": "l", "manager": "m"}}})").report.machine_info,
            (model::MachineInfo{"n", "l", "m"}));
}

TEST(Dialects, AUrlTasksHashIsThatOfTheUrl) {
  EXPECT_EQ(Read(R"({"target": {"category": "url", "url": "http:\/\/example.org\/"}})").report.sha256,
            Sha256Hex("http://example.org/"));
  EXPECT_EQ(Read(R"({"target": {"url": "x", "file": {"sha256": "abc"}}})").report.sha256, "abc");
}

TEST(Dialects, CuckooThreesTargetHasNoFile) {
  const auto report = Read(R"({"target": {"filename": "a.exe", "filetype": "PE32", "md5": "m", "sha256": "s"},
                               "score": 10})")
                          .report;
  EXPECT_EQ(report.binary_name, "a.exe");
  EXPECT_EQ(report.file_type, "PE32");
  EXPECT_EQ(report.sha256, "s");
  EXPECT_EQ(report.score, 10.0);
}

TEST(Dialects, AListOfTheFirstDialectWinsEvenIfItIsEmpty) {
  const auto both = Read(R"({"behavior": {"summary": {"files": ["second"], "file_opened": []}}})").report;
  EXPECT_THAT(both.file_opened, IsEmpty());
  const auto wrong = Read(R"({"behavior": {"summary": {"files": ["second"], "file_opened": null}}})").report;
  EXPECT_THAT(wrong.file_opened, ElementsAre("second"));
  const auto strings = Read(R"({"target": {"file": {"strings": ["x"]}}, "strings": ["a", 7]})").report;
  EXPECT_THAT(strings.string, ElementsAre("a", "7"));
}

TEST(Dialects, ReadsTheSummaryOfBothDialects) {
  const auto cape = Read(R"({"behavior": {"summary": {"files": ["1"], "read_files": ["2"], "write_files": ["3"],
      "delete_files": ["4"], "keys": ["5"], "read_keys": ["6"], "write_keys": ["7"], "delete_keys": ["8"],
      "mutexes": ["9"]}}})")
                        .report;
  EXPECT_EQ((Views{cape.file_opened.front(), cape.file_read.front(), cape.file_written.front(),
                   cape.file_deleted.front(), cape.regkey_opened.front(), cape.regkey_read.front(),
                   cape.regkey_written.front(), cape.regkey_deleted.front(), cape.mutex.front()}),
            (Views{"1", "2", "3", "4", "5", "6", "7", "8", "9"}));
  const auto cuckoo = Read(R"({"behavior": {"summary": {"mutex": ["m"], "dll_loaded": ["d"],
      "directory_created": ["c"], "directory_enumerated": ["e"], "directory_removed": ["r"]}}})")
                          .report;
  EXPECT_EQ((Views{cuckoo.mutex.front(), cuckoo.dll_loaded.front(), cuckoo.dir_created.front(),
                   cuckoo.dir_enumerated.front(), cuckoo.dir_removed.front()}),
            (Views{"m", "d", "c", "e", "r"}));
}

TEST(Dialects, CommandsOfTheSummaryFollowTheProcesses) {
  const auto report = Read(R"({"behavior": {
      "summary": {"command_line": ["b", "d", "d"], "executed_commands": ["a", "c"]},
      "processes": [{"process_name": "p", "command_line": "a"},
                    {"process_name": "q", "environ": {"CommandLine": "b"}}, 7]}})")
                          .report;
  EXPECT_THAT(report.process, ElementsAre(model::Process{"p", "a"}, model::Process{"q", "b"},
                                          model::Process{"", "c"}, model::Process{"", "d"}));
}

TEST(Dialects, ApiStatisticsAreSummedOverProcesses) {
  const auto report = Read(R"({"behavior": {"processes": [{"calls": [{"api": "X"}]}],
      "apistats": {"1": {"B": 2, "A": 1}, "2": {"A": 40}}}})")
                          .report;
  EXPECT_THAT(report.api_call, ElementsAre(model::ApiCall{"B", 2}, model::ApiCall{"A", 41}));
}

TEST(Dialects, WithoutStatisticsCallsAreCountedOneEach) {
  const auto report = Read(R"({"behavior": {"processes": [
      {"calls": [{"category": "api", "api": "B", "repeated": 9}, {"arguments": [{"api": "no"}], "api": "A"}]},
      {"calls": [{"api": "B"}, {"api": null}, {}, 5]}]}})")
                          .report;
  EXPECT_THAT(report.api_call, ElementsAre(model::ApiCall{"B", 2}, model::ApiCall{"A", 1}));
}

TEST(Dialects, HostsMayBeObjectsAndDeadHostsArePairs) {
  const auto report = Read(R"({"network": {"hosts": ["10.0.0.1", {"country_name": "x", "ip": "10.0.0.2"}, {}],
      "dead_hosts": [["192.0.2.1", 80], [], ["192.0.2.2", 443, 1]]}})")
                          .report;
  EXPECT_THAT(report.ip, ElementsAre("10.0.0.1", "10.0.0.2"));
  EXPECT_THAT(report.dead_host, ElementsAre("192.0.2.1", "192.0.2.2"));
}

TEST(Dialects, SecureExchangesFollowThePlainOnes) {
  const auto report = Read(R"({"network": {"https_ex": [{"uri": "s", "dport": 443}], "http_ex": [{"uri": "p",
      "src": "a", "dst": "b", "host": "h", "request": "GET", "response": "200"}],
      "http": [{"user-agent": "ua", "uri": "u", "method": "GET", "host": "h", "path": "/", "body": ""}]}})")
                          .report;
  EXPECT_THAT(report.http_ex, ElementsAre(model::HttpExchange{"a", "b", "h", 0, "p", "GET", "200"},
                                          model::HttpExchange{"", "", "", 443, "s", "", ""}));
  EXPECT_THAT(report.http, ElementsAre(model::HttpRequest{"u", "ua", "GET", "", "h", "/"}));
}

TEST(Dialects, VirusTotalsPositivesStandInOneOfTwoPlaces) {
  EXPECT_EQ(Read(R"({"virustotal": {"summary": {"positives": 3}, "positives": 41}})").report.vt_matched, 41);
  EXPECT_EQ(Read(R"({"virustotal": {"summary": {"positives": 3}}})").report.vt_matched, 3);
}

TEST(Dialects, FactsTellWhoseReportItIsAndWhetherTheAnalysisRan) {
  const auto facts = Read(R"({"info": {"id": 12, "custom": "marker", "machine": {"platform": "windows"}},
      "behavior": {"generic": [{}]}, "debug": {"errors": ["one", "two"]}})")
                         .facts;
  EXPECT_EQ(facts.custom, "marker");
  EXPECT_EQ(facts.task_id, 12);
  EXPECT_EQ(facts.platform, "windows");
  EXPECT_TRUE(facts.has_behavior);
  EXPECT_TRUE(facts.has_sections);
  EXPECT_THAT(facts.errors, ElementsAre("one", "two"));
}

TEST(Dialects, EmptyBehaviourIsNone) {
  EXPECT_FALSE(
      Read(R"({"behavior": {"processes": [], "generic": [], "summary": {"files": [], "services": []}}})")
          .facts.has_behavior);
  EXPECT_TRUE(Read(R"({"behavior": {"summary": {"services": [{}]}}})").facts.has_behavior);
  EXPECT_TRUE(Read(R"({"behavior": {"summary": {"mutexes": ["m"]}}})").facts.has_behavior);
  EXPECT_TRUE(Read(R"({"behavior": {"processes": [{}]}})").facts.has_behavior);
  EXPECT_FALSE(Read(R"({"error": true, "message": "Task not found"})").facts.has_sections);
}

}  // namespace
}  // namespace brood::report
