// Reports as no sandbox should write them: each costs at most what cannot be read, and says so.
#include <gmock/gmock.h>

#include "base/digest.hpp"
#include "model/report_json.hpp"
#include "report/read_text.hpp"

namespace brood::report {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

TEST(Hostile, AWrongTypeBecomesTheDefaultAndIsCounted) {
  const auto report =
      Read(R"({"info": {"version": [1], "score": "high"}, "network": "none", "signatures": {"name": "x"},
               "virustotal": {"positives": 2.5}, "target": null})")
          .report;
  EXPECT_EQ(report.cuckoo_version, "");
  EXPECT_EQ(report.vt_matched, 0);
  EXPECT_THAT(NotesOf(report),
              ElementsAre("info.version: wrong type ×1", "info.score: wrong type ×1", "network: wrong type ×1",
                          "signatures: wrong type ×1", "virustotal.positives: number out of range ×1"));
}

TEST(Hostile, AWrongItemIsLeftOutAndCounted) {
  const auto report = Read(R"({"strings": ["a", null, {"b": []}, "c", [1, [2]], true],
                               "network": {"tcp": [{"src": "s", "dport": "80"}, "x", {"dport": 1}]}})")
                          .report;
  EXPECT_THAT(report.string, ElementsAre("a", "c"));
  EXPECT_THAT(report.tcp, ElementsAre(model::Connection{"s", "", 0}, model::Connection{"", "", 1}));
  EXPECT_THAT(NotesOf(report), ElementsAre("strings[]: wrong type ×4", "network.tcp[].dport: wrong type ×1",
                                           "network.tcp[]: wrong type ×1"));
}

TEST(Hostile, ANumberWhereTextIsDueIsWrittenAsText) {
  const auto report = Read(R"({"info": {"version": 2.0}, "strings": [18446744073709551617, -1.5e3]})").report;
  EXPECT_EQ(report.cuckoo_version, "2.0");
  EXPECT_THAT(report.string, ElementsAre("18446744073709551617", "-1.5e3"));
}

TEST(Hostile, OfEqualKeysTheLastWins) {
  const auto report = Read(R"({"strings": ["a"], "info": {"version": "1", "score": 1}, "strings": ["b"],
                               "info": {"version": "2", "version": "3"},
                               "signatures": [{"name": "x", "name": "y", "severity": 1, "severity": []}]})")
                          .report;
  EXPECT_THAT(report.string, ElementsAre("b"));
  EXPECT_EQ(report.cuckoo_version, "3");
  EXPECT_EQ(report.score, 0.0) << "the second info replaces the first with all that was in it";
  EXPECT_THAT(report.signature, ElementsAre(model::Signature{"y", 0, ""}));
}

TEST(Hostile, EqualKeysTakeCallsBackToo) {
  const auto report = Read(R"({"behavior": {"processes": [
      {"calls": [{"api": "A"}, {"api": "A"}], "calls": [{"api": "B", "api": "C"}]},
      {"calls": [{"api": "D"}], "calls": 5}]}})")
                          .report;
  EXPECT_THAT(report.api_call, ElementsAre(model::ApiCall{"C", 1}));
  const auto replaced =
      Read(R"({"behavior": {"apistats": {"1": {"A": 1, "A": 2}, "1": {"B": 3}, "2": {"C": 1}, "2": 0},
      "processes": [{"calls": [{"api": "D"}]}]}})")
          .report;
  EXPECT_THAT(replaced.api_call, ElementsAre(model::ApiCall{"B", 3}));
  const auto gone = Read(R"({"behavior": {"processes": [{"calls": [{"api": "D"}]}]}, "behavior": 0})").report;
  EXPECT_THAT(gone.api_call, IsEmpty());
  EXPECT_THAT(gone.process, IsEmpty());
}

