#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include "base/file.hpp"
#include "base/text.hpp"
#include "model/report_json.hpp"
#include "rules/check.hpp"
#include "rules/evaluate.hpp"
#include "rules/folder.hpp"
#include "rules/lists_folder.hpp"
#include "rules/try_json.hpp"

namespace brood::rules {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::vector<fs::path> Cases() {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator("tests/rules")) {
    if (entry.is_directory()) cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

/// What a person is told of a rule set, in lines.
json::array Lines(const std::vector<RuleProblem>& problems) {
  json::array lines;
  for (const RuleProblem& problem : problems) lines.emplace_back(FormatProblem(problem));
  return lines;
}

json::value Member(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? json::array() : *value;
}

Options OptionsOf(const json::object& expected) {
  Options options;
  const json::value given = Member(expected, "options");
  if (!given.is_object()) return options;
  if (const auto* score = given.get_object().if_contains("blacklist_score")) {
    options.blacklist_score = score->to_number<double>();
  }
  if (given.get_object().contains("score_per")) options.score_per = ScorePer::kMatch;
  return options;
}

/// The verdicts as `brood rules test --json` writes them, without the file's name.
json::array Verdicts(const Evaluation& evaluation) {
  json::array verdicts;
  const std::string text = EvaluationToJsonLines("report.json", evaluation);
  for (const std::string_view line : Split(text, '\n')) {
    if (line.empty()) continue;
    json::value verdict = json::parse(line);
    verdict.get_object().erase("file");
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

json::array LimitHits(const Evaluation& evaluation) {
  json::array hits;
  for (const LimitHit& hit : evaluation.limit_hits) {
    hits.push_back(json::object{{"key", hit.key}, {"value", hit.value}});
  }
  return hits;
}

Lists ListsOf(const fs::path& folder) {
  if (!fs::exists(folder / "lists")) return {};
  auto lists = LoadListsFolder(folder / "lists");
  if (!lists) ADD_FAILURE() << FormatProblems(lists.error());
  return lists.value_or(Lists{});
}

class RulesCase : public testing::TestWithParam<fs::path> {};

TEST_P(RulesCase, GivesWhatIsExpected) {
  const fs::path& folder = GetParam();
  const json::object expected = json::parse(ReadFile(folder / "expected.json").value()).as_object();
  SCOPED_TRACE(expected.at("what").as_string());
  const auto rules = LoadFolder(folder / "rules", OptionsOf(expected));
  EXPECT_EQ(rules ? json::array() : Lines(rules.error()), Member(expected, "problems"));
  if (!rules) return;
  EXPECT_EQ(Lines(rules->Warnings()), Member(expected, "warnings"));
  const auto report = model::ReportFromJson(ReadFile(folder / "report.json").value());
  ASSERT_TRUE(report) << Describe(report.error());
  const Evaluation evaluation = Evaluate(*rules, *report, ListsOf(folder));
  EXPECT_EQ(Verdicts(evaluation), Member(expected, "verdicts"));
  EXPECT_EQ(LimitHits(evaluation), Member(expected, "limit_hits"));
  EXPECT_EQ(json::value_from(evaluation.whitelisted), Member(expected, "whitelisted"));
}

INSTANTIATE_TEST_SUITE_P(Folders, RulesCase, testing::ValuesIn(Cases()),
                         [](const auto& folder) { return folder.param.filename().string(); });

}  // namespace
}  // namespace brood::rules
