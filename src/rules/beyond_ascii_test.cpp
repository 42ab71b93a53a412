#include "rules/beyond_ascii.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "rules/pcre.hpp"
#include "rules/prepared_pattern.hpp"
#include "rules/testing/made_up.hpp"

namespace brood::rules {
namespace {

bool Needs(const std::string& text, LetterCase letter_case = LetterCase::kMatters) {
  const PreparedPattern pattern = Prepare({.text = text, .letter_case = letter_case}).value();
  return NeedsBeyondAscii(pattern.search.pattern, pattern.search.flags);
}

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

TEST(NeedsBeyondAscii, FindsACharacterThatEveryMatchHas) {
  for (const char* pattern :
       {"*é*", "é?", "C:\\Анна\\*", "a[é-ö]?", "!REGEX!(?:日本|[а-яё]+)x", "!REGEX!a(b(é))+", "!REGEX!é{1,3}",
        "!REGEX!é+?", "!REGEX!(?>é)|\\u00e9", "!REGEX!\\bé$", "!REGEX!(?P<x>é)(?P=x)", "!REGEX!(?i:a)é",
        "!REGEX!(?x) é # free", "!REGEX!(a)\\1é", "!REGEX!\\x85", "!REGEX!(é)(?(1)b|c)",
        "!REGEX!(?<!é)\\(é\\)"}) {
    EXPECT_TRUE(Needs(pattern)) << pattern;
  }
}

TEST(NeedsBeyondAscii, IsFalseWhereATextOfAsciiMayMatch) {
  for (const char* pattern : {"",
                              "a*",
                              "*[aé]*",
                              "*[!é]*",
                              "!REGEX!é*",
                              "!REGEX!aé?",
                              "!REGEX!é{0,2}",
                              "!REGEX!(?:é)*?b",
                              "!REGEX!é|a",
                              "!REGEX!(é|a)b",
                              "!REGEX!(?=é)a",
                              "!REGEX!(?!é)a",
                              "!REGEX!(?<=é)a",
                              "!REGEX!(?<!é)a",
                              "!REGEX!(x)?(?(1)é|é)",
                              "!REGEX![\\wé]",
                              "!REGEX![^a]",
                              "!REGEX!\\W",
                              "!REGEX!(|é)",
                              "!REGEX!(?P<x>é)?(?P=x)",
                              "!REGEX!\\x7f",
                              "!REGEX![z-é]"}) {
    EXPECT_FALSE(Needs(pattern)) << pattern;
  }
}

TEST(NeedsBeyondAscii, KnowsTheTwoLettersThatHaveAnotherCaseInAscii) {
  for (const char* pattern : {"\u017F", "*\u212A*", "!REGEX![\u0100-\u0200]", "!REGEX!(?i:\u017F)a"}) {
    EXPECT_FALSE(Needs(pattern, LetterCase::kIgnored)) << pattern;
  }
  EXPECT_TRUE(Needs("\u017F"));
  EXPECT_TRUE(Needs("!REGEX![\u0100-\u0200]"));
  EXPECT_TRUE(Needs("\u0130", LetterCase::kIgnored));
  // All that PCRE2 takes for another case of something in ASCII.
  const Pcre beyond = Pcre::Compile("\\A(?![ksKS])[\\x{80}-\\x{10ffff}]", Pcre::kCaseless).value();
  MatchScratch scratch(Limits{});
  for (char c = 0; c >= 0 && c < 0x7F; ++c) {
    EXPECT_EQ(beyond.Search(std::string(1, c), scratch), Pcre::Outcome::kNoMatch) << c;
  }
}

TEST(NeedsBeyondAscii, GivesUpAtDeepNesting) {
  const auto nested = [](std::size_t depth) {
    return "!REGEX!" + std::string(depth, '(') + "é" + std::string(depth, ')');
  };
  EXPECT_TRUE(Needs(nested(90)));
  EXPECT_FALSE(Needs(nested(110)));
  EXPECT_FALSE(Needs(nested(20'000)));
}

TEST(NeedsBeyondAscii, IsNeverWrongAboutMadeUpPatterns) {
  std::size_t patterns = 0;
  const std::vector<std::string> texts = testing::MadeUpTexts(5, 300);
  MatchScratch scratch(Limits{});
  for (const TextPattern& pattern : testing::MadeUpPatterns(4, 3'000)) {
    const auto prepared = Prepare(pattern).value();
    if (!NeedsBeyondAscii(prepared.search.pattern, prepared.search.flags)) continue;
    ++patterns;
    scratch.BeginReport();
    scratch.BeginPattern();
    const Pcre search(prepared.search.pattern, prepared.search.flags);
    for (const std::string& text : texts) {
      if (!IsPlain(text)) continue;
      EXPECT_EQ(search.Search(text, scratch), Pcre::Outcome::kNoMatch) << pattern.text << " on " << text;
    }
  }
  EXPECT_GT(patterns, 100U);
}

}  // namespace
}  // namespace brood::rules
