#include "cli/json_get.hpp"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace brood::cli {
namespace {

const boost::json::value& Answer() {
  static const auto value = boost::json::parse(
      R"({"text": "eicar", "whole": -3, "real": 2.5, "yes": true, "list": [1, 2], "none": null})");
  return value;
}

TEST(JsonGet, GivesWhatStandsUnderTheKey) {
  EXPECT_EQ(TextAt(Answer(), "text"), "eicar");
  EXPECT_EQ(IntAt(Answer(), "whole"), -3);
  EXPECT_EQ(RealAt(Answer(), "real"), 2.5);
  EXPECT_EQ(RealAt(Answer(), "whole"), -3);
  EXPECT_TRUE(BoolAt(Answer(), "yes"));
  EXPECT_EQ(ListAt(Answer(), "list").size(), 2U);
}

TEST(JsonGet, GivesTheDefaultForAbsentKeysAndWrongTypes) {
  for (const char* key : {"absent", "none", "list"}) {
    EXPECT_EQ(TextAt(Answer(), key), "") << key;
    EXPECT_EQ(IntAt(Answer(), key), 0) << key;
    EXPECT_EQ(RealAt(Answer(), key), 0) << key;
    EXPECT_FALSE(BoolAt(Answer(), key)) << key;
  }
  EXPECT_TRUE(ListAt(Answer(), "text").empty());
  EXPECT_EQ(IntAt(Answer(), "real"), 0);
}

TEST(JsonGet, GivesTheDefaultWhereTheAnswerIsNoObject) {
  for (const char* text : {"null", "[]", "\"x\"", "7"}) {
    const auto value = boost::json::parse(text);
    EXPECT_EQ(TextAt(value, "text"), "") << text;
    EXPECT_EQ(IntAt(value, "whole"), 0) << text;
    EXPECT_TRUE(ListAt(value, "list").empty()) << text;
  }
}

TEST(ReasonsLine, NamesTheFirstReasonsAndCountsTheOthers) {
  const auto reasons = boost::json::parse(
      R"([{"reason": "string", "data": "a"}, {"reason": "mutex", "data": "b"}, {"reason": "ip", "data": "c"}])");
  EXPECT_EQ(ReasonsLine(reasons.get_array(), 3), "string: a; mutex: b; ip: c");
  EXPECT_EQ(ReasonsLine(reasons.get_array(), 2), "string: a; mutex: b; and 1 more");
  EXPECT_EQ(ReasonsLine({}, 2), "");
}

TEST(ReasonsLine, ShortensLongData) {
  const auto reasons =
      boost::json::parse(R"([{"reason": "string", "data": ")" + std::string(500, 'x') + "\"}]");
  EXPECT_LT(ReasonsLine(reasons.get_array(), 1).size(), 80U);
}

}  // namespace
}  // namespace brood::cli
