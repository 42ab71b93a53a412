#include "rules/widen.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/pcre.hpp"

namespace brood::rules {
namespace {

using Matches = WideExpression::Matches;

std::string TextOf(std::string_view pattern, std::uint32_t flags = 0) {
  return Widen(pattern, flags).expression.text;
}

bool IsSame(std::string_view pattern, std::uint32_t flags = 0) {
  return Widen(pattern, flags).matches == Matches::kSame;
}

TEST(Widen, LeavesWhatBothEnginesTakeAlikeAsItIs) {
  for (const char* pattern : {"\\Aab\\.c\\z", "a.*b|c{2,3}?d+", "[a-z\\-][^\\\\\\]]", "(?:a|(b))$", "^\\x{e9}",
                              "[\\x09-\\x0d\\x{3000}]", "(?i-s:a)b", "(?m:a)", "", "\\x{1f600}"}) {
    EXPECT_EQ(TextOf(pattern), pattern);
    EXPECT_TRUE(IsSame(pattern)) << pattern;
  }
  EXPECT_EQ(TextOf("abc[k-s]", Pcre::kCaseless), "abc[k-s]");
  EXPECT_TRUE(IsSame("abc[k-s]", Pcre::kCaseless));
  EXPECT_EQ(TextOf("[\\w][^\\d]", Pcre::kAscii), "[\\w][^\\d]");
}

TEST(Widen, TakesAnyCharacterBeyondAsciiForAMemberOfAClass) {
  EXPECT_EQ(TextOf("[\\d]"), "[\\x30-\\x39\\x{80}-\\x{10ffff}]");
  EXPECT_EQ(TextOf("[^\\d]"), "[\\x00-\\x2f\\x3a-\\x7f\\x{80}-\\x{10ffff}]");
  EXPECT_EQ(TextOf("[\\D]"), TextOf("[^\\d]"));
  EXPECT_FALSE(IsSame("[\\w]"));
}

TEST(Widen, SpellsOutTheCasesOfALetterBeyondAscii) {
  EXPECT_EQ(TextOf("a\\x{e9}", Pcre::kCaseless), "a(?-i:[\\x{c9}-\\x{c9}\\x{e9}-\\x{e9}])");
  EXPECT_EQ(TextOf("(?i:\\x{e9})"), "(?i:(?-i:[\\x{c9}-\\x{c9}\\x{e9}-\\x{e9}]))");
  EXPECT_EQ(TextOf("\\x{65e5}", Pcre::kCaseless), "(?-i:[\\x{65e5}-\\x{65e5}])");
  EXPECT_EQ(TextOf("[a\\x{e9}]", Pcre::kCaseless),
            "(?-i:[\\x41-\\x41\\x61-\\x61\\x{c9}-\\x{c9}\\x{e9}-\\x{e9}])");
  EXPECT_EQ(TextOf("[^\\x{80}]", Pcre::kCaseless), "(?-i:[^\\x{80}-\\x{80}])");
  EXPECT_TRUE(IsSame("[^k\\x{80}]", Pcre::kCaseless));
  EXPECT_EQ(TextOf("[\\x{80}-\\x{ff}\\x{100}-\\x{10ffff}]", Pcre::kCaseless),
            "(?-i:[\\x4b-\\x4b\\x53-\\x53\\x6b-\\x6b\\x73-\\x73\\x{80}-\\x{10ffff}])");
}

TEST(Widen, TakesAnyCharacterBeyondAsciiForASetOfTooManyPieces) {
  std::string set = "[";
  for (int c = 0x3000; c < 0x3100; c += 2) set += fmt::format("\\x{{{:x}}}", c);
  EXPECT_EQ(TextOf(set + "]", Pcre::kCaseless), "(?-i:[\\x{80}-\\x{10ffff}])");
  EXPECT_FALSE(IsSame(set + "]", Pcre::kCaseless));
}

TEST(Widen, KnowsTheTwoLettersBeyondAsciiThatHaveAnotherCaseInIt) {
  EXPECT_EQ(TextOf("\\x{17f}", Pcre::kCaseless), "(?-i:[\\x53-\\x53\\x73-\\x73\\x{17f}-\\x{17f}])");
  EXPECT_EQ(TextOf("[k\\x{80}]", Pcre::kCaseless),
            "(?-i:[\\x4b-\\x4b\\x6b-\\x6b\\x{80}-\\x{80}\\x{212a}-\\x{212a}])");
}

TEST(Widen, LeavesOutWordBoundariesAndTheEndsOfLines) {
  EXPECT_EQ(TextOf("\\ba\\B"), "a");
  EXPECT_FALSE(IsSame("\\ba"));
  EXPECT_EQ(TextOf("^a$", Pcre::kMultiline), "a");
  EXPECT_FALSE(IsSame("^a", Pcre::kMultiline));
  EXPECT_EQ(TextOf("(?m:^a)"), "(?m:a)");
}

TEST(Widen, LetsABackReferenceBeAnything) { EXPECT_EQ(TextOf("(a)\\g{1}b"), "(a)(?s:.*)b"); }

TEST(Widen, LetsAtomicGroupsAndPossessiveRepeatsGiveBack) {
  EXPECT_EQ(TextOf("(?>a+)b"), "(?:a+)b");
  EXPECT_EQ(TextOf("a++b?+c{2}+"), "a+b?c{2}");
  EXPECT_FALSE(IsSame("a++b"));
}

TEST(Widen, LetsALargeRepeatBeOfAnyLength) {
  EXPECT_EQ(TextOf("a{0,65535}b{300}c{2,}d{255}"), "a{0,}b{255,}c{2,}d{255}");
  EXPECT_FALSE(IsSame("b{300}"));
  EXPECT_TRUE(IsSame("c{2,}d{255}"));
}

TEST(Widen, LeavesLookAroundAndConditionsToHyperscan) {
  for (const char* pattern : {"a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b", "(a)?(?(1)b|c)"}) {
    const WideExpression wide = Widen(pattern, 0);
    EXPECT_EQ(wide.expression.text, pattern);
    EXPECT_EQ(wide.expression.flags, std::uint32_t{ScanExpression::kPrefilter | ScanExpression::kUtf8})
        << pattern;
    EXPECT_EQ(wide.matches, Matches::kMore) << pattern;
  }
}

TEST(Widen, HandsTheFlagsOn) {
  EXPECT_EQ(Widen("a", Pcre::kCaseless | Pcre::kDotAll).expression.flags,
            std::uint32_t{ScanExpression::kCaseless | ScanExpression::kDotAll | ScanExpression::kUtf8});
}

WideExpression Bytes(std::string_view pattern, std::uint32_t flags = 0) {
  return Widen(pattern, flags, Texts::kAscii);
}

TEST(WidenForAscii, LeavesBytesAsTheyAre) {
  for (const char* pattern :
       {"\\Aab\\.c\\z", "a.*b|c{2,3}?d+", "[a-z\\-][^\\\\\\]]", "(?i-s:a)b", "\\ba\\B", ""}) {
    EXPECT_EQ(Bytes(pattern).expression.text, pattern);
    EXPECT_EQ(Bytes(pattern).matches, Matches::kSame) << pattern;
    EXPECT_EQ(Bytes(pattern).expression.flags, 0U);
  }
  EXPECT_EQ(Bytes("k[s]", Pcre::kCaseless).matches, Matches::kSame);
  EXPECT_EQ(Bytes("a(?=b)").matches, Matches::kMore);
}

TEST(WidenForAscii, TakesClassesForWhatTheyAreInAscii) {
  EXPECT_EQ(Bytes("[\\d]").expression.text, "[\\x30-\\x39\\x80-\\xff]");
  EXPECT_EQ(Bytes("[^\\d]").expression.text, "[\\x00-\\x2f\\x3a-\\x7f\\x80-\\xff]");
  EXPECT_EQ(Bytes("[\\x09-\\x0d\\x1c-\\x20\\x85\\x{3000}]").expression.text,
            "[\\x09-\\x0d\\x1c-\\x20\\x80-\\xff]");
  EXPECT_EQ(Bytes("[\\w]", Pcre::kCaseless).matches, Matches::kSame);
}

TEST(WidenForAscii, PutsAByteThatNoTextHasForWhatIsBeyond) {
  EXPECT_EQ(Bytes("a|\\x{e9}+b").expression.text, "a|[\\x80-\\xff]+b");
  EXPECT_EQ(Bytes("a|[\\x{430}-\\x{44f}]").expression.text, "a|[\\x80-\\xff]");
  EXPECT_EQ(Bytes("\\x{17f}", Pcre::kCaseless).expression.text, "[\\x53-\\x53\\x73-\\x73\\x80-\\xff]");
  EXPECT_EQ(Bytes("\\x{17f}", Pcre::kCaseless).matches, Matches::kSame);
}

TEST(WidenForAscii, KnowsThatThereIsNothingToFind) {
  EXPECT_EQ(Bytes("a\\x{e9}").matches, Matches::kNever);
  EXPECT_EQ(Widen("a\\x{e9}", 0).matches, Matches::kSame);
}

}  // namespace
}  // namespace brood::rules
