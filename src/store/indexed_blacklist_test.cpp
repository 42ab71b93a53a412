#include "store/indexed_blacklist.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "base/file.hpp"
#include "sqlite/writer.hpp"
#include "store/indexed_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::store {
namespace {

/// A blacklist that counts what it is asked and can be away.
class Counting final : public Blacklist {
 public:
  explicit Counting(Blacklist& behind) : behind_(behind) {}

  Result<void> Upsert(std::span<const BlacklistEntry> entries) override {
    if (away) return Unexpected(kAway);
    return behind_.Upsert(entries);
  }
  Result<bool> Remove(std::string_view type, std::string_view value) override {
    return behind_.Remove(type, value);
  }
  Result<std::vector<bool>> RemoveUnchanged(std::span<const BlacklistEntry> entries) override {
    return behind_.RemoveUnchanged(entries);
  }
  Result<std::optional<BlacklistEntry>> Get(std::string_view type, std::string_view value) override {
    ++gets;
    return behind_.Get(type, value);
  }
  Result<Listing<BlacklistEntry>> Since(std::string_view type, std::optional<Time> since,
                                        const Page& page) override {
    ++listings;
    if (during) std::exchange(during, nullptr)();
    return behind_.Since(type, since, page);
  }
  Result<std::uint64_t> CountSince(std::string_view type, std::optional<Time> since) override {
    return behind_.CountSince(type, since);
  }
  Result<BlacklistGeneration> Generation() override {
    if (away) return Unexpected(kAway);
    return behind_.Generation();
  }

  bool away = false;
  int gets = 0, listings = 0;
  std::function<void()> during;  ///< called once, at the first listing

 private:
  const StoreError kAway{Errc::kUnavailable, "away"};
  Blacklist& behind_;
};

/// Two processes on one store: ours with its index, and another one.
class IndexedBlacklistTest : public testing::Test {
 protected:
  void List(Blacklist& blacklist, const std::string& value, Time at) {
    BlacklistEntry entry;
    entry.type = "ip";
    entry.value = value;
    entry.last_change = at;
    ASSERT_TRUE(blacklist.Upsert(std::span(&entry, 1)));
  }
  void List(Blacklist& blacklist, const std::string& value) { List(blacklist, value, clock_.Now()); }
  void Refresh(Millis later = Millis{500}) {
    clock_.Advance(later);
    ASSERT_TRUE(ours_.Refresh());
  }
  bool Has(const std::string& value) { return *ours_.Contains("ip", value); }
  double Loads(const char* what) {
    return *metrics_.Find("brood_blacklist_index_loads_total", {{"what", what}});
  }

