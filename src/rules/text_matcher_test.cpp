#include "rules/text_matcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace brood::rules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Hyperscan leaves the look-ahead out, so that PCRE2 has to decide, for which "aaa…!" takes for ever.
constexpr const char* kRunaway = "!REGEX!a(?=(a+)+$)";

TextMatcher MatcherOf(std::initializer_list<const char*> patterns) {
  std::vector<TextPattern> all;
  for (const char* pattern : patterns) all.push_back({static_cast<std::uint32_t>(all.size()), pattern});
  return TextMatcher::Compile(all).value();
}

TextHits Scan(const TextMatcher& matcher, const std::vector<std::string>& data, const Limits& limits = {}) {
  MatchScratch scratch(limits);
  return matcher.Scan(std::vector<std::string_view>(data.begin(), data.end()), scratch);
}

std::string ProblemOf(const char* pattern) {
  const auto matcher = TextMatcher::Compile(std::vector{TextPattern{7, pattern}});
  EXPECT_FALSE(matcher) << pattern;
  return matcher ? "" : matcher.error().front().what;
}

TEST(TextMatcher, TellsEachPairByDatumThenByPattern) {
  const auto found = Scan(MatcherOf({"b*", "bcd", "!REGEX!c"}), {"bcd", "x", "bc"});
  EXPECT_THAT(found.hits,
              ElementsAre(TextHit{0, 0}, TextHit{1, 0}, TextHit{2, 0}, TextHit{0, 2}, TextHit{2, 2}));
}

TEST(TextMatcher, TakesAVerbatimPatternAsItIs) {
  const std::vector patterns = {
      TextPattern{0, "!REGEX!a*", TextPattern::Syntax::kVerbatim},
      TextPattern{1, "A[1]*", TextPattern::Syntax::kVerbatim, LetterCase::kIgnored},
  };
  const auto found = Scan(TextMatcher::Compile(patterns).value(), {"!REGEX!a*", "a[1]*", "aaa", "A1"});
  EXPECT_THAT(found.hits, ElementsAre(TextHit{0, 0}, TextHit{1, 1}));
}

TEST(TextMatcher, KeepsPatternsApartThatHaveTheSameText) {
  EXPECT_THAT(Scan(MatcherOf({"a", "a"}), {"a"}).hits, ElementsAre(TextHit{0, 0}, TextHit{1, 0}));
}

TEST(TextMatcher, StaysGoodWhenItIsMoved) {
  TextMatcher matcher = MatcherOf({"short", "a literal that is longer than any small buffer"});
  const TextMatcher moved = std::move(matcher);
  EXPECT_THAT(Scan(moved, {"a literal that is longer than any small buffer", "short"}).hits, SizeIs(2));
}

