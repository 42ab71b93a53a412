#include "stage/handle.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "stage/testing/function_stage.hpp"

namespace brood::stage {
namespace {

using testing::FunctionStage;

std::vector<broker::Message> Batch(std::initializer_list<const char*> bodies) {
  std::vector<broker::Message> batch;
  for (const char* body : bodies) batch.push_back({"in", body, {}});
  return batch;
}

std::vector<Fate> AllDone(std::size_t count) { return std::vector<Fate>(count, Done{}); }

TEST(CallHandle, GivesTheStagesFates) {
  FunctionStage stage([](auto batch, auto&) { return AllDone(batch.size()); });
  const auto fates = CallHandle(stage, Batch({"a", "b"}), {});
  ASSERT_EQ(fates.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<Done>(*fates[0]));
  EXPECT_EQ(stage.Calls(), 1);
}

TEST(CallHandle, ABatchThatThrowsIsRedoneOneByOneAndOnlyTheCulpritFails) {
  FunctionStage stage([](auto batch, auto&) {
    for (const auto& message : batch) {
      if (message.body == "bad") throw std::runtime_error("index out of range");
    }
    return AllDone(batch.size());
  });
  const auto fates = CallHandle(stage, Batch({"a", "bad", "b"}), {});
  EXPECT_TRUE(std::holds_alternative<Done>(*fates[0]));
  const auto& failed = std::get<Fail>(*fates[1]);
  EXPECT_EQ(failed.why.kind, ErrorKind::kPermanent);
  EXPECT_EQ(failed.why.detail, "index out of range");
  EXPECT_TRUE(std::holds_alternative<Done>(*fates[2]));
}

TEST(CallHandle, AWrongNumberOfFatesIsABreakdownToo) {
  FunctionStage stage([](auto batch, auto&) { return AllDone(batch.size() == 1 ? 1 : 3); });
  const auto fates = CallHandle(stage, Batch({"a", "b"}), {});
  ASSERT_EQ(fates.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<Done>(*fates[1]));

  FunctionStage mute([](auto, auto&) { return std::vector<Fate>{}; });
  EXPECT_EQ(std::get<Fail>(*CallHandle(mute, Batch({"a"}), {})[0]).why.detail, "0 fates for 1 messages");
}

TEST(CallHandle, SomethingThrownThatIsNoExceptionFailsTheMessage) {
  FunctionStage stage([](auto, auto&) -> std::vector<Fate> { throw 17; });
  EXPECT_TRUE(std::holds_alternative<Fail>(*CallHandle(stage, Batch({"a"}), {})[0]));
}

TEST(CallHandle, AfterAStopNoRedoIsBegun) {
  std::stop_source stop;
  FunctionStage stage([&](auto, auto&) -> std::vector<Fate> {
    stop.request_stop();
    throw std::runtime_error("broken");
  });
  const auto fates = CallHandle(stage, Batch({"a", "b"}), {{}, stop.get_token()});
  EXPECT_FALSE(fates[0]);
  EXPECT_FALSE(fates[1]);
}

}  // namespace
}  // namespace brood::stage
