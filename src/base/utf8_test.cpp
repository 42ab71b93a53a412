#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace brood {
namespace {

TEST(Utf8, TakesEveryCodePointItWrites) {
  for (std::uint32_t point = 0; point <= 0x10FFFF; point += 61) {
    std::string text;
    AppendUtf8(text, point);
    EXPECT_TRUE(IsUtf8(text)) << point;
    EXPECT_EQ(Utf8CharacterLength(text), text.size());
  }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndCutCharacters) {
  for (const char* bad :
       {"\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xFF"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
}

TEST(Utf8, ReplacesOnlyTheBytesThatBelongToNoCharacter) {
  EXPECT_EQ(MakeUtf8("a\xFF\xC3\xA9z"), "a\xEF\xBF\xBD\xC3\xA9z");
  EXPECT_EQ(MakeUtf8("ascii only, longer than eight"), "ascii only, longer than eight");
}

TEST(Utf8, ASurrogateIsWrittenAsReplacement) {
  std::string text;
  AppendUtf8(text, 0xD800);
  EXPECT_EQ(text, "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace brood
