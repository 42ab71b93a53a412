#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "config/test_settings.hpp"

namespace brood::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Lines;
using testing::Settings;

constexpr const char* kTwoNodes = R"([feed_cuckoo]
[[feed_cuckoo.node]]
url = "http://one"
tags = ["xp", "win7"]
[[feed_cuckoo.node]]
url = "http://two"
capacity = 9
)";

TEST(ListOfTables, FillsOneStructAnElementInOrder) {
  Settings settings;
  EXPECT_THAT(Load(kTwoNodes, "f", settings.sections), IsEmpty());
  ASSERT_EQ(settings.feed.nodes.size(), 2U);
  EXPECT_EQ(settings.feed.nodes[0].url, "http://one");
  EXPECT_THAT(settings.feed.nodes[0].tags, ElementsAre("xp", "win7"));
  EXPECT_EQ(settings.feed.nodes[0].capacity, 4);
  EXPECT_EQ(settings.feed.nodes[1].url, "http://two");
  EXPECT_EQ(settings.feed.nodes[1].capacity, 9);
}

TEST(ListOfTables, MayBeWrittenInline) {
  Settings settings;
  EXPECT_THAT(
      Load("[feed_cuckoo]\nnode = [{url = \"http://a\"}, {url = \"http://b\"}]\n", "f", settings.sections),
      IsEmpty());
  ASSERT_EQ(settings.feed.nodes.size(), 2U);
  EXPECT_EQ(settings.feed.nodes[1].url, "http://b");
}

TEST(ListOfTables, OfTheFileReplacesTheDefaultOne) {
  Settings settings;
  settings.feed.nodes.resize(3);
  EXPECT_THAT(Load("[[feed_cuckoo.node]]\nurl = \"http://a\"\n", "f", settings.sections), IsEmpty());
  EXPECT_EQ(settings.feed.nodes.size(), 1U);
  EXPECT_THAT(Load("[feed_cuckoo]\nnode = []\n", "f", settings.sections), IsEmpty());
  EXPECT_THAT(settings.feed.nodes, IsEmpty());
}

TEST(ListOfTables, TellsProblemsWithTheElementsIndexAndLine) {
  Settings settings;
  EXPECT_THAT(Lines(Load("[[feed_cuckoo.node]]\nurl = \"http://a\"\n[[feed_cuckoo.node]]\nurl = \"http://b\"\n"
                         "capacity = 0\nurll = 1\n",
                         "f", settings.sections)),
              ElementsAre("f:5: feed_cuckoo.node[1].capacity: 0 is below 1 task",
                          "f:6: feed_cuckoo.node[1].urll: unknown key; did you mean url?"));
}

TEST(ListOfTables, ChecksRulesOfEachElement) {
  Settings settings;
  EXPECT_THAT(
      Lines(Load("[[feed_cuckoo.node]]\nurl = \"http://a\"\n[[feed_cuckoo.node]]\n", "f", settings.sections)),
      ElementsAre("f:3: feed_cuckoo.node[1].url: a node needs its url"));
}

TEST(ListOfTables, TellsARuleWithThePlaceThatSetItsKey) {
  Settings settings;
  EXPECT_THAT(Lines(Load({.toml = "[[feed_cuckoo.node]]\nurl = \"http://a\"\n",
                          .overrides = {{"feed_cuckoo.node[0].url", ""}}},
                         settings.sections)),
              ElementsAre("--feed_cuckoo.node[0].url: feed_cuckoo.node[0].url: a node needs its url"));
}

TEST(ListOfTables, DoesNotRepeatARuleWhoseKeyAlreadyHasAProblem) {
  Settings settings;
  EXPECT_THAT(Lines(Load("[[feed_cuckoo.node]]\nurl = 1\n", "f", settings.sections)),
              ElementsAre("f:2: feed_cuckoo.node[0].url: is a whole number, not a URL"));
}

TEST(ListOfTables, TakesSingleKeysFromEnvironmentAndOverrides) {
  Settings settings;
  EXPECT_THAT(Load({.toml = kTwoNodes,
                    .environment = {{"BROOD_FEED_CUCKOO_NODE_1_TOKEN", "hush"}},
                    .overrides = {{"feed_cuckoo.node[0].url", "http://three"},
                                  {"feed_cuckoo.node[2].url", "http://new"}}},
                   settings.sections),
              IsEmpty());
  ASSERT_EQ(settings.feed.nodes.size(), 3U);
  EXPECT_EQ(settings.feed.nodes[1].token.Reveal(), "hush");
  EXPECT_EQ(settings.feed.nodes[0].url, "http://three");
  EXPECT_EQ(settings.feed.nodes[2].url, "http://new");
}

TEST(ListOfTables, RefusesAnIndexThatLeavesAGap) {
  Settings settings;
  EXPECT_THAT(Lines(Load({.overrides = {{"feed_cuckoo.node[7].url", "http://a"}}}, settings.sections)),
              ElementsAre("--feed_cuckoo.node[7].url: feed_cuckoo.node[7].url: there are only 0 of them"));
}

TEST(ListOfTables, RefusesMalformedIndexes) {
  for (const char* key :
       {"feed_cuckoo.node[-1].url", "feed_cuckoo.node[x].url", "feed_cuckoo.node[0]url", "feed_cuckoo.node[0",
        "feed_cuckoo.node[99999999999999999999].url", "feed_cuckoo.node[].url"}) {
    Settings settings;
    EXPECT_EQ(Load({.overrides = {{key, "http://a"}}}, settings.sections).size(), 1U) << key;
    EXPECT_THAT(settings.feed.nodes, IsEmpty());
  }
}

}  // namespace
}  // namespace brood::config
