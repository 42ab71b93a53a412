#include "crits/literal.hpp"

#include <gtest/gtest.h>

namespace brood::crits {
namespace {

std::string Literal(std::string_view text) {
  std::string out;
  AppendLiteral(out, text);
  return out;
}

TEST(Literal, TextIsRawUtf8WithTheEscapesThatPythonAndJsonShare) {
  EXPECT_EQ(Literal("é😀"), "\"é😀\"");
  EXPECT_EQ(Literal("C:\\u0041\\\"x\"\r\n\t"), R"("C:\\u0041\\\"x\"\r\n\t")");
  EXPECT_EQ(Literal("it's / fine"), "\"it's / fine\"");
}

TEST(Literal, NoSourceTextHoldsANul) {
  EXPECT_EQ(Literal(std::string_view("a\0b", 3)),
            "\"a\xEF\xBF\xBD"
            "b\"");
}

TEST(Literal, ControlCharactersArePythonsEscapes) { EXPECT_EQ(Literal("\x01\x1f\x7f"), "\"\\x01\\x1f\x7f\""); }

TEST(Literal, MembersStandInOrder) {
  EXPECT_EQ(Members().Get(), "");
  EXPECT_EQ(Members().Add("a", "x").Add("n", std::int64_t{-7}).AddLiteral("l", "[]").Get(),
            R"("a":"x","n":-7,"l":[])");
}

}  // namespace
}  // namespace brood::crits
