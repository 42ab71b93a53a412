#include <gtest/gtest.h>

#include "store/sqlite/options_text.hpp"
#include "store/sqlite/paging.hpp"

namespace brood::store::sqlite {
namespace {

TEST(OptionsText, CanBeReadByPeople) {
  EXPECT_EQ(ToText(Options{{"options", "free=yes"}, {"timeout", "60"}}), "options=free%3dyes&timeout=60");
  EXPECT_EQ(ToText(Options{}), "");
}

TEST(OptionsText, AnyBytesComeBack) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  const Options options{{"", ""}, {"a&b=c%41", every_byte}, {every_byte, "+ %"}};
  EXPECT_EQ(OptionsFrom(ToText(options)), options);
  EXPECT_EQ(OptionsFrom(""), Options{});
}

TEST(OptionsText, WhatIsNotOfThisShapeIsNothing) {
  for (const auto* text : {"timeout", "a=b&", "a=%", "a=%4", "a=%zz", "a=%-1", "%4g=b"}) {
    EXPECT_EQ(OptionsFrom(text), std::nullopt) << text;
  }
}

TEST(Position, ComesBackFromItsText) {
  const auto position = PositionFrom(ToText(Position{-5, 7}));
  ASSERT_TRUE(position && *position);
  EXPECT_EQ((*position)->time, -5);
  EXPECT_EQ((*position)->row, 7);
}

TEST(Position, AnEmptyTextIsTheBeginningAndAnotherIsRefused) {
  EXPECT_EQ(PositionFrom("").value().has_value(), false);
  for (const auto* text : {"1", "1/", "/1", "1/2/3", "a/b", "1/9999999999999999999999"}) {
    ASSERT_FALSE(PositionFrom(text)) << text;
    EXPECT_EQ(PositionFrom(text).error().code, Errc::kInvalid);
  }
}

}  // namespace
}  // namespace brood::store::sqlite
