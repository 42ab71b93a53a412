#include "retrohunt/change.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace brood::retrohunt {
namespace {

store::BlacklistEntry Entry(double score, const std::string& reasons) {
  return {"ip", "192.0.2.1", "", {}, reasons, score, store::Origin::kRule};
}

TEST(Change, IsALineWithItsReasonsByKey) {
  const std::string reasons = R"([{"reason":"tcp_port","data":"6667"},{"reason":"string","data":"a"},
      {"reason":"tcp_port","data":"1"},{"reason":"tcp_port","data":"2"},{"reason":"tcp_port","data":"3"}])";
  EXPECT_EQ(ToText({std::nullopt, Entry(2.25, reasons)}),
            "+ ip 192.0.2.1 2.25 tcp_port: 6667, 1, 2 and 1 more; string: a");
}

TEST(Change, OfWhatAnEntrySaysIsTwoLines) {
  EXPECT_EQ(ToText({Entry(2, "[]"), Entry(3, R"([{"reason":"mutex","data":"m"}])")}),
            "- ip 192.0.2.1 2 no reasons\n+ ip 192.0.2.1 3 mutex: m");
}

TEST(Change, AsJsonHasBothSides) {
  const auto json = boost::json::parse(ToJson({Entry(2, "no JSON"), std::nullopt}));
  EXPECT_EQ(json.at("change").as_string(), "removed");
  EXPECT_EQ(json.at("value").as_string(), "192.0.2.1");
  EXPECT_EQ(json.at("before").at("score").as_double(), 2.0);
  EXPECT_TRUE(json.at("before").at("reasons").as_array().empty());
  EXPECT_TRUE(json.at("after").is_null());
}

}  // namespace
}  // namespace brood::retrohunt
