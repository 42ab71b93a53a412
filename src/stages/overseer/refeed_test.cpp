#include "stages/overseer/refeed.hpp"

#include <gtest/gtest.h>

#include "model/messages_json.hpp"

namespace brood::stages::overseer {
namespace {

TEST(LostBefore, IsWhatTheMessageCarriesAndNothingIfThatIsNonsense) {
  model::TaskMessage task;
  EXPECT_EQ(LostBefore(task, {}), 0);
  for (const auto& [text, lost] : {std::pair{"1", 1}, {"-4", 0}, {"99999999999", 1'000}, {"\"x\"", 0}}) {
    task.extras["lost"] = text;
    EXPECT_EQ(LostBefore(task, {}), lost) << text;
  }
}

TEST(WithFreshCount, ForgetsTheLossesAndKeepsAllElse) {
  model::TaskMessage task;
  task.task = model::TaskId{7};
  task.node = model::NodeUrl{"http://node.test"};
  task.extras["trail"] = "[1]";
  const std::string fresh = model::ToJson(task);
  task.extras["lost"] = "2";
  EXPECT_EQ(WithFreshCount(model::ToJson(task)), fresh);
  EXPECT_EQ(WithFreshCount(fresh), fresh);
  EXPECT_EQ(WithFreshCount("{ not JSON"), "{ not JSON");
}

}  // namespace
}  // namespace brood::stages::overseer