TEST(Hostile, HalfASurrogatePairIsReplaced) {
  const auto report = Read(R"({"strings": ["x\ud800", "\udc00y", "\ud83d\ude00"]})").report;
  EXPECT_THAT(report.string,
              ElementsAre("x" + std::string(kReplacement), std::string(kReplacement) + "y", "😀"));
  EXPECT_THAT(NotesOf(report), ElementsAre("strings[]: half a surrogate pair, replaced ×2"));
}

TEST(Hostile, NulStaysInTheText) {
  EXPECT_EQ(Read(R"({"strings": ["a\u0000b"]})").report.string.front(), std::string_view("a\0b", 3));
}

TEST(Hostile, InvalidUtf8IsReplaced) {
  const auto report = Read("{\"strings\": [\"a\xFF\"], \"static\": \"\xC3\", \"\xFE\": 1}").report;
  EXPECT_THAT(report.string, ElementsAre("a" + std::string(kReplacement)));
  EXPECT_TRUE(model::ReportFromJson(model::ToJson(report)));
  EXPECT_THAT(NotesOf(report), ElementsAre("strings[]: invalid UTF-8, replaced ×1"));
}

TEST(Hostile, AByteOrderMarkAndBlanksMayStandBefore) {
  EXPECT_EQ(Read("\xEF\xBB\xBF{\"score\": 4}").report.score, 4.0);
  EXPECT_EQ(Read(" \r\n\t{\"score\": 4}").report.score, 4.0);
}

TEST(Hostile, NanAndInfinityAreNotRead) {
  const auto report =
      Read(R"({"info": {"score": NaN, "id": Infinity}, "score": 3, "strings": [-Infinity, "a"]})").report;
  EXPECT_EQ(report.score, 3.0);
  EXPECT_THAT(report.string, ElementsAre("a"));
  EXPECT_THAT(NotesOf(report), ElementsAre("info.score: unreadable value ×1", "info.id: unreadable value ×1",
                                           "strings[]: unreadable value ×1"));
}

TEST(Hostile, HugeNumbersAreNotRead) {
  const auto report =
      Read(R"({"info": {"score": 1e999}, "signatures": [{"severity": 99999999999999999999}]})").report;
  EXPECT_EQ(report.score, 0.0);
  EXPECT_EQ(report.signature[0].severity, 0);
  EXPECT_EQ(report.parse_notes.size(), 2U);
}

TEST(Hostile, ASecondCopyOfTheTailIsIgnoredAndCounted) {
  const auto report = Read("{\"strings\": [\"a\"], \"info\": {}}\n fo\": {}}\n").report;
  EXPECT_THAT(report.string, ElementsAre("a"));
  EXPECT_THAT(NotesOf(report), ElementsAre(": bytes behind the end of the document ×7"));
}

TEST(Hostile, NestingCostsNothing) {
  const std::string deep(300'000, '[');
  const std::string back(300'000, ']');
  const auto report =
      Read(R"({"static": )" + deep + back + R"(, "strings": ["a", )" + deep + back + R"(, "b"]})").report;
  EXPECT_THAT(report.string, ElementsAre("a", "b"));
  EXPECT_THAT(NotesOf(report), ElementsAre(": nested too deep, skipped ×1", "strings[]: wrong type ×1"));
  EXPECT_THAT(NotesOf(Read(R"({"static": )" + deep.substr(0, 500) + back.substr(0, 500) + "}").report),
              IsEmpty());
}

TEST(Hostile, BracketsAndQuotesInsideStringsMeanNothing) {
  const auto report =
      Read(R"({"static": {"x": "}}]]\"{[,:", "y\\": "\\"}, "strings": ["]}\\\",", "\\\\"]})").report;
  EXPECT_THAT(report.string, ElementsAre("]}\\\",", "\\\\"));
  EXPECT_THAT(NotesOf(report), IsEmpty());
}

TEST(Hostile, KeysMayBeEscaped) { EXPECT_EQ(Read(R"({"\u0069nfo": {"scor\u0065": 2}})").report.score, 2.0); }

