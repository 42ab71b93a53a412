#include "cli/report_show.hpp"

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "cli/process_tree.hpp"
#include "cli/table.hpp"

namespace brood::cli {
namespace {

using model::SeenProcess;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string Shown(std::string_view report, const ShowStyle& style = {}) {
  const auto read = report::ReadAll(report);
  EXPECT_TRUE(read) << (read ? "" : Describe(read.error()));
  return read ? ShowReport(*read, style) : "";
}

/// "0", " 2": index behind a blank for each step down.
std::vector<std::string> Tree(const std::vector<SeenProcess>& processes) {
  std::vector<std::string> lines;
  for (const TreeLine& line : ProcessTree(processes))
    lines.push_back(std::string(line.depth, ' ') + std::to_string(line.process));
  return lines;
}

SeenProcess Seen(std::int64_t id, std::int64_t parent) { return {"p", id, parent, ""}; }

TEST(ProcessTree, PutsChildrenBelowTheirParents) {
  EXPECT_THAT(Tree({Seen(10, 1), Seen(20, 10), Seen(30, 20), Seen(21, 10), Seen(40, 2)}),
              ElementsAre("0", " 1", "  2", " 3", "4"));
}

TEST(ProcessTree, AChildMayComeBeforeItsParent) {
  EXPECT_THAT(Tree({Seen(20, 10), Seen(10, 1)}), ElementsAre("1", " 0"));
}

TEST(ProcessTree, OfAnIdThatIsUsedTwiceTheLastBeforeTheChildIsTheParent) {
  EXPECT_THAT(Tree({Seen(10, 1), Seen(10, 1), Seen(20, 10), Seen(10, 1)}), ElementsAre("0", "1", " 2", "3"));
}

TEST(ProcessTree, ShowsEachOnceWhateverIsClaimed) {
  EXPECT_THAT(Tree({Seen(10, 10)}), ElementsAre("0"));
  EXPECT_THAT(Tree({Seen(10, 20), Seen(20, 10), Seen(30, 20)}), ElementsAre("0", " 1", "  2"));
  EXPECT_THAT(Tree({{"", std::nullopt, std::nullopt, ""}, Seen(1, 2)}), ElementsAre("0", "1"));
}

TEST(ProcessTree, AChainOfManyEnds) {
  std::vector<SeenProcess> chain;
  for (std::int64_t i = 0; i < 20'000; ++i) chain.push_back(Seen(i, (i + 1) % 20'000));
  EXPECT_EQ(ProcessTree(chain).size(), chain.size());
}

TEST(ShowReport, ShowsWhoseItIsAndWhatItScored) {
  const std::string text = Shown(R"({"info": {"score": 7.25, "version": "2.0.7", "machine": {"name": "win7"},
      "ended": "2017-05-22 10:38:36"}, "target": {"file": {"name": "a.exe", "type": "PE32", "md5": "m5",
      "sha1": "s1", "sha256": "s256"}}, "virustotal": {"positives": 3}})");
  for (const char* part : {"a.exe", "PE32", "m5", "s1", "s256", "2.0.7", "win7", "2017-05-22 10:38:36", "7.2",
                           "3 engines", "none was seen"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(ShowReport, OrdersSignaturesBySeverity) {
  const std::string text =
      Shown(R"({"signatures": [{"name": "low", "severity": 1}, {"name": "high", "severity": 5},
                                     {"name": "middle", "severity": 3, "description": "why"}]})");
  EXPECT_LT(text.find("high"), text.find("middle"));
  EXPECT_LT(text.find("middle"), text.find("low"));
  EXPECT_THAT(text, HasSubstr("3 middle why"));
  EXPECT_THAT(text, HasSubstr("Signatures, by severity (3)"));
}

TEST(ShowReport, ShowsProcessesAsATreeWithTheirCommands) {
  const std::string text = Shown(R"({"behavior": {"processes": [
      {"pid": 7, "process_name": "a.exe", "command_line": "a.exe /x"},
      {"pid": 8, "ppid": 7, "process_name": "b.exe", "command_line": "b.exe /y"}],
      "summary": {"command_line": ["whoami"]}}})");
  EXPECT_THAT(text, HasSubstr("\n  a.exe (7) a.exe /x\n    └ b.exe (8) b.exe /y\n"));
  EXPECT_THAT(text, HasSubstr("Further command lines (1)\n  whoami\n"));
}

TEST(ShowReport, CountsListsAndShowsTheirFirst) {
  const std::string text =
      Shown(R"({"behavior": {"summary": {"mutex": ["m1", "m2", "m3", "m4", "m5", "m6", "m7"]}}})");
  EXPECT_THAT(text, HasSubstr("Mutexes (7)\n  m1\n  m2\n  m3\n  m4\n  m5\n  … 2 more\n"));
}

TEST(ShowReport, NoLineIsWiderThanTheTerminal) {
  const std::string wide(10'000, 'w');
  std::string report =
      R"({"signatures": [{"name": "W", "severity": 3, "description": "W"}], "strings": ["W", "éW"],
      "info": {"version": "W", "options": "W"}, "target": {"file": {"name": "W"}}, "network": {"hosts": ["W"],
      "domains": [{"ip": "W", "domain": "W"}], "tcp": [{"src": "W", "dst": "W", "dport": 1}], "http": [{"uri": "W"}]},
      "behavior": {"processes": [{"process_name": "W", "command_line": "W", "pid": 1}]}, "debug": {"errors": ["W"]}})";
  for (std::size_t at = 0; (at = report.find('W', at)) != std::string::npos; at += wide.size())
    report.replace(at, 1, wide);
  for (const std::size_t width : {40U, 80U, 133U}) {
    const std::string text = Shown(report, {width, Colour::kNone});
    for (const std::string_view line : Split(text, '\n')) EXPECT_LE(WidthOf(line), width) << line;
  }
}

TEST(ShowReport, NothingOfTheReportCommandsTheTerminal) {
  const std::string text =
      Shown(R"({"strings": ["\u001b[2J\u0007", "\u009b31m", "\u202egpj.exe", "a\nb\r", "\u0000"],
                "target": {"file": {"name": "\u001b]0;x\u0007"}}, "behavior": {"processes": [{"process_name": "\u2028"}]}})",
            {80, Colour::kAnsi});
  EXPECT_THAT(text, Not(HasSubstr("\x1b[2J")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b]")));
  EXPECT_THAT(text, Not(HasSubstr("\a")));
  EXPECT_THAT(text, Not(HasSubstr("\r")));
  EXPECT_THAT(text, Not(HasSubstr("\u202e")));
  EXPECT_THAT(text, HasSubstr("a?b?"));
}

TEST(ShowReport, ColoursOnlyWhereTheyAreAskedFor) {
  constexpr std::string_view kReport =
      R"({"info": {"score": 9}, "signatures": [{"name": "s", "severity": 3}]})";
  EXPECT_THAT(Shown(kReport), Not(HasSubstr("\x1b")));
  EXPECT_THAT(Shown(kReport, {80, Colour::kAnsi}), HasSubstr("\x1b[31m"));
}

}  // namespace
}  // namespace brood::cli