  std::shared_ptr<brood::sqlite::Writer> writer_ = std::make_shared<brood::sqlite::Writer>(":memory:");
  sqlite::SqliteStore store_{writer_, writer_};
  Blacklist& another_ = store_.Blacklist();
  Counting counting_{store_.Blacklist()};
  ManualClock clock_;
  metrics::Registry metrics_;
  IndexedBlacklist ours_{counting_, 1 << 20, metrics_, clock_};
};

TEST_F(IndexedBlacklistTest, AsksTheStoreBeforeItWasRead) {
  List(another_, "a");
  EXPECT_TRUE(Has("a"));
  EXPECT_FALSE(Has("b"));
  EXPECT_EQ(counting_.gets, 2);
}

TEST_F(IndexedBlacklistTest, AnswersFromMemoryOnceItWasRead) {
  List(another_, "a");
  Refresh();
  EXPECT_TRUE(Has("a"));
  EXPECT_FALSE(Has("b"));
  EXPECT_FALSE(*ours_.Contains("domain", "a"));
  EXPECT_EQ(counting_.gets, 0);
  EXPECT_EQ(metrics_.Find("brood_blacklist_index_entries"), 1.0);
}

TEST_F(IndexedBlacklistTest, WhatIsWrittenThroughItCountsAtOnceAndIsNotReadAgain) {
  Refresh();
  List(ours_, "a");
  EXPECT_TRUE(Has("a"));
  EXPECT_TRUE(*ours_.Remove("ip", "a"));
  EXPECT_FALSE(Has("a"));
  List(ours_, "a");
  const auto standing = *ours_.Get("ip", "a");
  EXPECT_EQ(*ours_.RemoveUnchanged(std::span(&*standing, 1)), std::vector{true});
  EXPECT_FALSE(Has("a"));
  List(ours_, "b");
  const int listings = counting_.listings;
  Refresh();
  EXPECT_TRUE(Has("b"));
  EXPECT_EQ(counting_.listings, listings);
}

TEST_F(IndexedBlacklistTest, WhatAnotherAddsCountsAtTheNextLookAndOnlyThatIsRead) {
  for (int i = 0; i < 3; ++i) List(another_, std::to_string(i), clock_.Now() - std::chrono::hours(1));
  Refresh();
  List(another_, "new");
  EXPECT_FALSE(Has("new"));
  Refresh();
  EXPECT_TRUE(Has("new"));
  EXPECT_EQ(Loads("all"), 1);
  EXPECT_EQ(Loads("new"), 1);
}

TEST_F(IndexedBlacklistTest, WhatAnotherRemovesIsGoneAtTheNextLook) {
  List(another_, "a");
  List(another_, "b");
  Refresh();
  ASSERT_TRUE(*another_.Remove("ip", "a"));
  Refresh();
  EXPECT_FALSE(Has("a"));
  EXPECT_TRUE(Has("b"));
}

TEST_F(IndexedBlacklistTest, AnOldEntryThatAnotherBringsAlongIsFoundByTheCount) {
  List(another_, "a");
  Refresh();
  List(another_, "imported", clock_.Now() - std::chrono::hours(24 * 365));
  Refresh();
  EXPECT_TRUE(Has("imported"));
}

TEST_F(IndexedBlacklistTest, WithoutChangesNothingIsRead) {
  List(another_, "a");
  Refresh();
  const int listings = counting_.listings;
  for (int i = 0; i < 300; ++i) Refresh();
  EXPECT_EQ(counting_.listings, listings);
}

TEST_F(IndexedBlacklistTest, AChangeThatWasNeverToldIsFoundWithinAMinute) {
  List(another_, "a");
  Refresh();
  ASSERT_TRUE(writer_->Write(
      [](brood::sqlite::Connection& connection) { return connection.Prepare("DELETE FROM blacklist").Run(); }));
  Refresh(Millis{60'000});
  EXPECT_FALSE(Has("a"));
}

TEST_F(IndexedBlacklistTest, WhatIsWrittenThroughItWhileEverythingIsReadIsNotLost) {
  List(another_, "a");
  counting_.during = [this] {
    List(ours_, "b");
    EXPECT_TRUE(*ours_.Remove("ip", "a"));
  };
  Refresh();
  EXPECT_TRUE(Has("b"));
  EXPECT_FALSE(Has("a"));
}

TEST_F(IndexedBlacklistTest, StaysInForceWhileTheStoreIsAwayAndCatchesUp) {
  List(another_, "a");
  Refresh();
  counting_.away = true;
  List(another_, "b");
  EXPECT_FALSE(ours_.Refresh());
  EXPECT_TRUE(Has("a"));
  BlacklistEntry entry;
  entry.type = "ip";
  entry.value = "c";
  EXPECT_FALSE(ours_.Upsert(std::span(&entry, 1)));
  EXPECT_FALSE(Has("c"));
  counting_.away = false;
  Refresh();
  EXPECT_TRUE(Has("b"));
}

TEST_F(IndexedBlacklistTest, OneThatIsTooLargeIsAskedInTheStoreUntilItFits) {
  IndexedBlacklist small(counting_, ValueSet::BytesFor(100), metrics_, clock_);
  ASSERT_TRUE(small.Refresh());
  for (int i = 0; i < 400; ++i) List(another_, std::to_string(i));
  ASSERT_TRUE(small.Refresh());
  EXPECT_TRUE(*small.Contains("ip", "399"));
  EXPECT_FALSE(*small.Contains("ip", "400"));
  EXPECT_EQ(counting_.gets, 2);
  EXPECT_EQ(metrics_.Find("brood_blacklist_index_bytes"), 0.0);
  for (int i = 0; i < 390; ++i) ASSERT_TRUE(*another_.Remove("ip", std::to_string(i)));
  clock_.Advance(Millis{60'000});
  ASSERT_TRUE(small.Refresh());
  EXPECT_TRUE(*small.Contains("ip", "399"));
  EXPECT_EQ(counting_.gets, 2);
}

TEST(IndexedStore, FollowsAnotherProcessByItself) {
  TempDir folder;
  const auto open = [&] {
    const auto writer = std::make_shared<brood::sqlite::Writer>(folder / "brood.db");
    return std::make_unique<sqlite::SqliteStore>(writer, writer);
  };
  metrics::Registry metrics;
  SystemClock clock;
  IndexedStore ours(open(), 1 << 20, metrics, clock);
  const auto another = open();
  BlacklistEntry entry;
  entry.type = "ip";
  entry.value = "192.0.2.1";
  entry.last_change = clock.Now();
  const auto becomes = [&](bool listed) {
    const Time end = clock.Now() + std::chrono::seconds(20);
    while (clock.Now() < end && *ours.Blacklist().Contains("ip", "192.0.2.1") != listed)
      std::this_thread::yield();
    return *ours.Blacklist().Contains("ip", "192.0.2.1") == listed;
  };
  ASSERT_TRUE(another->Blacklist().Upsert(std::span(&entry, 1)));
  EXPECT_TRUE(becomes(true));
  ASSERT_TRUE(*another->Blacklist().Remove("ip", "192.0.2.1"));
  EXPECT_TRUE(becomes(false));
}

}  // namespace
}  // namespace brood::store