TEST(Hostile, BrokenSyntaxIsWalkedOverAndCounted) {
  const auto report =
      Read(R"({"strings": ["a" "b",, "c" 7 : "d"], "info" {"version": "1",}, score: 5, {"score": 6},
                               "x": 2; "signatures": [{"name": "s"]], "target": {"url" "u"}, "malscore":})")
          .report;
  EXPECT_THAT(report.string, ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(report.cuckoo_version, "1");
  EXPECT_THAT(report.signature, ElementsAre(model::Signature{"s", 0, ""}));
  EXPECT_EQ(report.sha256, Sha256Hex("u"));
  EXPECT_EQ(report.score, 0.0);
  EXPECT_THAT(NotesOf(report), Each(HasSubstr("broken syntax")));
}

TEST(Hostile, AWrongClosingBracketStillCloses) {
  const auto report =
      Read(R"({"behavior": {"processes": [{"process_name": "p"]], "summary": {"mutex": ["a"}}}})").report;
  EXPECT_THAT(report.process, ElementsAre(model::Process{"p", ""}));
  EXPECT_THAT(report.mutex, ElementsAre("a"));
  EXPECT_THAT(NotesOf(report), Each(HasSubstr("broken syntax")));
}

std::string ErrorOf(std::string_view document) {
  const auto read = ReadAll(document);
  EXPECT_FALSE(read);
  if (read) return "";
  EXPECT_EQ(read.error().kind, ErrorKind::kTransient);
  return Describe(read.error());
}

TEST(Hostile, AReportThatBreaksOffSaysWhere) {
  EXPECT_EQ(ErrorOf(R"({"behavior": {"processes": [{"calls": [{"api": "A"}, {"a)"),
            "the report breaks off after 56 bytes inside behavior.processes[].calls[]");
  EXPECT_EQ(ErrorOf(R"({"static": {"pe": [[)"), "the report breaks off after 20 bytes inside static");
  EXPECT_EQ(ErrorOf(R"({"info": {"machine": {"name": "w)"),
            "the report breaks off after 32 bytes inside info.machine.name");
  EXPECT_EQ(ErrorOf("{\"a\nb\xFF\": ["),
            "the report breaks off after 10 bytes inside a b" + std::string(kReplacement));
  EXPECT_EQ(ErrorOf("{"), "the report breaks off after 1 bytes at its top level");
}

TEST(Hostile, WhatIsNoJsonObjectSaysHowItBegins) {
  EXPECT_EQ(
      ErrorOf("<html><body>500 Internal Server Error</body></html>"),
      "the report is no JSON object: it begins with \"<html><body>500 Internal Server Error</body></html>\"");
  EXPECT_THAT(ErrorOf("[1, 2]"), HasSubstr("begins with \"[1, 2]\""));
  EXPECT_THAT(ErrorOf("\xEF\xBBx"), HasSubstr("no JSON object"));
  EXPECT_THAT(ErrorOf(std::string_view("\x1F\x8B\x08\0", 4)), HasSubstr("no JSON object"));
}

TEST(Hostile, EmptyInputIsSaidToBeEmpty) {
  EXPECT_EQ(ErrorOf(""), "the report is empty");
  EXPECT_EQ(ErrorOf(" \n"), "the report is empty");
}

TEST(Hostile, EmptyPiecesChangeNothing) {
  Reader reader;
  for (const std::string_view piece : {"", "{\"score\"", "", ": 2", "", "}", ""}) reader.Feed(piece);
  const auto read = reader.Finish();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->report.score, 2.0);
}

TEST(Hostile, AnEmptyObjectIsAnEmptyReport) {
  const auto read = Read("{}");
  EXPECT_EQ(read.report, model::Report{});
  EXPECT_FALSE(read.facts.has_sections);
  EXPECT_EQ(read.facts.bytes, 2U);
}

}  // namespace
}  // namespace brood::report
