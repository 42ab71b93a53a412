#include <gmock/gmock.h>

#include "store/contract/contract.hpp"

namespace brood::store::contract {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAreArray;

constexpr Time kStart{std::chrono::seconds{1'700'000'000}};

BlacklistEntry Entry(const std::string& type, const std::string& value, int changed = 0) {
  BlacklistEntry entry;
  entry.type = type;
  entry.value = value;
  entry.sha256 = std::string(64, 'a');
  entry.last_change = kStart + Millis{changed};
  entry.reasons = R"([{"reason":"mutex","data":"x"}])";
  entry.score = 2.5;
  return entry;
}

void UpsertOne(Store& store, const BlacklistEntry& entry) { Must(store.Blacklist().Upsert({&entry, 1})); }

std::vector<std::string> ValuesSince(Store& store, std::string_view type, std::optional<Time> since,
                                     std::size_t page_size = 100) {
  std::vector<std::string> values;
  for (const BlacklistEntry& entry : AllPages<BlacklistEntry>(
           page_size, [&](const Page& page) { return store.Blacklist().Since(type, since, page); })) {
    values.push_back(entry.value);
  }
  return values;
}

}  // namespace

TEST_P(BlacklistContract, EveryFieldComesBackAsWritten) {
  BlacklistEntry entry = Entry("hash", "44d88612fea8a8f36de82e1278abb02f", 7);
  entry.origin = Origin::kImport;
  UpsertOne(First(), entry);
  EXPECT_EQ(Must(First().Blacklist().Get("hash", entry.value)), entry);
  EXPECT_EQ(Must(Second().Blacklist().Get("hash", entry.value)), entry);
  EXPECT_EQ(Must(First().Blacklist().Get("ip", entry.value)), std::nullopt);
}

TEST_P(BlacklistContract, AnEntryThatExistsIsRefreshed) {
  UpsertOne(First(), Entry("ip", "192.0.2.1"));
  BlacklistEntry refreshed = Entry("ip", "192.0.2.1", 10);
  refreshed.reasons = "[]";
  refreshed.score = 9.25;
  refreshed.sha256 = std::string(64, 'b');
  UpsertOne(Second(), refreshed);
  EXPECT_EQ(Must(First().Blacklist().Get("ip", "192.0.2.1")), refreshed);
}

TEST_P(BlacklistContract, ARuleNeverTakesOverWhatAPersonPutThere) {
  for (const Origin origin : {Origin::kApi, Origin::kImport}) {
    BlacklistEntry entry = Entry("domain", std::string(Name(origin)) + ".test");
    entry.origin = origin;
    UpsertOne(First(), entry);
    BlacklistEntry by_rule = entry;
    by_rule.origin = Origin::kRule;
    by_rule.score = 7.0;
    UpsertOne(First(), by_rule);
    const auto kept = Must(First().Blacklist().Get(entry.type, entry.value));
    EXPECT_EQ(kept->origin, origin);
    EXPECT_EQ(kept->score, 7.0);
  }
}

TEST_P(BlacklistContract, APersonTakesOverWhatARulePutThere) {
  BlacklistEntry entry = Entry("domain", "evil.test");
  UpsertOne(First(), entry);
  entry.origin = Origin::kApi;
  UpsertOne(First(), entry);
  EXPECT_EQ(Must(First().Blacklist().Get("domain", "evil.test"))->origin, Origin::kApi);
}

TEST_P(BlacklistContract, TheLastChangeNeverGoesBack) {
  UpsertOne(First(), Entry("ip", "192.0.2.1", 10));
  UpsertOne(First(), Entry("ip", "192.0.2.1", 3));
  EXPECT_EQ(Must(First().Blacklist().Get("ip", "192.0.2.1"))->last_change, kStart + Millis{10});
}

TEST_P(BlacklistContract, AnEntryTwiceInABulkIsOneEntry) {
  const std::vector<BlacklistEntry> bulk{Entry("ip", "192.0.2.1", 1), Entry("ip", "192.0.2.2", 2),
                                         Entry("ip", "192.0.2.1", 3)};
  Must(First().Blacklist().Upsert(bulk));
  EXPECT_TRUE(Eventually([&] {
    return ValuesSince(First(), "ip", std::nullopt) == std::vector<std::string>{"192.0.2.2", "192.0.2.1"};
  }));
}

TEST_P(BlacklistContract, RemovingTellsWhetherThereWasOne) {
  UpsertOne(First(), Entry("ip", "192.0.2.1"));
  EXPECT_FALSE(Must(First().Blacklist().Remove("domain", "192.0.2.1")));
  EXPECT_TRUE(Must(Second().Blacklist().Remove("ip", "192.0.2.1")));
  EXPECT_FALSE(Must(First().Blacklist().Remove("ip", "192.0.2.1")));
  EXPECT_EQ(Must(First().Blacklist().Get("ip", "192.0.2.1")), std::nullopt);
}

TEST_P(BlacklistContract, WhatChangedSinceItWasReadIsNotRemoved) {
  std::vector<BlacklistEntry> read{Entry("ip", "same", 1), Entry("ip", "refreshed", 1),
                                   Entry("ip", "person", 1), Entry("ip", "gone", 1),
                                   Entry("url", std::string(500, 'u'), 1)};
  Must(First().Blacklist().Upsert(read));
  BlacklistEntry refreshed = read[1];
  refreshed.last_change += Millis{1};
  UpsertOne(Second(), refreshed);
  BlacklistEntry person = read[2];
  person.origin = Origin::kApi;
  UpsertOne(Second(), person);
  Must(First().Blacklist().Remove("ip", "gone"));
  EXPECT_EQ(Must(First().Blacklist().RemoveUnchanged(read)), (std::vector{true, false, false, false, true}));
  EXPECT_EQ(Must(Second().Blacklist().Get("ip", "same")), std::nullopt);
  EXPECT_EQ(Must(Second().Blacklist().Get("ip", "refreshed")), refreshed);
  EXPECT_EQ(Must(Second().Blacklist().Get("ip", "person")), person);
  EXPECT_EQ(Must(Second().Blacklist().Get("url", read[4].value)), std::nullopt);
  EXPECT_TRUE(Must(First().Blacklist().RemoveUnchanged({})).empty());
}

TEST_P(BlacklistContract, AfterARemovalARuleMayListTheValueAgain) {
  BlacklistEntry entry = Entry("ip", "192.0.2.1");
  entry.origin = Origin::kApi;
  UpsertOne(First(), entry);
  Must(First().Blacklist().Remove("ip", "192.0.2.1"));
  entry.origin = Origin::kRule;
  UpsertOne(First(), entry);
  EXPECT_EQ(Must(First().Blacklist().Get("ip", "192.0.2.1")), entry);
}

TEST_P(BlacklistContract, ChangesComeOldestFirstByTypeAndTime) {
  const std::vector<BlacklistEntry> bulk{Entry("ip", "c", 3), Entry("ip", "a", 1), Entry("domain", "b", 2),
                                         Entry("ip", "d", 4)};
  Must(First().Blacklist().Upsert(bulk));
  ASSERT_TRUE(Eventually([&] { return ValuesSince(Second(), "", std::nullopt).size() == bulk.size(); }));
  EXPECT_THAT(ValuesSince(First(), "", std::nullopt), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(ValuesSince(First(), "ip", std::nullopt), ElementsAre("a", "c", "d"));
  EXPECT_THAT(ValuesSince(First(), "ip", kStart + Millis{3}), ElementsAre("c", "d"));
  EXPECT_THAT(ValuesSince(First(), "", kStart + Millis{2}), ElementsAre("b", "c", "d"));
  EXPECT_THAT(ValuesSince(First(), "url", std::nullopt), ElementsAre());
}

TEST_P(BlacklistContract, EntriesChangedInOneInstantAreListedOnceEach) {
  std::vector<std::string> values;
  std::vector<BlacklistEntry> bulk;
  for (int i = 0; i < 33; ++i) {
    values.push_back("192.0.2." + std::to_string(i));
    bulk.push_back(Entry("ip", values.back()));
  }
  Must(First().Blacklist().Upsert(bulk));
  ASSERT_TRUE(Eventually([&] { return ValuesSince(First(), "", std::nullopt).size() == values.size(); }));
  EXPECT_THAT(ValuesSince(First(), "ip", kStart, 7), UnorderedElementsAreArray(values));
  EXPECT_THAT(ValuesSince(First(), "", std::nullopt, 7), UnorderedElementsAreArray(values));
}

TEST_P(BlacklistContract, AnEntryThatChangesBetweenTwoPagesHidesNoOther) {
  const std::vector<BlacklistEntry> bulk{Entry("ip", "a", 1), Entry("ip", "b", 2), Entry("ip", "c", 3),
                                         Entry("ip", "d", 4)};
  Must(First().Blacklist().Upsert(bulk));
  ASSERT_TRUE(Eventually([&] { return ValuesSince(First(), "ip", std::nullopt).size() == bulk.size(); }));
  const auto first = Must(First().Blacklist().Since("ip", std::nullopt, Page{2, {}}));
  UpsertOne(First(), Entry("ip", "a", 9));
  Must(First().Blacklist().Remove("ip", "b"));
  ASSERT_TRUE(Eventually([&] { return ValuesSince(First(), "ip", std::nullopt).back() == "a"; }));
  const auto rest = Must(First().Blacklist().Since("ip", std::nullopt, Page{2, first.next}));
  ASSERT_EQ(rest.items.size(), 2U);
  EXPECT_EQ(rest.items[0].value, "c");
  EXPECT_EQ(rest.items[1].value, "d");
}

TEST_P(BlacklistContract, ContainsSaysWhetherThereIsSuchAnEntry) {
  UpsertOne(First(), Entry("ip", "192.0.2.1"));
  EXPECT_TRUE(Must(First().Blacklist().Contains("ip", "192.0.2.1")));
  EXPECT_FALSE(Must(First().Blacklist().Contains("hash", "192.0.2.1")));
  Must(First().Blacklist().Remove("ip", "192.0.2.1"));
  EXPECT_FALSE(Must(First().Blacklist().Contains("ip", "192.0.2.1")));
}

TEST_P(BlacklistContract, CountsThoseChangedSinceByType) {
  const std::vector<BlacklistEntry> bulk{Entry("ip", "c", 3), Entry("ip", "a", 1), Entry("domain", "b", 2)};
  Must(First().Blacklist().Upsert(bulk));
  const auto count = [&](std::string_view type, std::optional<Time> since) {
    return Must(Second().Blacklist().CountSince(type, since));
  };
  ASSERT_TRUE(Eventually([&] { return count("", std::nullopt) == bulk.size(); }));
  EXPECT_EQ(count("ip", std::nullopt), 2U);
  EXPECT_EQ(count("ip", kStart + Millis{1}), 2U);
  EXPECT_EQ(count("ip", kStart + Millis{2}), 1U);
  EXPECT_EQ(count("", kStart + Millis{2}), 2U);
  EXPECT_EQ(count("url", std::nullopt), 0U);
}

TEST_P(BlacklistContract, EachChangeRaisesTheGenerationThatOthersRead) {
  const auto generation = [&] { return Must(Second().Blacklist().Generation()); };
  EXPECT_EQ(generation(), BlacklistGeneration());
  UpsertOne(First(), Entry("ip", "192.0.2.1"));
  EXPECT_EQ(generation(), (BlacklistGeneration{1, 0}));
  const std::vector<BlacklistEntry> bulk{Entry("ip", "192.0.2.1", 1), Entry("ip", "192.0.2.2")};
  Must(First().Blacklist().Upsert(bulk));
  EXPECT_EQ(generation(), (BlacklistGeneration{2, 0}));
  Must(First().Blacklist().Remove("ip", "192.0.2.1"));
  EXPECT_EQ(generation(), (BlacklistGeneration{2, 1}));
  Must(First().Blacklist().Remove("ip", "192.0.2.1"));
  Must(First().Blacklist().Upsert({}));
  EXPECT_EQ(generation(), (BlacklistGeneration{2, 1}));
  const auto standing = Must(First().Blacklist().Get("ip", "192.0.2.2"));
  Must(First().Blacklist().RemoveUnchanged(std::span(&*standing, 1)));
  EXPECT_EQ(generation(), (BlacklistGeneration{2, 2}));
  Must(First().Blacklist().RemoveUnchanged(std::span(&*standing, 1)));
  EXPECT_EQ(generation(), (BlacklistGeneration{2, 2}));
}

TEST_P(BlacklistContract, ListingsHaveEveryChangeThatTheGenerationCounts) {
  for (int i = 0; i < 3; ++i) {
    UpsertOne(First(), Entry("ip", "192.0.2." + std::to_string(i), i));
    EXPECT_EQ(Must(Second().Blacklist().Generation()).additions, i + 1);
    EXPECT_EQ(ValuesSince(Second(), "", std::nullopt).size(), static_cast<std::size_t>(i + 1));
    EXPECT_EQ(Must(Second().Blacklist().CountSince("", std::nullopt)), static_cast<std::uint64_t>(i + 1));
  }
  Must(First().Blacklist().Remove("ip", "192.0.2.1"));
  EXPECT_EQ(Must(Second().Blacklist().Generation()).removals, 1);
  EXPECT_THAT(ValuesSince(Second(), "", std::nullopt), ElementsAre("192.0.2.0", "192.0.2.2"));
}

TEST_P(BlacklistContract, ThePlaceToGoOnMustComeFromAListing) {
  const auto listing = First().Blacklist().Since("ip", std::nullopt, Page{10, "garbage"});
  ASSERT_FALSE(listing);
  EXPECT_EQ(listing.error().code, Errc::kInvalid);
}

TEST_P(BlacklistContract, ValuesOver400BytesAreKeptWholeAndApart) {
  const std::string common(500, 'u');
  UpsertOne(First(), Entry("url", common + "1", 1));
  UpsertOne(First(), Entry("url", common + "2", 2));
  EXPECT_EQ(Must(First().Blacklist().Get("url", common + "1"))->value, common + "1");
  EXPECT_TRUE(Must(First().Blacklist().Remove("url", common + "1")));
  EXPECT_EQ(Must(First().Blacklist().Get("url", common + "1")), std::nullopt);
  EXPECT_EQ(Must(First().Blacklist().Get("url", common + "2"))->value, common + "2");
}

TEST_P(BlacklistContract, HostileValuesComeBackByteForByte) {
  for (const std::string& text : HostileTexts()) {
    BlacklistEntry entry = Entry("url", text);
    entry.reasons = text;
    UpsertOne(First(), entry);
    EXPECT_TRUE(Must(First().Blacklist().Get("url", text)) == entry) << text.substr(0, 40);
  }
  EXPECT_TRUE(Eventually([&] { return ValuesSince(First(), "url", {}).size() == HostileTexts().size(); }));
}

TEST_P(BlacklistContract, AValueThatIsNotUtf8RefusesTheBulkBeforeAnythingIsWritten) {
  const std::vector<BlacklistEntry> bulk{Entry("url", "good"), Entry("url", "bad\xFF")};
  const auto answer = First().Blacklist().Upsert(bulk);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kInvalid);
  EXPECT_EQ(Must(First().Blacklist().Get("url", "good")), std::nullopt);
}

}  // namespace brood::store::contract
