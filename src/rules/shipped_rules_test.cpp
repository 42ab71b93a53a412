#include <gtest/gtest.h>

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/file.hpp"
#include "rules/check.hpp"
#include "rules/evaluate.hpp"
#include "rules/folder.hpp"
#include "rules/try.hpp"

namespace brood::rules {
namespace {

namespace json = boost::json;

RuleSet Shipped() {
  auto rules = LoadFolder("rules");
  if (!rules) throw std::runtime_error(FormatProblems(rules.error()));
  return *rules;
}

/// Runs of four printable characters and more, as the static sandbox puts them into a report.
std::vector<std::string> StringsOf(const char* path) {
  std::vector<std::string> strings;
  std::string run;
  for (const char c : ReadFile(path).value() + '\0') {
    if (c >= 0x20 && c < 0x7F) {
      run += c;
      continue;
    }
    if (run.size() >= 4) strings.push_back(run);
    run.clear();
  }
  return strings;
}

model::Report ReportWithSignature(const char* name, std::int64_t severity) {
  model::Report report;
  report.md5 = std::string(32, 'a');
  report.signature = {{name, severity, ""}};
  return report;
}

TEST(ShippedRules, HaveNoProblemAndNoWarning) { EXPECT_EQ(FormatProblems(Shipped().Warnings()), ""); }

TEST(ShippedRules, SayWhatEachOfThemIsFor) {
  const auto files = ReadRuleFolder("rules");
  for (const RuleFile& file : *files) {
    const json::value document = json::parse(file.text);
    EXPECT_FALSE(document.at("info").at("description").as_string().empty()) << file.name;
    for (const auto& [key, objects] : document.at("rules").as_object()) {
      for (const json::value& object : objects.as_array()) {
        EXPECT_TRUE(object.as_object().contains("description")) << file.name << " " << key << " " << object;
      }
    }
  }
}

TEST(ShippedRules, BlacklistTheEicarTestFile) {
  const auto verdicts = Evaluate(Shipped(), ReportWithSignature("eicar_test_file", 5), {}).verdicts;
  EXPECT_TRUE(verdicts.at(0).blacklisted);
  EXPECT_EQ(verdicts.at(0).reasons.at(0).key, "signature_name");
}

TEST(ShippedRules, LeaveSystemProgramsWithTheirStringsAlone) {
  const RuleSet rules = Shipped();
  for (const char* path : {"/bin/ls", "/bin/bash", "/bin/tar", "/usr/bin/openssl", "/usr/bin/git"}) {
    if (!std::filesystem::exists(path)) continue;
    model::Report report = ReportWithSignature("elf_stripped", 1);
    report.string = StringsOf(path);
    const Evaluation evaluation = Evaluate(rules, report, {});
    EXPECT_LT(evaluation.verdicts.at(0).score, 1.0) << FormatEvaluation(path, evaluation);
    EXPECT_TRUE(evaluation.limit_hits.empty()) << FormatEvaluation(path, evaluation);
  }
}

TEST(ShippedRules, BlacklistRansomwareByWhatItDoes) {
  model::Report report = ReportWithSignature("creates_exe", 2);
  report.process = {{"cmd.exe", "cmd.exe /c vssadmin.exe Delete Shadows /All /Quiet"}};
  report.file_written = {"C:\\Users\\me\\Desktop\\HOW_TO_DECRYPT_FILES.txt"};
  EXPECT_TRUE(Evaluate(Shipped(), report, {}).verdicts.at(0).blacklisted);
}

TEST(ShippedRules, BlacklistWhatTalksToAKnownController) {
  model::Report report = ReportWithSignature("network_http", 2);
  report.ip = {"203.0.113.7"};
  Lists lists;
  EXPECT_FALSE(Evaluate(Shipped(), report, lists).verdicts.at(0).blacklisted);
  lists.third_party.emplace("C&C", IpSet({*ParseSubnet("203.0.113.0/24")}));
  EXPECT_TRUE(Evaluate(Shipped(), report, lists).verdicts.at(0).blacklisted);
}

TEST(ShippedRules, BlacklistTheControllerItself) {
  model::Report report = ReportWithSignature("network_http", 2);
  report.ip = {"203.0.113.7", "203.0.113.8"};
  report.domain = {{"203.0.113.7", "c2.example"}, {"203.0.113.8", "update.example"}};
  report.http = {{"http://c2.example/gate.php", "", "POST", "", "c2.example", "/gate.php"},
                 {"http://update.example/setup.exe", "", "GET", "", "update.example", "/setup.exe"}};
  Lists lists;
  lists.third_party.emplace("C&C", IpSet({*ParseSubnet("203.0.113.7")}));
  std::vector<std::string> listed;
  for (const model::Verdict& verdict : Evaluate(Shipped(), report, lists).verdicts) {
    if (verdict.blacklisted && verdict.type != "hash") listed.push_back(verdict.value);
  }
  EXPECT_EQ(listed, (std::vector<std::string>{"203.0.113.7", "c2.example", "http://c2.example/gate.php"}));
}

TEST(ShippedRules, LeaveAnInstallerAlone) {
  model::Report report = ReportWithSignature("dropper", 2);
  report.signature.push_back({"persistence_autorun", 3, ""});
  report.regkey_written = {R"(HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Updater)"};
  EXPECT_FALSE(Evaluate(Shipped(), report, {}).verdicts.at(0).blacklisted);
}

}  // namespace
}  // namespace brood::rules
