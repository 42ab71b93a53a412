// A rule file compiles or says why not, and evaluating it ends. The same text is tried as a wildcard and as a
// regular expression too: both engines must find what PCRE2 finds alone. (rules_patterns goes deeper there.)
#include <algorithm>
#include <array>
#include <string>

#include "base/utf8.hpp"
#include "input.hpp"
#include "rules/check.hpp"
#include "rules/evaluate.hpp"
#include "rules/keys.hpp"
#include "rules/other_cases.hpp"
#include "rules/rule_json.hpp"
#include "rules/text_matcher.hpp"

namespace brood::fuzz {
namespace {

using namespace std::chrono_literals;
using rules::TextMatcher;
using rules::TextPattern;

constexpr rules::Limits kLimits{.match_steps = 2'000, .cpu_per_pattern = 20ms, .cpu_per_report = 100ms};

/// Hyperscan takes milliseconds to compile a pattern: an eighth of the inputs is worth it. By the hash, so that
/// each change of an input is another throw.
bool IsWorthHyperscan(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return (hash >> 32U) % 8 == 0;
}

bool HasTextRules(const rules::RuleFile& file) {
  std::vector<rules::RuleProblem> problems;
  const rules::ParsedRuleFile parsed = rules::ParseRuleFile(file, problems);
  return std::any_of(parsed.objects.begin(), parsed.objects.end(), [](const rules::RuleObject& object) {
    const rules::KeyInfo* key = rules::FindKey(object.key);
    return key != nullptr && key->texts != nullptr;
  });
}

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
  if (!IsWorthHyperscan(text) && HasTextRules(files.front())) return;
  const auto set = rules::Compile(files, {.limits = kLimits});
  if (!set) {
    Require(!rules::FormatProblems(set.error()).empty(), "a refusal says why");
    return;
  }
  static const auto report = SomeReport();
  (void)rules::Evaluate(*set, report, {});
}

/// Both engines together against PCRE2 alone, where no limit left the answer open.
void Scan(const std::string& pattern, std::string_view also, rules::LetterCase letter_case) {
  const std::array patterns{TextPattern{.id = 1, .text = pattern, .letter_case = letter_case},
                            TextPattern{.id = 2, .text = "C:\\*"}};
  const auto both = TextMatcher::Compile(patterns);
  const auto plain = TextMatcher::Compile(patterns, TextMatcher::Engines::kPcre2Alone);
  Require(both.has_value() == plain.has_value(), "what is a pattern does not depend on the engine");
  if (!both) return;
  const std::string tail(also.substr(also.size() / 2));
  const std::array<std::string_view, 10> data{"",
                                              "C:\\Windows\\a.exe",
                                              "caf\xC3\xA9\nline two",
                                              also,
                                              tail,
                                              "a\n",
                                              "aAbB kK\xC5\xBF\xE2\x84\xAA",
                                              "\xC3\x89\xCE\xA3\xD5\xA0",
                                              "aaaaaaaaaaaa!",
                                              "0 1\t_\xC2\x85"};
  rules::MatchScratch scratch(kLimits);
  const auto ours = both->Scan(data, scratch);
  const auto truth = plain->Scan(data, scratch);
  // Where PCRE2 gave up it knows less than Hyperscan does.
  if (ours.limits.empty() && truth.limits.empty()) {
    Require(ours.hits == truth.hits, "both engines find what PCRE2 finds alone");
  }
}

void TryPattern(std::string_view text) {
  // Long patterns take Hyperscan long and show nothing that short ones do not.
  if (text.size() > 96 || !IsWorthHyperscan(text) || !IsUtf8(text)) return;
  const auto letter_case = text.size() % 2 == 0 ? rules::LetterCase::kMatters : rules::LetterCase::kIgnored;
  Scan("!REGEX!" + std::string(text), text, letter_case);
  Scan(std::string(text), text, letter_case);
}

}  // namespace
}  // namespace brood::fuzz

/// Before the first input, whose time it would count to: under sanitizers it takes seconds.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  (void)brood::rules::CaseTable::OfPcre2();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = brood::fuzz::AsText(data, size);
  brood::fuzz::CompileFile(text);
  brood::fuzz::TryPattern(text);
  return 0;
}
