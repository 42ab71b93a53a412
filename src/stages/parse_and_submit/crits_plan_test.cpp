#include "stages/parse_and_submit/crits_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/messages_json.hpp"

namespace brood::stages::parse_and_submit {
namespace {

using crits::Parser;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

model::TaskMessage Task() {
  model::TaskMessage task;
  task.task = model::TaskId{7};
  task.node = model::NodeUrl{"http://node.test:8090"};
  task.crits = {"http://crits.test", "1111", "Sample", "6b01", "user", Secret("planted-key"), "00", "test"};
  return task;
}

TEST(CritsPlan, OnlyAMessageThatNamesAnObjectConcernsCrits) {
  EXPECT_TRUE(ConcernsCrits(Task().crits));
  model::CritsData without;
  without.analysis_id = "the submission's own id";
  EXPECT_FALSE(ConcernsCrits(without));
}

TEST(CritsPlan, AnInstanceAloneRunsAllAndEnds) {
  const auto plan = PlanFor({Parser::kInfo, Parser::kDropped}, Task(), false);
  EXPECT_THAT(plan.run, ElementsAre(Parser::kInfo, Parser::kDropped));
  EXPECT_FALSE(plan.relay);
  EXPECT_EQ(plan.used, 0U);
  EXPECT_EQ(plan.first_batch, 1);
}

/// The seed's example: each of two instances relays to the other.
TEST(CritsPlan, ACircleOfTwoEnds) {
  const std::vector<Parser> first = {Parser::kInfo, Parser::kSignatures, Parser::kBehavior},
                            second = {Parser::kDropped};
  model::TaskMessage task = Task();
  auto plan = PlanFor(first, task, true);
  EXPECT_EQ(plan.run, first);
  EXPECT_TRUE(plan.relay);
  task = model::TaskMessageFromJson(model::ToJson(Relayed(task, plan, 1'000, 4))).value();
  plan = PlanFor(second, task, true);
  EXPECT_EQ(plan.run, second);
  EXPECT_TRUE(plan.relay);
  EXPECT_EQ(plan.used, 1'000U);
  EXPECT_EQ(plan.first_batch, 4);
  task = model::TaskMessageFromJson(model::ToJson(Relayed(task, plan, 2'000, 5))).value();
  plan = PlanFor(first, task, true);
  EXPECT_THAT(plan.run, IsEmpty());
  EXPECT_FALSE(plan.relay);
  EXPECT_THAT(task.parsed, ElementsAre("info", "signatures", "behavior", "dropped"));
}

TEST(CritsPlan, WhatAMessageSaysOfTheChainNeverGivesRoom) {
  model::TaskMessage task = Task();
  task.extras["CritsBytes"] = "-5";
  task.extras["CritsBatch"] = "\"x\"";
  const auto plan = PlanFor({Parser::kInfo}, task, false);
  EXPECT_EQ(plan.used, 0U);
  EXPECT_EQ(plan.first_batch, 1);
}

TEST(CritsPlan, NamesOfEffectsTellApartAndHoldNoKey) {
  const model::TaskMessage task = Task();
  const crits::Update one{{R"(["a"])", R"(["{}"])", R"(["s"])", 1}, "", {}, {}};
  crits::Update other = one;
  other.log = "x";
  model::TaskMessage next = task;
  next.task = model::TaskId{task.task.Get() + 1};
  std::vector<std::string> keys = {
      KeyOf(task.crits, one), KeyOf(task.crits, other),           KeyOfAll(task),
      KeyOfAll(next),         KeyOfSample(task.crits, "aa", "b"), KeyOfSample(task.crits, "a", "ab")};
  model::CritsData another = task.crits;
  another.analysis_id = "2222";
  keys.push_back(KeyOf(another, one));
  for (const std::string& key : keys) EXPECT_THAT(key, Not(HasSubstr("planted-key")));
  std::ranges::sort(keys);
  EXPECT_EQ(std::ranges::unique(keys).begin(), keys.end());
  model::CritsData new_key = task.crits;
  new_key.api_key = Secret("changed");
  EXPECT_EQ(KeyOf(new_key, one), KeyOf(task.crits, one)) << "a changed key is the same effect";
}

}  // namespace
}  // namespace brood::stages::parse_and_submit
