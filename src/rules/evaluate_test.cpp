#include "rules/evaluate.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/check.hpp"
#include "rules/keys.hpp"
#include "rules/points.hpp"
#include "rules/try.hpp"
#include "rules/try_json.hpp"

namespace brood::rules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A rule set of type hash from the inside of "rules".
RuleSet Rules(const std::string& rules, const Options& options = {}) {
  const RuleFile file{"t.json", fmt::format(R"({{"info": {{"type": "hash"}}, "rules": {{{}}}}})", rules)};
  auto set = Compile(std::vector{file}, options);
  if (!set) throw std::runtime_error(FormatProblems(set.error()));
  return *set;
}

model::Report ReportWithMutexes(std::vector<std::string> mutexes) {
  model::Report report;
  report.md5 = "d41d8cd98f00b204e9800998ecf8427e";
  report.mutex = std::move(mutexes);
  return report;
}

model::Verdict Verdict(const RuleSet& rules, const model::Report& report, const Lists& lists = {}) {
  const Evaluation evaluation = Evaluate(rules, report, lists);
  EXPECT_THAT(evaluation.verdicts, SizeIs(1));
  return evaluation.verdicts.at(0);
}

TEST(AllKeys, AreTheTwentySevenOfTheManual) { EXPECT_THAT(AllKeys(), SizeIs(27)); }

TEST(Evaluate, GivesAVerdictForTheMd5WhateverItsScore) {
  const auto verdict = Verdict(Rules(""), ReportWithMutexes({"a"}));
  EXPECT_EQ(verdict, (model::Verdict{"hash", "d41d8cd98f00b204e9800998ecf8427e", 0.0, false, {}}));
}

TEST(Evaluate, GivesNoVerdictWithoutMd5) {
  model::Report report = ReportWithMutexes({"a"});
  report.md5.clear();
  EXPECT_THAT(Evaluate(Rules(R"("mutex": [{"rules": "a", "score": 9}])"), report, {}).verdicts, IsEmpty());
}

TEST(Evaluate, SumsScoresWithoutFloatNoise) {
  std::string objects;
  for (int i = 0; i < 20; ++i) objects += R"({"rules": "a", "score": 0.1},)";
  objects.pop_back();
  const auto verdict = Verdict(Rules(fmt::format(R"("mutex": [{}])", objects)), ReportWithMutexes({"a"}));
  EXPECT_EQ(verdict.score, 2.0);
  EXPECT_TRUE(verdict.blacklisted);
}

TEST(Evaluate, StaysUnderTheScoreThatIsNotReached) {
  const auto rules = Rules(R"("mutex": [{"rules": "a", "score": 1.999999}])");
  EXPECT_FALSE(Verdict(rules, ReportWithMutexes({"a"})).blacklisted);
}

TEST(Evaluate, LetsNegativeScoresTakeAway) {
  const auto rules = Rules(R"("mutex": [{"rules": "a", "score": 2}, {"rules": "b", "score": -0.5}])");
  EXPECT_EQ(Verdict(rules, ReportWithMutexes({"a", "b"})).score, 1.5);
  EXPECT_TRUE(Verdict(rules, ReportWithMutexes({"a"})).blacklisted);
}

TEST(Evaluate, UsesTheConfiguredBlacklistScore) {
  Options options;
  options.blacklist_score = 0.5;
  EXPECT_TRUE(Verdict(Rules(R"("mutex": [{"rules": "a", "score": 0.5}])", options), ReportWithMutexes({"a"}))
                  .blacklisted);
}

TEST(Evaluate, AddsAScorePerMatchWhereTheConfigurationSaysSo) {
  Options options;
  options.score_per = ScorePer::kMatch;
  const auto rules = Rules(R"("mutex": [{"rules": ["a*", "*b"], "score": 1},
                                        {"rules": "a*", "score": 10, "count": "once"}])",
                           options);
  EXPECT_EQ(Verdict(rules, ReportWithMutexes({"ab", "ac"})).score, 3 + 10);
}

TEST(Evaluate, CountsARepeatedDatumButNamesItOnce) {
  const auto rules = Rules(R"("mutex": [{"rules": "a", "score": 1, "count": "each"}])");
  const auto verdict = Verdict(rules, ReportWithMutexes({"a", "a"}));
  EXPECT_EQ(verdict.score, 2.0);
  EXPECT_THAT(verdict.reasons, ElementsAre(model::Reason{"mutex", "a", "a"}));
}

TEST(Evaluate, NamesEachDatumAndTheValueThatMatchedIt) {
  const auto rules = Rules(R"("mutex": [{"rules": ["a*", "*b"], "score": 1}])");
  EXPECT_THAT(Verdict(rules, ReportWithMutexes({"ab", "c", "a"})).reasons,
              ElementsAre(model::Reason{"mutex", "ab", "a*"}, model::Reason{"mutex", "ab", "*b"},
                          model::Reason{"mutex", "a", "a*"}));
}

TEST(Evaluate, KeepsAWhitelistedSampleOffTheBlacklistAndTellsIt) {
  const auto rules = Rules(R"("mutex": [{"rules": "a", "score": 5}])");
  model::Report report = ReportWithMutexes({"a"});
  report.sha256 = std::string(64, 'A');
  Lists lists;
  lists.hash_whitelist.insert(std::string(64, 'a'));
  const Evaluation evaluation = Evaluate(rules, report, lists);
  EXPECT_FALSE(evaluation.verdicts.at(0).blacklisted);
  EXPECT_EQ(evaluation.verdicts.at(0).score, 5.0);
  EXPECT_THAT(evaluation.whitelisted, ElementsAre(report.md5));
}