TEST(TextMatcher, FindsMatchesFarIntoALongText) {
  const std::string text = std::string(300'000, 'x') + "é needle";
  const auto found = Scan(MatcherOf({"!REGEX!(?<=é )needle$", "*needle", "x*é*", "!REGEX!^needle"}), {text});
  EXPECT_THAT(found.hits, ElementsAre(TextHit{0, 0}, TextHit{1, 0}, TextHit{2, 0}));
  EXPECT_THAT(found.limits, IsEmpty());
}

TEST(TextMatcher, FindsAMatchWhereverTheWindowsMeet) {
  for (std::size_t before = 16'370; before < 16'400; ++before) {
    const std::string text = std::string(before, 'x') + "éé!" + std::string(20'000, 'y');
    EXPECT_THAT(Scan(MatcherOf({"!REGEX!é!"}), {text}).hits, SizeIs(1)) << before;
  }
}

TEST(TextMatcher, MatchesTextThatIsNotUtf8AsIfItWereMended) {
  EXPECT_THAT(Scan(MatcherOf({"!REGEX!^a.b$"}), {"a\xFF"
                                                 "b"})
                  .hits,
              SizeIs(1));
}

TEST(TextMatcher, GivesUpAtTheStepLimitAndSaysSo) {
  const std::string evil = std::string(60, 'a') + "!";
  const auto started = std::chrono::steady_clock::now();
  const auto found = Scan(MatcherOf({kRunaway, "aaa*!"}), {evil, "aa", evil});
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(10));
  EXPECT_THAT(found.hits, ElementsAre(TextHit{1, 0}, TextHit{0, 1}, TextHit{1, 2}));
  ASSERT_THAT(found.limits, SizeIs(1));
  EXPECT_EQ(found.limits[0].value, kRunaway);
  EXPECT_EQ(found.limits[0].data, evil);
  EXPECT_EQ(found.limits[0].times, 2U);
  EXPECT_THAT(found.limits[0].what, HasSubstr("too many steps"));
}

TEST(TextMatcher, LeavesAPatternAloneThatUsedUpItsTime) {
  Limits limits;
  limits.cpu_per_pattern =
      std::chrono::milliseconds(1'000);  // ample for the harmless pattern, sanitizers or not
  const std::vector<std::string> data(50'000, std::string(60, 'a') + "!");
  const auto found = Scan(MatcherOf({kRunaway, "aaa*!"}), data, limits);
  EXPECT_THAT(found.hits, SizeIs(50'000));  // of the other pattern
  ASSERT_THAT(found.limits, SizeIs(1));
  EXPECT_LT(found.limits[0].times, 50'000U);
  EXPECT_THAT(found.limits[0].what, HasSubstr("CPU time"));
}

TEST(TextMatcher, BoundsASearchOfWhichNoSinglePlaceHitsTheStepLimit) {
  Limits limits;
  limits.cpu_per_pattern = std::chrono::milliseconds(100);
  const auto started = std::chrono::steady_clock::now();
  const auto found =
      Scan(MatcherOf({"!REGEX![ab]*[bc]*[ab]*d(?=[ef])"}), {std::string(1 << 20, 'b') + "dg"}, limits);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(20));
  EXPECT_THAT(found.hits, IsEmpty());
  EXPECT_THAT(found.limits, SizeIs(1));
}

TEST(TextMatcher, DoesNotHitTheLimitsWithLongHarmlessTexts) {
  const std::string text(1 << 20, 'x');
  const auto found = Scan(MatcherOf({"*y*y*", "*x*x*x", "!REGEX!x(x|y){3}z", "!REGEX!xy"}), {text});
  EXPECT_THAT(found.limits, IsEmpty());
  EXPECT_THAT(found.hits, ElementsAre(TextHit{1, 0}));
}

TEST(TextMatcher, DecidesWithoutALimitWhatHyperscanCanDecide) {
  const std::string evil = std::string(5'000, 'a') + "!";
  const auto found = Scan(MatcherOf({"!REGEX!(a+)+$", "!REGEX!(a|aa)+b", "!REGEX!(x+x+)+y"}), {evil, "aab"});
  EXPECT_THAT(found.hits, ElementsAre(TextHit{1, 1}));
  EXPECT_THAT(found.limits, IsEmpty());
}

TEST(TextMatcher, SaysThatADatumIsTooLongForWhatMustBeConfirmed) {
  Limits limits;
  limits.text_bytes = 10;
  const auto found = Scan(MatcherOf({"!REGEX!x(?=$)", "*x"}), {"12345678x", "1234567890x"}, limits);
  EXPECT_THAT(found.hits, ElementsAre(TextHit{0, 0}, TextHit{1, 0}, TextHit{1, 1}));
  ASSERT_THAT(found.limits, SizeIs(1));
  EXPECT_THAT(found.limits[0].what, HasSubstr("too long"));
}

TEST(TextMatcher, FindsTheSameInATextThatHyperscanFailsAt) {
  const TextMatcher matcher = MatcherOf({"!REGEX!(\\w+) \\1", "*b", "abc", "!REGEX!^a.c$", "!REGEX!x{300}|y"});
  const std::vector<std::string_view> data = {"ab ab", "abc", "xyz", "b", "", "axc"};
  MatchScratch whole(Limits{});
  const TextHits expected = matcher.Scan(data, whole);
  EXPECT_THAT(expected.hits, SizeIs(7));
  for (int failing = 1; failing <= 6; ++failing) {
    MatchScratch scratch(Limits{});
    scratch.Scans().FailNext(failing);
    EXPECT_EQ(matcher.Scan(data, scratch).hits, expected.hits) << failing;
  }
}

TEST(TextMatcher, TakesTextsOfAllSizesThatOneLookUpMustTellApart) {
  std::vector<std::string> texts;
  std::vector<TextPattern> patterns;
  for (std::uint32_t size = 0; size < 40; ++size) {
    for (const char last : {'a', 'b'}) {
      texts.push_back(std::string(size, 'x') + last);
      patterns.push_back({static_cast<std::uint32_t>(patterns.size()), texts.back()});
    }
  }
  const auto found = Scan(TextMatcher::Compile(patterns).value(), texts);
  ASSERT_THAT(found.hits, SizeIs(texts.size()));
  for (const TextHit& hit : found.hits) EXPECT_EQ(hit.id, hit.datum);
}

TEST(TextMatcher, IsSharedBetweenThreads) {
  const TextMatcher matcher = MatcherOf({"!REGEX!(\\w+) \\1", "*b", "abc"});
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&matcher] {
      for (int i = 0; i < 200; ++i) EXPECT_THAT(Scan(matcher, {"ab ab", "abc", "xyz"}).hits, SizeIs(3));
    });
  }
}

TEST(TextMatcher, NamesWhatIsWrongAndWhere) {
  EXPECT_EQ(ProblemOf("!REGEX!a(b"), "bad regex: missing ), unterminated subpattern at position 1");
  EXPECT_EQ(ProblemOf("!REGEX!é\\y"), "bad regex: bad escape \\y at position 1");
  EXPECT_EQ(ProblemOf("!REGEX!a**"), "bad regex: multiple repeat at position 2");
  EXPECT_EQ(ProblemOf("!REGEX!(?L)a"),
            "bad regex: bad inline flags: cannot use 'L' flag with text at position 2");
  EXPECT_THAT(ProblemOf("!REGEX!x(?a:b)"), HasSubstr("whole expression only"));
  EXPECT_THAT(ProblemOf("!REGEX!\\N{BULLET}"), HasSubstr("by name"));
  EXPECT_THAT(ProblemOf("!REGEX!\\ud800"), HasSubstr("surrogate"));
}

TEST(TextMatcher, TellsPcre2sMessageWithThePlaceInTheSource) {
  EXPECT_EQ(ProblemOf("!REGEX!(?x) a (?# remark) (?<=b+)c"),
            "bad regex: lookbehind assertion is not fixed length at position 19");
}

TEST(TextMatcher, RefusesAPatternOfTooManyBytes) {
  EXPECT_THAT(ProblemOf((std::string(70'000, 'a') + "*").c_str()), HasSubstr("a pattern may have 65536 bytes"));
}

TEST(TextMatcher, CompilesDeepNestingOrRefusesIt) {
  const std::string deep = "!REGEX!" + std::string(20'000, '(') + std::string(20'000, ')');
  EXPECT_THAT(ProblemOf(deep.c_str()), HasSubstr("bad regex"));
}

}  // namespace
}  // namespace brood::rules
