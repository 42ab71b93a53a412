#include "crits/batches.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include <boost/json/parse.hpp>

#include "crits/form.hpp"
#include "http/url.hpp"

namespace brood::crits {
namespace {

using testing::ElementsAre;
using testing::Pair;

BatchLimits Encoded(std::size_t most) { return {most, 12'000'000}; }

std::size_t EncodedOf(const Batch& batch) {
  return EncodedSize(batch.results) + EncodedSize(batch.types) + EncodedSize(batch.subtypes);
}

TEST(Batches, ItemsStandInThreeListsOfOneLengthAndCarryTheirNumber) {
  Batches batches({}, 0, 1);
  batches.Add({"file", "C:\\x \"é\"", ""});
  batches.Add({"process", "a.exe", R"("process_id":"1")"});
  ASSERT_EQ(batches.All().size(), 1U);
  const Batch& batch = batches.All()[0];
  EXPECT_EQ(batch.items, 2U);
  EXPECT_EQ(batch.results, R"(["C:\\x \"é\"","a.exe"])");
  EXPECT_EQ(batch.subtypes, R"(["file","process"])");
  EXPECT_EQ(batch.types,
            R"(["{\"batch\":1,\"item\":1000000}","{\"process_id\":\"1\",\"batch\":1,\"item\":1000001}"])");
}

TEST(Batches, TakenOneByOneTheyAreTheSame) {
  Batches all(Encoded(2'000), 0, 1), one_by_one(Encoded(2'000), 0, 1);
  std::vector<Batch> taken;
  for (int i = 0; i < 200; ++i) {
    const Item item{"file", "C:\\" + std::to_string(i), ""};
    all.Add(item);
    one_by_one.Add(item);
    while (auto full = one_by_one.TakeFull()) taken.push_back(std::move(*full));
    EXPECT_LE(one_by_one.All().size(), 1U);
  }
  EXPECT_EQ(one_by_one.NextNumber(), all.NextNumber());
  for (Batch& last : one_by_one.Take()) taken.push_back(std::move(last));
  EXPECT_GT(taken.size(), 5U);
  EXPECT_EQ(taken, all.All());
}

TEST(Batches, NoneIsOverTheLimitAndNothingIsLost) {
  std::mt19937 random(7);
  for (const std::size_t limit : {2'000U, 10'000U, 100'000U}) {
    Batches batches(Encoded(limit), 0, 1);
    std::vector<std::string> added;
    for (int i = 0; i < 500; ++i) {
      added.push_back(std::string(random() % 300, "aé\\\" "[random() % 5] & 0x7F) + std::to_string(i));
      batches.Add({"file", added.back(), ""});
    }
    std::vector<std::string> sent;
    std::int64_t number = 0;
    for (const Batch& batch : batches.All()) {
      EXPECT_LE(EncodedOf(batch), limit);
      ++number;
      const auto results = boost::json::parse(batch.results).as_array();
      const auto types = boost::json::parse(batch.types).as_array();
      ASSERT_EQ(results.size(), batch.items);
      ASSERT_EQ(types.size(), batch.items);
      for (const auto& result : results) sent.emplace_back(result.as_string());
      for (std::size_t i = 0; i < types.size(); ++i) {
        EXPECT_EQ(types[i].as_string(), fmt::format(R"({{"batch":{},"item":{}}})", number,
                                                    number * 1'000'000 + static_cast<std::int64_t>(i)));
      }
    }
    EXPECT_EQ(sent, added);
    EXPECT_EQ(batches.NextNumber(), number + 1);
    EXPECT_TRUE(batches.LeftOut().empty());
  }
}

TEST(Batches, AreTheSameAgain) {
  const auto make = [] {
    Batches batches(Encoded(1'000), 0, 3);
    for (int i = 0; i < 100; ++i) batches.Add({"file", "some file " + std::to_string(i), ""});
    return batches.Take();
  };
  EXPECT_EQ(make(), make());
}

TEST(Batches, WhatFitsNoRequestIsLeftOutAndCounted) {
  Batches batches(Encoded(1'000), 0, 1);
  batches.Add({"api_call", std::string(2'000, 'x'), ""});
  batches.Add({"file", "small", ""});
  batches.Add({"api_call", std::string(2'000, '\\'), ""});
  EXPECT_EQ(batches.All().size(), 1U);
  EXPECT_THAT(batches.LeftOut(), ElementsAre(Pair("api_call", 2U)));
}

TEST(Batches, TheDocumentsBudgetCountsWhatStandsThereAlready) {
  Batches batches({0, 1'000}, 700, 5);
  for (int i = 0; i < 10; ++i) batches.Add({"file", "0123456789", ""});
  EXPECT_EQ(batches.All()[0].items, 3U);
  EXPECT_LE(batches.Used(), 1'000U);
  EXPECT_THAT(batches.LeftOut(), ElementsAre(Pair("file", 7U)));
  EXPECT_EQ(batches.NextNumber(), 6);
}

TEST(Batches, NothingGivesNoBatch) {
  const Batches batches({}, 0, 4);
  EXPECT_TRUE(batches.All().empty());
  EXPECT_EQ(batches.NextNumber(), 4);
}

TEST(Batches, NulsNeverLeave) {
  Batches batches({}, 0, 1);
  batches.Add({"file", std::string("a\0b", 3), ""});
  EXPECT_EQ(batches.All()[0].results,
            "[\"a\xEF\xBF\xBD"
            "b\"]");
}

}  // namespace
}  // namespace brood::crits
