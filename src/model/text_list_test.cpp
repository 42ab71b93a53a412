#include "model/text_list.hpp"

#include <gmock/gmock.h>

#include <random>

namespace brood::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string TextOf(std::size_t size, char fill) { return std::string(size, fill); }

TEST(TextList, GivesTheTextsInTheirOrder) {
  TextList list;
  list.push_back("one");
  list.push_back("");
  list.push_back(std::string_view("a\0b", 3));
  EXPECT_THAT(list, ElementsAre("one", "", std::string_view("a\0b", 3)));
  EXPECT_EQ(list.size(), 3U);
  EXPECT_EQ(list.text_bytes(), 6U);
}

TEST(TextList, IsEmptyAtFirstAndAgainAfterClear) {
  TextList list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.begin(), list.end());
  list.push_back("x");
  list.clear();
  EXPECT_THAT(list, IsEmpty());
  EXPECT_EQ(list, TextList());
}

TEST(TextList, KeepsTextsOfEveryLength) {
  TextList list;
  std::vector<std::string> wanted;
  for (const std::size_t size : {0, 1, 15, 16, 17, 254, 255, 256, 1023, 1024, 1025, 300'000, 3}) {
    wanted.push_back(TextOf(size, static_cast<char>('a' + size % 26)));
    list.push_back(wanted.back());
  }
  EXPECT_EQ(std::vector<std::string>(list.begin(), list.end()), wanted);
  EXPECT_EQ(list, TextList(wanted));
}

TEST(TextList, ViewsStayGoodWhileItGrowsAndWhenItIsMoved) {
  TextList list = {"the first"};
  const std::string_view first = *list.begin();
  for (int i = 0; i < 10'000; ++i) list.push_back("another");
  const TextList moved = std::move(list);
  EXPECT_EQ(first, "the first");
  EXPECT_EQ((*moved.begin()).data(), first.data());
  EXPECT_EQ(moved.size(), 10'001U);
}

TEST(TextList, ACopyIsOneOfItsOwn) {
  TextList list = {"a", "b"};
  TextList copy = list;
  copy.push_back("c");
  EXPECT_THAT(list, ElementsAre("a", "b"));
  EXPECT_THAT(copy, ElementsAre("a", "b", "c"));
  list = copy;
  EXPECT_EQ(list, copy);
}

TEST(TextList, ListsDifferByWhereTheirTextsEnd) {
  EXPECT_NE(TextList({"ab", "c"}), TextList({"a", "bc"}));
  EXPECT_NE(TextList({"a"}), TextList({"a", ""}));
}

TEST(TextList, WhatIsPreparedIsATextOnlyWhenCommitted) {
  TextList list;
  std::memcpy(list.Prepare(1000), "gone", 4);
  std::memcpy(list.Prepare(1000), "kept", 4);
  list.Commit(4);
  (void)list.Prepare(1'000'000);
  const TextList copy = list;
  EXPECT_THAT(copy, ElementsAre("kept"));
  list.push_back("next");
  EXPECT_THAT(list, ElementsAre("kept", "next"));
}

TEST(TextList, IsCutAtItsEndAndGrowsOn) {
  std::mt19937 random(5);
  std::vector<std::string> wanted;
  TextList list;
  for (int round = 0; round < 200; ++round) {
    for (int more = 0; more < 40; ++more) {
      wanted.push_back(TextOf(random() % (more == 0 ? 5000 : 60), 'x'));
      list.push_back(wanted.back());
    }
    const std::size_t kept = wanted.size() - random() % std::min<std::size_t>(wanted.size() + 1, 45);
    wanted.resize(kept);
    list.CutTo(kept);
    ASSERT_EQ(list, TextList(wanted)) << round;
  }
}

}  // namespace
}  // namespace brood::model
