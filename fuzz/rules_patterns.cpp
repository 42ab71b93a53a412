// A text taken for a wildcard and for a regular expression, without Hyperscan, which takes a thousand times as
// long to compile one: what the translators make PCRE2 takes or refuses with a place, and what Hyperscan would
// be told matches, judged by PCRE2, at least what the pattern matches, and exactly that where it says so.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "input.hpp"
#include "rules/ascii.hpp"
#include "rules/beyond_ascii.hpp"
#include "rules/fnmatch.hpp"
#include "rules/other_cases.hpp"
#include "rules/prepared_pattern.hpp"

namespace brood::fuzz {
namespace {

using namespace std::chrono_literals;
using rules::Pcre;
using rules::PreparedPattern;
using rules::ScanExpression;
using rules::Texts;
using Matches = rules::WideExpression::Matches;

constexpr rules::Limits kLimits{.match_steps = 2'000, .cpu_per_pattern = 20ms, .cpu_per_report = 100ms};
constexpr std::size_t kLongestPattern = 512;

constexpr std::array<std::string_view, 9> kTexts = {"",
                                                    "C:\\Windows\\a.exe",
                                                    "a\n",
                                                    "aAbB kK 0_1\t\x1c!",
                                                    "ab ab",
                                                    "caf\xC3\xA9\nline two",
                                                    "kK\xC5\xBF\xE2\x84\xAA",
                                                    "\xC3\x89\xCE\xA3\xD5\xA0",
                                                    "0 1\t_\xC2\x85"};

rules::MatchScratch& Scratch() {
  static rules::MatchScratch scratch(kLimits);
  return scratch;
}

/// The expression as PCRE2 sees it. Hyperscan's classes and cases are those of ASCII without Unicode's.
Expected<Pcre, rules::PcreError> AsHyperscanWould(const ScanExpression& expression) {
  std::uint32_t flags = Pcre::kAscii;
  if ((expression.flags & ScanExpression::kCaseless) != 0) flags |= Pcre::kCaseless;
  if ((expression.flags & ScanExpression::kDotAll) != 0) flags |= Pcre::kDotAll;
  return Pcre::Compile(expression.text, flags);
}

void CheckWide(const PreparedPattern& prepared, const Pcre& truth, Texts texts,
               const std::vector<std::string_view>& data) {
  const auto [expression, matches] = prepared.Wide(texts);
  // What looks around is Hyperscan's to leave out, and may match less as it stands.
  if ((expression.flags & ScanExpression::kPrefilter) != 0) return;
  const auto wide = AsHyperscanWould(expression);
  if (!wide && matches != Matches::kNever) return;  // may be larger than the pattern
  rules::MatchScratch& scratch = Scratch();
  for (const std::string_view text : data) {
    if (texts == Texts::kAscii && !rules::IsAscii(text)) continue;
    scratch.BeginReport();
    scratch.BeginPattern();
    const auto found = truth.Search(text, scratch);
    if (matches == Matches::kNever) {
      Require(found != Pcre::Outcome::kMatch, "what needs more than ASCII does not match ASCII");
      continue;
    }
    const auto wider = wide->Search(text, scratch);
    if (found == Pcre::Outcome::kMatch && wider == Pcre::Outcome::kNoMatch) {
      Require(false, "a wider expression matches what the pattern matches");
    }
    if (found == Pcre::Outcome::kNoMatch && wider == Pcre::Outcome::kMatch) {
      Require(matches == Matches::kMore, "an expression that is the same matches no more");
    }
  }
}

void TryPattern(const std::string& text, rules::LetterCase letter_case,
                const std::vector<std::string_view>& data) {
  const auto prepared = rules::Prepare({.text = text, .letter_case = letter_case});
  if (!prepared) return Require(!prepared.error().empty(), "a refusal says why");
  const Pcre truth(prepared->search.pattern, prepared->search.flags);
  if (const auto error = truth.Compile()) {
    return Require(error->offset <= prepared->search.pattern.size() && !prepared->Describe(*error).empty(),
                   "a refusal of PCRE2 has a place");
  }
  CheckWide(*prepared, truth, Texts::kAny, data);
  CheckWide(*prepared, truth, Texts::kAscii, data);
}

void TryLiteral(std::string_view text) {
  const auto literal = rules::FnmatchLiteral(text);
  if (!literal) return;
  const Pcre pattern(rules::TranslateFnmatch(text), Pcre::kDotAll);
  rules::MatchScratch& scratch = Scratch();
  scratch.BeginReport();
  scratch.BeginPattern();
  Require(pattern.Search(*literal, scratch) == Pcre::Outcome::kMatch,
          "a wildcard that means one text matches it");
}

}  // namespace
}  // namespace brood::fuzz

/// Before the first input, whose time it would count to: under sanitizers it takes seconds.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  (void)brood::rules::CaseTable::OfPcre2();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace brood;
  const std::string_view text = fuzz::AsText(bytes, size);
  if (size > fuzz::kLongestPattern || !IsUtf8(text)) return 0;
  std::vector<std::string_view> data(fuzz::kTexts.begin(), fuzz::kTexts.end());
  data.push_back(text);
  const std::string tail = MakeUtf8(text.substr(size / 2));
  data.push_back(tail);
  const auto letter_case = size % 2 == 0 ? rules::LetterCase::kMatters : rules::LetterCase::kIgnored;
  fuzz::TryPattern("!REGEX!" + std::string(text), letter_case, data);
  fuzz::TryPattern(std::string(text), letter_case, data);
  fuzz::TryLiteral(text);
  return 0;
}
