// Both engines together find what PCRE2 finds alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "rules/testing/made_up.hpp"
#include "rules/text_matcher.hpp"

namespace brood::rules {
namespace {

using testing::MadeUpPatterns;
using testing::MadeUpTexts;

constexpr std::size_t kTexts = 1'500;

TextHits Scan(const std::vector<TextPattern>& patterns, const std::vector<std::string>& texts,
              TextMatcher::Engines engines) {
  const auto matcher = TextMatcher::Compile(patterns, engines);
  if (!matcher)
    throw std::runtime_error(patterns[matcher.error().front().id].text + matcher.error().front().what);
  MatchScratch scratch(Limits{});
  return matcher->Scan(std::vector<std::string_view>(texts.begin(), texts.end()), scratch);
}

void ExpectSameHits(const std::vector<TextPattern>& patterns, const std::vector<std::string>& texts) {
  const TextHits both = Scan(patterns, texts, TextMatcher::Engines::kBoth);
  const TextHits plain = Scan(patterns, texts, TextMatcher::Engines::kPcre2Alone);
  EXPECT_TRUE(both.limits.empty() && plain.limits.empty());
  EXPECT_GT(plain.hits.size(), patterns.size() / 10) << "nothing to compare";
  std::vector<TextHit> differences;
  std::set_symmetric_difference(
      both.hits.begin(), both.hits.end(), plain.hits.begin(), plain.hits.end(), std::back_inserter(differences),
      [](const TextHit& a, const TextHit& b) { return std::pair(a.datum, a.id) < std::pair(b.datum, b.id); });
  for (const TextHit& hit : differences) {
    ADD_FAILURE() << patterns[hit.id].text
                  << (patterns[hit.id].letter_case == LetterCase::kIgnored ? " nocase" : "") << " on '"
                  << texts[hit.datum] << "'";
  }
}

class Engines : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Engines, FindInMadeUpTextsWhatPcre2FindsAlone) {
  ExpectSameHits(MadeUpPatterns(GetParam(), 150), MadeUpTexts(GetParam() + 1'000, kTexts));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Engines, ::testing::Values(1, 2, 3));

/// Each pattern in each case, over texts that are made for it.
TEST(BothEngines, AgreeWhereTheirTablesAndAnchorsDiffer) {
  std::vector<TextPattern> patterns;
  for (const char* pattern :
       {"^",         "$",        "^$",           "a$",        "\\Aa\\Z",     "(?m)^b",   "(?m)a$",
        "(?m)^$",    ".",        "(?s)^.$",      "[^a]",      "^\\w$",       "^\\W$",    "^\\d$",
        "^\\D$",     "^\\s$",    "^\\S$",        "\\b",       "\\B",         "\\bk",     "k\\b",
        "(?a)^\\w$", "(?a)\\bk", "(?a)^[^\\w]$", "(?a)^\\S$", "^[^\\d\\s]$", "^k$",      "^s$",
        "^ſ$",       "^K$",      "^é$",          "^Σ$",       "^ς$",         "^ß$",      "^ǆ$",
        "^[é-ö]$",   "^[^é]$",   "^[^k]$",       "^[^s]$",    "^[a-z]$",     "^[^a-z]$", "^[\\wé]$",
        "^[^\\wé]$", "(?<=a)b",  "(?<!a)b",      "a(?!b)",    "(a)\\1",      "(k)\\1",   "(a)?(?(1)b|k)",
        "a{,2}b",    "(?:a|)$",  "x*",           "()",        "(?!)",        "(?=a)",    "\\x00",
        "a\\nb",     "(?s)a.b",  "a.b",          "\\u1e9e",   "(?i:k)",      "(?i:[é])", "(?-i:k)",
        "(?i)İ",     "(?i)ı",    "(?i)i",        "(?i)ᲀ",   "(?i)ꙋ",       "(?i)Ᏸ",    "\\u0560"}) {
    for (const auto letter_case : {LetterCase::kMatters, LetterCase::kIgnored}) {
      patterns.push_back({static_cast<std::uint32_t>(patterns.size()), std::string("!REGEX!") + pattern,
                          TextPattern::Syntax::kWildcardOrRegex, letter_case});
    }
  }
  std::vector<std::string> texts = {
      "",     "a",   "b",  "ab",   "ba",       "a\n",  "\n",     "\na",    "\nb", "a\nb", "a\nb\n",
      "kk",   "kK",  "KK", "aa",   "aA",       "a b",  "bk",     "Kk",     "é",   "éé",   "ék",
      "k",    "s",   "ſ",  "K",    "Σ",        "σ",    "ς",      "ß",      "ẞ",   "ǅ",    "Ǆ",
      "É",    "İ",   "ı",  "I",    "i",        "ᲀ",  "в",      "Ꙋ",      "ꙋ",   "ᲈ",  "ᏸ",
      "Ᏸ",    "ՠ",  "٣",  "𐴰", "\xC2\x85", "\x1c", "\u180e", "\u3000", "😀",   "_",    std::string(1, '\0'),
      "ab\n", "xabx"};
  ExpectSameHits(patterns, texts);
}

}  // namespace
}  // namespace brood::rules
