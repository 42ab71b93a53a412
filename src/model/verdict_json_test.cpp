#include "model/verdict_json.hpp"

#include <gtest/gtest.h>

namespace brood::model {
namespace {

TEST(VerdictJson, WritesReasonsAsTheBlacklistStoresThem) {
  EXPECT_EQ(ReasonsToJson({{"mutex", "a\"b", "a*"}, {"ip", "10.0.0.1", "10.0.0.0/8"}}),
            R"([{"reason":"mutex","data":"a\"b"},{"reason":"ip","data":"10.0.0.1"}])");
  EXPECT_EQ(ReasonsToJson({}), "[]");
}

TEST(VerdictJson, ReadsReasonsBackWithoutTheRulesValue) {
  const auto reasons = ReasonsFromJson(R"([{"reason":"mutex","data":"x"}])");
  ASSERT_TRUE(reasons) << Describe(reasons.error());
  EXPECT_EQ(*reasons, (std::vector<Reason>{{"mutex", "x", ""}}));
}

TEST(VerdictJson, NamesTheItemThatIsWrong) {
  const auto reasons = ReasonsFromJson(R"([{"reason":"a","data":"b"},{"reason":1,"data":"b"}])");
  ASSERT_FALSE(reasons);
  EXPECT_EQ(reasons.error().detail, "item 1 has no text under reason and data");
  EXPECT_FALSE(ReasonsFromJson("{}"));
  EXPECT_FALSE(ReasonsFromJson("nonsense"));
}

}  // namespace
}  // namespace brood::model
