#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/check.hpp"
#include "rules/rule_set.hpp"

namespace brood::rules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Result = Expected<RuleSet, std::vector<RuleProblem>>;

std::string Hash(const std::string& rules) { return R"({"info": {"type": "hash"}, "rules": {)" + rules + "}}"; }

Result CompileText(const std::string& text) { return Compile(std::vector{RuleFile{"bad.json", text}}); }

/// The only problem of a file that has one.
RuleProblem ProblemOf(const std::string& text) {
  const Result result = CompileText(text);
  if (result) return {"", "", "", "no problem"};
  EXPECT_THAT(result.error(), SizeIs(1)) << FormatProblems(result.error());
  EXPECT_EQ(result.error().front().file, "bad.json");
  return result.error().front();
}

struct BadCase {
  const char* text;
  const char* where;
  const char* value;
  const char* what;
};

void ExpectProblem(const BadCase& bad, const std::string& text) {
  const RuleProblem problem = ProblemOf(text);
  EXPECT_EQ(problem.where, bad.where) << bad.text;
  EXPECT_EQ(problem.value, bad.value) << bad.text;
  EXPECT_THAT(problem.what, HasSubstr(bad.what)) << bad.text;
  EXPECT_EQ(problem.severity, Severity::kError) << bad.text;
}

TEST(Compile, TellsWhereJsonIsBroken) {
  ExpectProblem({"", "line 2, column 8", "", "broken JSON"}, "{\"info\":\n  \"rule\xFF\"}");
  ExpectProblem({"", "line 1, column 9", "", "broken JSON: incomplete"}, "{\"info\":");
  ExpectProblem({"", "line 1, column 1", "", "broken JSON"}, "");
  ExpectProblem({"", "line 1, column 4", "", "broken JSON"}, "{} {}");
  ExpectProblem({"", "line 1, column 10", "", "'a' stands here twice"}, R"({"a":1,"a":2})");
}

