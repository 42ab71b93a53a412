#include "rules/prepared_pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/file.hpp"
#include "rules/text_matcher.hpp"

namespace brood::rules {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;

using Patterns = std::initializer_list<const char*>;

std::string Key(Patterns patterns, LetterCase letter_case = LetterCase::kMatters) {
  std::vector<PreparedPattern> prepared;
  for (const char* pattern : patterns) {
    prepared.push_back(Prepare({.text = pattern, .letter_case = letter_case}).value());
  }
  return PatternsKey(prepared);
}

TEST(PatternsKey, ChangesWithThePatternsTheirOrderAndTheirCase) {
  const std::string key = Key({"a*", "b*"});
  EXPECT_EQ(key, Key({"a*", "b*"}));
  EXPECT_NE(key, Key({"b*", "a*"}));
  EXPECT_NE(key, Key({"a*\nb*"}));
  EXPECT_NE(key, Key({"a*", "b*", ""}));
  EXPECT_NE(key, Key({"a*", "b*"}, LetterCase::kIgnored));
}

TEST(PatternsKey, TellsPatternsApartThatOnlyPcre2SeesDifferently) {
  EXPECT_NE(Key({R"(!REGEX!\ba)"}), Key({R"(!REGEX!\Ba)"}));
  EXPECT_NE(Key({R"(!REGEX!(a)(b)\1)"}), Key({R"(!REGEX!(a)(b)\2)"}));
}

/// Patterns that are kept in a folder between two compilations.
class KeptPatterns : public ::testing::Test {
 protected:
  Expected<TextMatcher, std::vector<PatternProblem>> Compile(Patterns patterns) {
    std::vector<TextPattern> all;
    for (const char* pattern : patterns) all.push_back({static_cast<std::uint32_t>(all.size()), pattern});
    return TextMatcher::Compile(all, TextMatcher::Engines::kBoth, {&cache_, "hash.mutex"});
  }

  static std::size_t CompiledByPcre2(const TextMatcher& matcher) {
    MatcherFacts facts;
    matcher.Tell(facts);
    return facts.compiled;
  }

  static std::vector<TextHit> Hits(const TextMatcher& matcher) {
    MatchScratch scratch(Limits{});
    return matcher.Scan(std::vector<std::string_view>{"ab ab", "abc", "xyz"}, scratch).hits;
  }

  TempDir parent_;
  ScanCache cache_{parent_ / "compiled"};
};

TEST_F(KeptPatterns, AreCompiledByPcre2WhenTheyAreFirstWanted) {
  const Patterns patterns = {R"(!REGEX!(\w+) \1)", "*b", "!REGEX!(?<=q)z", "*y*z"};
  const TextMatcher made = Compile(patterns).value();
  EXPECT_EQ(CompiledByPcre2(made), 4U);
  const TextMatcher read = Compile(patterns).value();
  EXPECT_EQ(CompiledByPcre2(read), 0U);
  EXPECT_EQ(Hits(read), Hits(made));
  EXPECT_THAT(Hits(read), ElementsAre(TextHit{0, 0}, TextHit{1, 0}, TextHit{3, 2}));
  EXPECT_GE(CompiledByPcre2(read), 1U);
  EXPECT_LE(CompiledByPcre2(read), 2U) << "only what Hyperscan leaves to be confirmed";
}

TEST_F(KeptPatterns, AreCompiledOnceForManyThreads) {
  const Patterns patterns = {R"(!REGEX!(\w+) \1)", "!REGEX!a(?=b)", R"(!REGEX!\bx)"};
  ASSERT_TRUE(Compile(patterns));
  for (int round = 0; round < 20; ++round) {
    const TextMatcher matcher = Compile(patterns).value();
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&matcher] { EXPECT_THAT(Hits(matcher), SizeIs(4)); });
    }
  }
}

TEST_F(KeptPatterns, DoNotVouchForOneThatPcre2Refuses) {
  ASSERT_TRUE(Compile({"!REGEX!a(?<=b)", "*c"}));
  for (int again = 0; again < 2; ++again) {
    const auto refused = Compile({"!REGEX!a(?<=b+)", "*c"});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error(), ElementsAre(Field(&PatternProblem::what, HasSubstr("not fixed length"))));
  }
}

TEST_F(KeptPatterns, AreAllCheckedWhereOneIsNoPattern) {
  const auto refused = Compile({"!REGEX!a(?<=b+)", "!REGEX!(", "!REGEX!(?<=c*)d"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), ElementsAre(Field(&PatternProblem::id, 0), Field(&PatternProblem::id, 1),
                                           Field(&PatternProblem::id, 2)));
}

}  // namespace
}  // namespace brood::rules
