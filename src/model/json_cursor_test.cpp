#include "model/json_cursor.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace brood::model {
namespace {

bool Accepts(std::string_view text) {
  JsonCursor cursor(text);
  cursor.Skip();
  cursor.End();
  return !cursor.failed();
}

std::string Problem(std::string_view text) {
  JsonCursor cursor(text);
  cursor.Skip();
  cursor.End();
  return cursor.what();
}

TEST(JsonCursor, TakesWhatJsonAllows) {
  for (const char* text :
       {"{}", "[]", " { \"a\" : [ 1 , -0 , 0.5 , 1e3 , 1.25E-7 , true , false , null ] } \n", "\"\"", "7",
        R"(["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00", "é€"])", R"({"a": {"b": [[[{}]]]}, "a": 1})"})
    EXPECT_TRUE(Accepts(text)) << text << ": " << Problem(text);
}

TEST(JsonCursor, PassesOverAnyValueByItsQuotesAndBrackets) {
  for (const char* value : {R"("a\"]}\\")", R"(["\\", "\\\"", "[", [{}], {"a]": "}"}])",
                            R"({"a": [1, "}", {"b": []}]})", "[]", "{}", "1e3", "true", "null", R"("")"}) {
    const std::string text = fmt::format(R"({{"over": {}, "behind": 7}})", value);
    JsonCursor cursor(text);
    std::string behind;
    cursor.Object([&](std::string_view key) {
      if (key == "over") return cursor.Pass();
      (void)cursor.Next();
      behind = cursor.Number();
    });
    cursor.End();
    EXPECT_FALSE(cursor.failed()) << value << ": " << cursor.what();
    EXPECT_EQ(behind, "7") << value;
  }
}

TEST(JsonCursor, CannotPassOverWhatDoesNotEnd) {
  for (const char* text : {R"("a)", R"("a\")", R"(["a)", R"(["a")", "[[]", "{", R"({"a": "b\"})", "", "]"}) {
    JsonCursor cursor(text);
    cursor.Pass();
    EXPECT_TRUE(cursor.failed()) << text;
  }
}

TEST(JsonCursor, RefusesWhatItDoesNot) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "[1",
                           "[1,",
                           "[1,]",
                           "[,1]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{1:1}",
                           "[1 2]",
                           "[1]]",
                           "{} x",
                           "01",
                           "1.",
                           ".5",
                           "1e",
                           "1e+",
                           "-",
                           "+1",
                           "0x1",
                           "NaN",
                           "Infinity",
                           "tru",
                           "nul",
                           "\"",
                           "\"\\\"",
                           R"("\x")",
                           R"("\u12g4")",
                           R"("\ud800")",
                           R"("\ude00\ud83d")",
                           "\"\n\"",
                           "'a'"})
    EXPECT_FALSE(Accepts(text)) << text;
}

TEST(JsonCursor, SaysWhatIsWrong) {
  EXPECT_EQ(Problem("[1 2]"), "a comma is missing");
  EXPECT_EQ(Problem("{\"a\" 1}"), "a colon is missing");
  EXPECT_EQ(Problem("{1"), "a key is missing");
  EXPECT_EQ(Problem("[\"a"), "a text that does not end");
  EXPECT_EQ(Problem("{}{}"), "more behind the document's end");
}

TEST(JsonCursor, NestsAsDeepAsItsLimitAndNoDeeper) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_TRUE(Accepts(nested(JsonCursor::kMaxDepth)));
  EXPECT_EQ(Problem(nested(JsonCursor::kMaxDepth + 1)), "nested too deep");
  EXPECT_EQ(Problem(std::string(1'000'000, '[')), "nested too deep");
}

TEST(JsonCursor, AgreesWithBoostOnDamagedDocuments) {
  const std::string whole =
      R"({"a": [1, -2.5e3, "x\u0041\\ \ud83d\ude00", true], "b": {"c": null, "": false}, "d": [[], {}], "e": "é"})";
  std::mt19937 random(11);
  constexpr std::string_view kNoise = "\"\\{}[],:nu0-.e \x01t";
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = whole;
    for (std::uint32_t hits = random() % 3; hits > 0; --hits)
      text[random() % text.size()] = kNoise[random() % kNoise.size()];
    if (random() % 4 == 0) text.resize(random() % text.size());
    boost::system::error_code error;
    (void)boost::json::parse(text, error);
    if (error == boost::json::error::illegal_leading_surrogate || text.find("\xC3") == std::string::npos)
      continue;
    if (text.find("\xC3\xA9") == std::string::npos)
      continue;  // no longer UTF-8, which the cursor does not look at
    ASSERT_EQ(Accepts(text), !error) << text << "\n" << error.message() << "\n" << Problem(text);
    accepted += error ? 0 : 1;
  }
  EXPECT_GT(accepted, 1000);
}

TEST(JsonCursor, GivesTextsNumbersAndKeysAsTheyAre) {
  JsonCursor cursor(R"({"k\n": ["a\tb", "plain", -1.50e2, true]})");
  std::string seen;
  cursor.Object([&](std::string_view key) {
    seen += std::string(key) + "|";
    cursor.List([&] {
      switch (cursor.Next()) {
        case JsonCursor::Kind::kText:
          seen += std::string(cursor.Text()) + "|";
          break;
        case JsonCursor::Kind::kNumber:
          seen += std::string(cursor.Number()) + "|";
          break;
        default:
          seen += cursor.Bool() ? "yes" : "no";
      }
    });
  });
  cursor.End();
  EXPECT_EQ(cursor.what(), "");
  EXPECT_EQ(seen, "k\n|a\tb|plain|-1.50e2|yes");
}

}  // namespace
}  // namespace brood::model