TEST(Compile, BoundsTheNestingOfAFile) {
  EXPECT_THAT(ProblemOf(std::string(100'000, '[')).what, HasSubstr("broken JSON"));
}

TEST(Compile, RefusesFilesOfAnotherShape) {
  for (const BadCase& bad : {
           BadCase{"[]", "", "", "a rule file is a JSON object"},
           BadCase{R"({"rules": {}})", "info", "", "missing"},
           BadCase{R"({"info": {}, "rules": {}})", "info.type", "", "a text like"},
           BadCase{R"({"info": {"type": 1}, "rules": {}})", "info.type", "1", "a text like"},
           BadCase{R"({"info": {"type": "hasch"}, "rules": {}})", "info.type", "hasch",
                   "unknown type (known: hash"},
           BadCase{R"({"info": {"type": "hash"}})", "rules", "", "missing"},
           BadCase{R"({"info": {"type": "hash"}, "rules": []})", "rules", "", "missing"},
           BadCase{R"({"info": {"type": "hash"}, "rules": {}, "rulez": {}})", "rulez", "", "unknown member"},
       }) {
    ExpectProblem(bad, bad.text);
  }
}

TEST(Compile, NamesFileKeyAndValueOfABadRule) {
  for (const BadCase& bad : {
           BadCase{R"("mutexx": [{"rules": "a", "score": 1}])", "mutexx", "mutexx",
                   "unknown key (known: command_line"},
           BadCase{R"("mutex": {"rules": "a", "score": 1})", "mutex", R"({"rules":"a","score":1})",
                   "a list of objects"},
           BadCase{R"("mutex": ["a"])", "mutex", "a", "a rule is an object"},
           BadCase{R"("mutex": [{"rules": "a"}])", "mutex", R"({"rules":"a"})", "\"score\" is missing"},
           BadCase{R"("mutex": [{"score": 1}])", "mutex", R"({"score":1})", "\"rules\" is missing"},
           BadCase{R"("mutex": [{"rules": "a", "score": "1"}])", "mutex", "1", "bad score"},
           BadCase{R"("mutex": [{"rules": "a", "score": 1e9}])", "mutex", "1E9", "bad score"},
           BadCase{R"("mutex": [{"rules": "a", "score": 1, "group_id": -1}])", "mutex", "-1", "bad group_id"},
           BadCase{R"("mutex": [{"rules": "a", "score": 1, "group_id": "1"}])", "mutex", "1", "bad group_id"},
           BadCase{R"("mutex": [{"rules": "a", "score": 1, "group_id": 1.5}])", "mutex", "1.5E0",
                   "bad group_id"},
           BadCase{R"("mutex": [{"rules": "a", "score": 1, "count": "all"}])", "mutex", "all", "bad count"},
           BadCase{R"("mutex": [{"rules": "a", "score": 1, "nocase": 1}])", "mutex", "1", "bad nocase"},
           BadCase{R"("mutex": [{"rules": "a", "score": 1, "grup_id": 1}])", "mutex", "grup_id",
                   "unknown member"},
           BadCase{R"("mutex": [{"rules": [["a"]], "score": 1}])", "mutex", R"(["a"])", "a text or a number"},
           BadCase{R"("mutex": [{"rules": null, "score": 1}])", "mutex", "null", "a text or a number"},
           BadCase{R"("mutex": [{"rules": 5, "score": 1}])", "mutex", "5", "a text is due"},
           BadCase{R"("mutex": [{"rules": "!REGEX!(a", "score": 1}])", "mutex", "!REGEX!(a",
                   "bad regex: missing )"},
           BadCase{R"("signature_severity": [{"rules": "high", "score": 1}])", "signature_severity", "high",
                   "whole number"},
           BadCase{R"("signature_severity": [{"rules": 1.5, "score": 1}])", "signature_severity", "1.5",
                   "whole number"},
           BadCase{R"("cuckoo_score": [{"rules": "1.0", "score": 1}])", "cuckoo_score", "1.0", "bad range"},
           BadCase{R"("cuckoo_score": [{"rules": "4-1", "score": 1}])", "cuckoo_score", "4-1",
                   "before it begins"},
           BadCase{R"("cuckoo_score": [{"rules": "a-b", "score": 1}])", "cuckoo_score", "a-b", "bad range"},
           BadCase{R"("cuckoo_score": [{"rules": "1.-2", "score": 1}])", "cuckoo_score", "1.-2", "bad range"},
           BadCase{R"("vt_score": [{"rules": "1-2-3", "score": 1}])", "vt_score", "1-2-3", "bad range"},
           BadCase{R"("vt_score": [{"rules": "1.5-2", "score": 1}])", "vt_score", "1.5-2", "bad range"},
           BadCase{R"("vt_score": [{"rules": 3, "score": 1}])", "vt_score", "3", "bad range"},
           BadCase{R"("dead_host_amount": [{"rules": "-1-2", "score": 1}])", "dead_host_amount", "-1-2",
                   "bad range"},
           BadCase{R"("tcp_port": [{"rules": 65536, "score": 1}])", "tcp_port", "65536", "0 to 65535"},
           BadCase{R"("udp_port": [{"rules": "dns", "score": 1}])", "udp_port", "dns", "0 to 65535"},
           BadCase{R"("ip_in_range": [{"rules": "10.0.0.9-10.0.0.1", "score": 1}])", "ip_in_range",
                   "10.0.0.9-10.0.0.1", "before it begins"},
           BadCase{R"("ip_in_subnet": [{"rules": "10.0.0.0/33", "score": 1}])", "ip_in_subnet", "10.0.0.0/33",
                   "prefix length"},
           BadCase{R"("3rd_party_blacklist": [{"rules": 1, "score": 1}])", "3rd_party_blacklist", "1",
                   "a text is due"},
       }) {
    ExpectProblem(bad, Hash(bad.text));
  }
}

TEST(Compile, TellsAllProblemsOfAllFilesInTheOrderOfTheFiles) {
  const std::vector files = {
      RuleFile{"a.json", "{"},
      RuleFile{"b.json",
               Hash(R"("mutex": [{"rules": ["!REGEX!(", "ok", "!REGEX!["], "score": "x"}], "nokey": []})")},
      RuleFile{"c.json", Hash(R"("mutex": [{"rules": ["!REGEX!(", "ok", "!REGEX!["], "score": 1}], "tcp_port":
                                 [{"rules": "x", "score": 1}])")},
      RuleFile{"d.json", Hash(R"("mutex": [{"rules": "a[b", "score": 1}])")},
  };
  const Result result = Compile(files);
  ASSERT_FALSE(result);
  std::vector<std::string> where;
  for (const RuleProblem& problem : result.error()) where.push_back(problem.file + " " + problem.value);
  EXPECT_THAT(
      where, ElementsAre("a.json ", "b.json ", "c.json !REGEX!(", "c.json !REGEX![", "c.json x", "d.json a[b"));
  EXPECT_EQ(result.error().back().severity, Severity::kWarning);
}

TEST(Compile, WarnsOfWhatIsProbablyMeantOtherwise) {
  const Result result =
      CompileText(Hash(R"("mutex": [{"rules": ["a[b]c", "a[[]b", "!REGEX![a]", "x["], "score": 1},
                                                      {"rules": [], "score": 1}],
                                            "tcp_port": [{"rules": [1], "score": 1, "nocase": true}],
                                            "ip_in_subnet": [{"rules": ["10.0.0.1/8", "10.0.0.1"], "score": 1}])"));
  ASSERT_TRUE(result) << FormatProblems(result.error());
  EXPECT_EQ(FormatProblems(result->Warnings()),
            "bad.json: warning: mutex: '[]': a rule without values never matches\n"
            "bad.json: warning: mutex: 'x[': '[' begins a set of characters in a wildcard; a '[' itself is "
            "written '[[]'\n"
            "bad.json: warning: ip_in_subnet: '10.0.0.1/8': the address has bits behind its prefix: its "
            "network is taken\n"
            "bad.json: warning: ip_in_subnet: '10.0.0.1': no prefix length: taken as this one address\n"
            "bad.json: warning: tcp_port: '1': nocase means nothing for this key\n");
}

TEST(Compile, AllowsRemarksEverywhereAndUnknownMembersInInfo) {
  const Result result =
      CompileText(R"({"comment": "c", "info": {"type": "hash", "description": "d", "author": "a"},
    "rules": {"comment": ["x"], "mutex": [{"rules": "a", "score": 1, "description": "d", "comment": ["c"]}]}})");
  ASSERT_TRUE(result) << FormatProblems(result.error());
  EXPECT_THAT(result->Warnings(), IsEmpty());
  EXPECT_EQ(FormatSummary(*result), "1 rule object with 1 value in 1 file: no problem found");
}

TEST(Compile, SkipsAByteOrderMark) { EXPECT_TRUE(CompileText("\xEF\xBB\xBF" + Hash(""))); }

TEST(Compile, MakesOfNoFilesASetThatHasNothing) {
  const Result result = Compile({});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->Size(), 0U);
}

TEST(RuleSet, HasAFingerprintOfItsText) {
  const auto print = [](const std::string& text) { return CompileText(text)->Fingerprint(); };
  EXPECT_EQ(print(Hash("")), print(Hash("")));
  EXPECT_NE(print(Hash("")), print(Hash(R"("mutex": [])")));
}

TEST(FormatProblem, KeepsControlCharactersOffTheTerminal) {
  EXPECT_EQ(FormatProblem({"a.json", "mutex", "x\x1b[2J", "bad\nthing"}),
            "a.json: error: mutex: 'x\\x1b[2J': bad\\x0athing");
}

}  // namespace
}  // namespace brood::rules
