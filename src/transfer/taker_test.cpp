#include "transfer/taker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "transfer/dump.hpp"
#include "transfer/export.hpp"

namespace brood::transfer {
namespace {

using testing::HasSubstr;

struct Site {
  std::shared_ptr<sqlite::Writer> writer = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store{writer, writer};

  std::string Dump() {
    std::string dump;
    EXPECT_TRUE(Export(store, [&dump](std::string_view line) { dump += line; }));
    return dump;
  }
};

Counts TakeAll(store::Store* store, const std::string& dump) {
  Taker taker(store);
  std::istringstream in(dump);
  EXPECT_TRUE(ReadDump(
      in, "", [&taker](Record record) { return taker.Take(std::move(record)); },
      [](const std::string& place, const std::string& why) { ADD_FAILURE() << place << why; },
      [](std::size_t) {}));
  EXPECT_TRUE(taker.Finish());
  return taker.Counted();
}

std::string Hash(char digit, int counter) {
  return R"({"_index":"hashes","_type":"item","_id":")" + std::string(64, digit) +
         R"(","_source":{"timestamp":1462356672000,"counter":)" + std::to_string(counter) + "}}\n";
}

constexpr auto kLists =
    R"({"_index":"blacklist","_type":"hash","_id":"99d4bf8b8c1e6a4f0e0ee31a1a4d6c11","_source":{"last_change":7,"score":2.5,"reason":[{"reason":"mutex","data":"m"}]}}
{"_index":"whitelist","_type":"subnet","_id":"10.0.0.0/8","_source":{"owner":"private"}}
{"_index":"third_party_blacklist","_type":"C&C","_id":"1.2.3.4","_source":{"location":"http://l"}}
{"_index":"third_party_blacklist","_type":"C&C","_id":"1.2.3.5","_source":{"location":"http://l"}}
{"_index":"cuckoo","_type":"report","_id":"x","_source":{"processed":true}}
)";

TEST(Taker, TakesEachRecordOnceHoweverOftenItComes) {
  Site site;
  const std::string dump = Hash('a', 3) + Hash('b', 1) + kLists;
  const Counts first = TakeAll(&site.store, dump);
  EXPECT_EQ(first.hashes.taken, 2U);
  EXPECT_EQ(first.blacklist.taken, 1U);
  EXPECT_EQ(first.whitelist.taken, 1U);
  EXPECT_EQ(first.third_party.taken, 2U);
  EXPECT_EQ(first.left.at("cuckoo"), 1U);
  const std::string after = site.Dump();
  const Counts second = TakeAll(&site.store, dump);
  EXPECT_EQ(second.hashes.read, 2U);
  EXPECT_EQ(second.hashes.taken + second.blacklist.taken + second.whitelist.taken + second.third_party.taken,
            0U);
  EXPECT_EQ(site.Dump(), after);
  EXPECT_EQ(site.store.Hashes().Get(model::SampleHash(std::string(64, 'a'))).value()->counter, 3U);
  EXPECT_EQ(site.store.Blacklist().Get("hash", "99d4bf8b8c1e6a4f0e0ee31a1a4d6c11").value()->origin,
            store::Origin::kImport);
}

TEST(Taker, AnImportOfAnExportGivesTheSame) {
  Site site, other;
  TakeAll(&site.store, Hash('a', 3) + kLists);
  const model::SampleHash given_back(std::string(64, 'c'));
  (void)site.store.Hashes().ClaimOne(given_back, model::SubmissionId("s"), Time{});
  (void)site.store.Hashes().Release(given_back, model::SubmissionId("s"));
  const store::BlacklistEntry by_rule{"ip", "1.2.3.4", std::string(64, 'd'), FromMillis(9), "[]", 2.0};
  ASSERT_TRUE(site.store.Blacklist().Upsert(std::span(&by_rule, 1)));
  TakeAll(&other.store, site.Dump());
  EXPECT_EQ(other.Dump(), site.Dump());
  EXPECT_THAT(site.Dump(), HasSubstr(R"("claimed":false)"));
  EXPECT_EQ(other.store.Hashes().Get(given_back).value()->submission.Get(), "") << "the next one is analysed";
  EXPECT_EQ(other.store.Blacklist().Get("ip", "1.2.3.4").value(), by_rule);
}

TEST(Taker, WhatStandsHereStays) {
  Site site;
  const store::BlacklistEntry newer{"hash", "99d4bf8b8c1e6a4f0e0ee31a1a4d6c11", "", FromMillis(99), "[]", 9.0};
  ASSERT_TRUE(site.store.Blacklist().Upsert(std::span(&newer, 1)));
  ASSERT_TRUE(site.store.Lists().PutWhitelist({store::WhitelistKind::kSubnet, "10.0.0.0/8", "somebody else"}));
  ASSERT_TRUE(site.store.Lists().ReplaceFeed("C&C", std::vector<std::string>{"9.9.9.9"}, "http://l"));
  TakeAll(&site.store, kLists);
  EXPECT_EQ(site.store.Blacklist().Get("hash", newer.value).value(), newer);
  EXPECT_EQ(site.store.Lists().Whitelist().value().at(0).owner, "somebody else");
  EXPECT_EQ(site.store.Lists().Feeds().value().at(0).entries, std::vector<std::string>{"9.9.9.9"});
}

TEST(Taker, WhatWaitsInTheOldQueueIsCountedAndAnalysedWhenItIsSeenAgain) {
  Site site;
  const model::SampleHash waiting(std::string(64, 'a')), done(std::string(64, 'b'));
  const std::string queue =
      R"({"_index":"queue","_type":"item","_id":")" + waiting.Get() + R"(","_source":{"task_id":4}})" + "\n";
  for (const std::string& dump : {queue + Hash('a', 3) + Hash('b', 1), Hash('a', 3) + Hash('b', 1) + queue}) {
    EXPECT_EQ(TakeAll(&site.store, dump).waiting, 1U);
    EXPECT_EQ(site.store.Hashes().Get(waiting).value()->submission.Get(), "");
    EXPECT_EQ(site.store.Hashes().Get(waiting).value()->counter, 3U);
    EXPECT_EQ(site.store.Hashes().Get(done).value()->submission, store::ImportedClaim(done));
  }
}

TEST(Taker, WithoutAStoreItOnlyCounts) {
  const Counts counts = TakeAll(nullptr, Hash('a', 3) + kLists);
  EXPECT_EQ(counts.hashes.read, 1U);
  EXPECT_EQ(counts.third_party.read, 2U);
  EXPECT_EQ(counts.hashes.taken, 0U);
}

}  // namespace
}  // namespace brood::transfer