TEST(Evaluate, ReportsWhatHitALimitWithItsKey) {
  const auto rules = Rules(R"r("mutex": [{"rules": "!REGEX!a(?=(a+)+$)", "score": 5}])r");
  const Evaluation evaluation = Evaluate(rules, ReportWithMutexes({std::string(50, 'a') + "!"}), {});
  EXPECT_EQ(evaluation.verdicts.at(0).score, 0.0);
  ASSERT_THAT(evaluation.limit_hits, SizeIs(1));
  EXPECT_EQ(evaluation.limit_hits[0].key, "mutex");
  EXPECT_EQ(evaluation.limit_hits[0].value, "!REGEX!a(?=(a+)+$)");
}

TEST(Evaluate, IgnoresTextsThatAReportDoesNotHave) {
  model::Report report = ReportWithMutexes({});
  report.process = {{"", "cmd.exe /c dir"}};
  EXPECT_EQ(Verdict(Rules(R"("process_name": [{"rules": "*", "score": 1}])"), report).score, 0.0);
}

TEST(Evaluate, TellsWhichGroupLacksOneObjectAlone) {
  const auto rules = Rules(R"("mutex": [{"rules": "a", "score": 1, "group_id": 3},
                                        {"rules": "b", "score": 1, "group_id": 3},
                                        {"rules": "a", "score": 1, "group_id": 4},
                                        {"rules": "a", "score": 1, "group_id": 5},
                                        {"rules": "x", "score": 1, "group_id": 6}],
                              "string": [{"rules": ["s*", "t"], "score": 1, "group_id": 3},
                                         {"rules": "s", "score": 1, "group_id": 5},
                                         {"rules": "t", "score": 1, "group_id": 5}])");
  const model::Report report = ReportWithMutexes({"a", "b"});
  EXPECT_THAT(Evaluate(rules, report, {}).near_groups,
              ElementsAre(NearGroup{"hash", report.md5, 3, 3, "string", {"s*", "t"}}));
}

TEST(Points, SaturateInsteadOfOverflowing) {
  const Points large = Points(1e6).Times(std::int64_t{1} << 40);
  EXPECT_GT(large.AsScore(), 9e12);
  Points sum = large;
  sum += large;
  EXPECT_EQ(sum, large);
  EXPECT_LT(Points(-1e6).Times(std::int64_t{1} << 40).AsScore(), -9e12);
}

TEST(EvaluationToJsonLines, HasOneObjectALine) {
  const Evaluation evaluation{
      {{"hash", "d41d", 2.5, true, {{"mutex", "a\"b", "a*"}, {"mutex", "a\"b", "*b"}, {"string", "é", "é"}}}},
      {},
      {},
      {}};
  EXPECT_EQ(EvaluationToJsonLines("r.json", evaluation),
            R"({"file": "r.json", "type": "hash", "value": "d41d", "score": 2.5, "blacklisted": true, )"
            R"("reasons": [{"reason": "mutex", "data": "a\"b"}, {"reason": "string", "data": "é"}]})"
            "\n");
  EXPECT_EQ(EvaluationToJsonLines("r.json", {}), "");
}

TEST(FormatEvaluation, ShowsMatchesTotalsAndLimits) {
  const Evaluation evaluation{{{"hash", "d41d", 2.5, true, {{"mutex", "ab", "a*"}, {"string", "x", "x"}}}},
                              {{"hash", "d41d", 3, 4, "mutex", {"b*", "c", "d", "e", "f"}}},
                              {{"string", "!REGEX!(a+)+$", "aaa", 2, "gave up"}},
                              {}};
  EXPECT_EQ(FormatEvaluation("r.json", evaluation),
            "r.json: hash d41d: score 2.5, blacklisted\n"
            "  mutex: ab  (matched by a*)\n"
            "  string: x\n"
            "  nearly: group 3 counts for nothing: of its 4 objects only this did not match: mutex: b* or c or "
            "d or 2 more\n"
            "  limit: string: !REGEX!(a+)+$: gave up (2 times, first at aaa)\n");
}

TEST(FormatMatching, CountsTheWaysAndNamesWhatIsSlow) {
  EXPECT_EQ(
      FormatMatching(Rules(R"r("mutex": [{"rules": ["a", "b*", "!REGEX!\\bc", "!REGEX!(?=d)",
                                                "!REGEX!e$\\n"], "score": 1}])r")),
      "texts: 1 looked up, 2 decided by Hyperscan, 1 found by Hyperscan and confirmed by PCRE2, 1 searched by "
      "PCRE2 alone\n"
      "slow: mutex: '!REGEX!(?=d)': each text is searched for it alone: nothing in it is certain to be in a "
      "text that it matches\n"
      "slow: mutex: '!REGEX!e$\\n': each text is searched for it alone: Hyperscan does not "
      "take it\n");
  EXPECT_EQ(FormatMatching(Rules(R"("tcp_port": [{"rules": 80, "score": 1}])")), "");
}

TEST(FormatEvaluation, LetsNoControlCharactersReachTheTerminal) {
  const Evaluation evaluation{{{"hash", "d41d", 1, false, {{"mutex", "a\x1b[2J\n", "*"}}}}, {}, {}, {}};
  EXPECT_THAT(FormatEvaluation("r.json", evaluation), HasSubstr("a\\x1b[2J\\x0a"));
}

}  // namespace
}  // namespace brood::rules
