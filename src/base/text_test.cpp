#include "base/text.hpp"

#include <gtest/gtest.h>

namespace brood {
namespace {

TEST(Text, ComparesAsciiWithoutRegardToCase) {
  EXPECT_TRUE(EqualsIgnoringCase("CuckooURL", "cuckoourl"));
  EXPECT_FALSE(EqualsIgnoringCase("a", "ab"));
  EXPECT_EQ(LowerAscii("ÄB"), "Äb");
}

TEST(Text, SplitKeepsEmptyParts) {
  const auto parts = Split("a,,b", ',');
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[1], "");
  EXPECT_EQ(Split("", ',').size(), 1U);
}

TEST(Text, ParsesWholeNumbersOnly) {
  EXPECT_EQ(ParseInt("-17"), -17);
  EXPECT_FALSE(ParseInt("17a"));
  EXPECT_FALSE(ParseInt(""));
  EXPECT_EQ(ParseDouble("2.5"), 2.5);
  EXPECT_FALSE(ParseDouble("2.5 "));
}

TEST(Text, ShortenCutsAtACharacter) {
  EXPECT_EQ(Shorten("abc", 3), "abc");
  EXPECT_EQ(Shorten("aé", 2), "a…");
}

TEST(Text, HumanBytesPicksTheUnit) {
  EXPECT_EQ(HumanBytes(512), "512 B");
  EXPECT_EQ(HumanBytes(1'500'000), "1.4 MiB");
}

TEST(Text, TrimAsciiTakesBothEnds) { EXPECT_EQ(TrimAscii(" \t a b\n"), "a b"); }

}  // namespace
}  // namespace brood
