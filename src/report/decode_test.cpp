#include "report/decode.hpp"

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace brood::report {
namespace {

std::string Decoded(std::string_view raw) {
  Repairs repairs;
  std::string text = Decode(raw, repairs);
  EXPECT_FALSE(repairs.Any()) << raw;
  return text;
}

TEST(Decode, ResolvesEveryEscape) {
  EXPECT_EQ(Decoded(R"(a\"b\\c\/d\b\f\n\r\t)"), "a\"b\\c/d\b\f\n\r\t");
  EXPECT_EQ(Decoded(R"(\u0041\u00e9\u20AC\ud83d\ude00)"), "Aé€😀");
  EXPECT_EQ(Decoded(R"(\u0000)"), std::string(1, '\0'));
  EXPECT_EQ(Decoded("raw é €"), "raw é €");
}

TEST(Decode, ReplacesHalfASurrogatePair) {
  Repairs repairs;
  EXPECT_EQ(Decode(R"(a\ud800b)", repairs),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(Decode(R"(\ude00\ud83d)", repairs), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(Decode(R"(\ud83d\u0041)", repairs),
            "\xEF\xBF\xBD"
            "A");
  EXPECT_EQ(repairs.surrogates, 4);
}

TEST(Decode, ReplacesInvalidUtf8) {
  Repairs repairs;
  EXPECT_EQ(Decode("a\xFF"
                   "b\\n",
                   repairs),
            "a\xEF\xBF\xBD"
            "b\n");
  EXPECT_TRUE(repairs.bad_utf8);
}

TEST(Decode, KeepsUnknownEscapesAsWritten) {
  Repairs repairs;
  EXPECT_EQ(Decode(R"(\x41 \u12 \uZZZZ)", repairs), R"(\x41 \u12 \uZZZZ)");
  EXPECT_EQ(Decode("end\\", repairs), "end\\");
  EXPECT_EQ(repairs.bad_escapes, 4);
}

TEST(CutRaw, EndsNeitherInsideAnEscapeNorInsideACharacter) {
  const std::string raw = R"(ab\u00e9c\\d\"é€😀 \ud83d\ude00 \\\\\n)";
  for (std::size_t size = 0; size <= raw.size(); ++size) {
    const auto cut = CutRaw(raw, size);
    EXPECT_LE(cut.size(), size);
    EXPECT_LE(size - cut.size(), 5U);
    Repairs repairs;
    (void)Decode(cut, repairs);
    EXPECT_EQ(repairs.bad_escapes, 0) << cut;
    EXPECT_FALSE(repairs.bad_utf8) << cut;
  }
  EXPECT_EQ(CutRaw("abc", 10), "abc");
}

}  // namespace
}  // namespace brood::report
