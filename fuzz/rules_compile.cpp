// A rule file compiles or says why not, and evaluating it ends. The same text is tried as a wildcard and as a
// regular expression too, so that the translators are reached without JSON around them.
#include <array>
#include <string>

#include "base/utf8.hpp"
#include "input.hpp"
#include "rules/check.hpp"
#include "rules/evaluate.hpp"
#include "rules/fnmatch.hpp"
#include "rules/pcre.hpp"
#include "rules/rule_set.hpp"
#include "rules/text_matcher.hpp"

namespace brood::fuzz {
namespace {

using namespace std::chrono_literals;
using rules::TextMatcher;
using rules::TextPattern;

constexpr rules::Limits kLimits{.match_steps = 2'000, .cpu_per_pattern = 20ms, .cpu_per_report = 100ms};

model::Report SomeReport() {
  model::Report report;
  report.md5 = "44d88612fea8a8f36de82e1278abb02f";
  report.binary_name = "invoice.exe";
  report.score = 7.5;
  report.signature = {{"creates_exe", 3, "Creates an executable"}};
  report.file_written = {"C:\\Windows\\a.exe", "C:\\[x]\\ü.txt"};
  report.mutex = {"Local\\abc", ""};
  report.process = {{"cmd.exe", "cmd /c del a"}};
  report.api_call = {{"CreateFileW", 12}};
  report.ip = {"192.0.2.7", "2001:db8::1"};
  report.tcp = {{"10.0.0.1", "192.0.2.7", 443}};
  report.http = {{"http://example.org/a", "agent", "GET", "", "example.org", "/a"}};
  return report;
}

void CompileFile(std::string_view text) {
  const std::array files{rules::RuleFile{"fuzz.json", std::string(text)}};
  const auto set = rules::Compile(files, {.limits = kLimits});
  if (!set) {
    Require(!rules::FormatProblems(set.error()).empty(), "a refusal says why");
    return;
  }
  static const auto report = SomeReport();
  (void)rules::Evaluate(*set, report, {});
}

void Scan(const std::string& pattern, std::string_view also) {
  const std::array patterns{TextPattern{.id = 1, .text = pattern}};
  const auto matcher = TextMatcher::Compile(patterns);
  if (!matcher) return;
  const std::array<std::string_view, 4> data{"", "C:\\Windows\\a.exe", "caf\xC3\xA9\nline two", also};
  rules::MatchScratch scratch(kLimits);
  (void)matcher->Scan(data, scratch);
}

void TryPattern(std::string_view text) {
  if (!IsUtf8(text)) return;
  Scan("!REGEX!" + std::string(text), text);
  Scan(std::string(text), text);
  if (const auto literal = rules::FnmatchLiteral(text)) {
    const auto pattern = rules::Pcre::Compile(rules::TranslateFnmatch(text), rules::Pcre::kDotAll);
    rules::MatchScratch scratch(kLimits);
    Require(pattern && pattern->Search(*literal, scratch) == rules::Pcre::Outcome::kMatch,
            "a wildcard that means one text matches it");
  }
}

}  // namespace
}  // namespace brood::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = brood::fuzz::AsText(data, size);
  brood::fuzz::CompileFile(text);
  brood::fuzz::TryPattern(text);
  return 0;
}
