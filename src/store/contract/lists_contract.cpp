#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "store/contract/contract.hpp"

namespace brood::store::contract {
namespace {

using Feed = Lists::Feed;
using testing::IsEmpty;

WhitelistEntry Subnet(const std::string& value, const std::string& owner = "us") {
  return {WhitelistKind::kSubnet, value, owner};
}

const std::string kSource = "https://lists.test/bad.txt";

void Replace(Store& store, const std::string& category, const std::vector<std::string>& entries,
             const std::string& source = kSource) {
  Must(store.Lists().ReplaceFeed(category, entries, source));
}

bool HasWhitelist(Store& store, const std::vector<WhitelistEntry>& wanted) {
  return Eventually([&] { return Must(store.Lists().Whitelist()) == wanted; });
}

Lists::FeedNote Note(const std::string& category = "C&C") {
  return {category,
          kSource,
          FromMillis(7'000),
          FromMillis(5'000),
          "\"a-tag\"",
          "Thu, 26 Nov 2026 10:00:00 GMT",
          3,
          "odd \"text\"\n"};
}

bool HasNotes(Store& store, const std::vector<Lists::FeedNote>& wanted) {
  return Eventually([&] { return Must(store.Lists().FeedNotes()) == wanted; });
}

bool HasFeeds(Store& store, const std::vector<Feed>& wanted) {
  return Eventually([&] { return Must(store.Lists().Feeds()) == wanted; });
}

}  // namespace

TEST_P(ListsContract, AtFirstThereAreNoEntries) {
  EXPECT_THAT(Must(First().Lists().Whitelist()), IsEmpty());
  EXPECT_THAT(Must(First().Lists().Feeds()), IsEmpty());
}

TEST_P(ListsContract, WhitelistEntriesComeInOrderOfKindAndValue) {
  const std::vector<WhitelistEntry> sorted{Subnet("10.0.0.0/8"),
                                           Subnet("192.168.0.0/16", ""),
                                           {WhitelistKind::kHash, "44d88612fea8a8f36de82e1278abb02f", "them"},
                                           {WhitelistKind::kDomain, "10.0.0.0/8", "odd \"owner\"\n"}};
  for (const std::size_t i : {3U, 1U, 0U, 2U}) Must(First().Lists().PutWhitelist(sorted[i]));
  EXPECT_TRUE(HasWhitelist(Second(), sorted));
}

TEST_P(ListsContract, AnEntryPutAgainGetsTheNewOwner) {
  Must(First().Lists().PutWhitelist(Subnet("10.0.0.0/8", "old")));
  Must(Second().Lists().PutWhitelist(Subnet("10.0.0.0/8", "new")));
  EXPECT_TRUE(HasWhitelist(First(), {Subnet("10.0.0.0/8", "new")}));
}

TEST_P(ListsContract, RemovingTellsWhetherThereWasOne) {
  Must(First().Lists().PutWhitelist(Subnet("10.0.0.0/8")));
  EXPECT_FALSE(Must(First().Lists().RemoveWhitelist(WhitelistKind::kDomain, "10.0.0.0/8")));
  EXPECT_TRUE(Must(Second().Lists().RemoveWhitelist(WhitelistKind::kSubnet, "10.0.0.0/8")));
  EXPECT_FALSE(Must(First().Lists().RemoveWhitelist(WhitelistKind::kSubnet, "10.0.0.0/8")));
  EXPECT_TRUE(HasWhitelist(First(), {}));
}

TEST_P(ListsContract, AFeedReplacesItsFormerSelfAndNoOther) {
  Replace(First(), "C&C", {"192.0.2.1", "192.0.2.2"});
  Replace(First(), "C&C", {"198.51.100.0/24"}, "https://other.test/");
  Replace(First(), "spam", {"2001:db8::/32"});
  Replace(Second(), "C&C", {"192.0.2.3", "192.0.2.2"});
  EXPECT_TRUE(HasFeeds(First(), {{"C&C", kSource, {"192.0.2.3", "192.0.2.2"}},
                                 {"C&C", "https://other.test/", {"198.51.100.0/24"}},
                                 {"spam", kSource, {"2001:db8::/32"}}}));
}

TEST_P(ListsContract, AFeedWithoutEntriesIsGone) {
  Replace(First(), "C&C", {"192.0.2.1"});
  Replace(First(), "C&C", {});
  EXPECT_TRUE(HasFeeds(First(), {}));
}

TEST_P(ListsContract, AFeedWithABadEntryChangesNothing) {
  Replace(First(), "C&C", {"192.0.2.1"});
  const std::int64_t before = Must(First().Lists().Generation());
  const std::vector<std::string> entries{"192.0.2.2", "192.0.2.3\n192.0.2.4"};
  const auto replaced = First().Lists().ReplaceFeed("C&C", entries, kSource);
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().code, Errc::kInvalid);
  EXPECT_TRUE(HasFeeds(First(), {{"C&C", kSource, {"192.0.2.1"}}}));
  EXPECT_EQ(Must(First().Lists().Generation()), before);
}

TEST_P(ListsContract, AReaderNeverSeesPartOfAFeed) {
  constexpr std::size_t kEntries = 2'000;
  const auto entries_named = [](const std::string& name) { return std::vector<std::string>(kEntries, name); };
  Replace(First(), "C&C", entries_named("192.0.2.0"));
  ASSERT_TRUE(Eventually([&] { return !Must(Second().Lists().Feeds()).empty(); }));
  std::atomic<int> failed = 0;
  std::jthread replacer([&](const std::stop_token& stop) {
    for (int i = 1; !stop.stop_requested(); ++i) {
      const auto entries = entries_named("192.0.2." + std::to_string(i % 250));
      if (!First().Lists().ReplaceFeed("C&C", entries, kSource)) ++failed;
    }
  });
  for (int i = 0; i < 50; ++i) {
    const auto feeds = Must(Second().Lists().Feeds());
    ASSERT_EQ(feeds.size(), 1U);
    ASSERT_EQ(feeds[0].entries.size(), kEntries);
    ASSERT_EQ(feeds[0].entries.front(), feeds[0].entries.back());
  }
  replacer.request_stop();
  replacer.join();
  EXPECT_EQ(failed, 0);
}

TEST_P(ListsContract, EveryChangeRaisesTheGenerationForAll) {
  std::int64_t before = Must(First().Lists().Generation());
  const auto raised = [&](const char* change) {
    const std::int64_t now = Must(Second().Lists().Generation());
    EXPECT_GT(now, before) << change;
    EXPECT_EQ(now, Must(First().Lists().Generation()));
    before = now;
  };
  Must(First().Lists().PutWhitelist(Subnet("10.0.0.0/8")));
  raised("a new entry");
  Must(First().Lists().PutWhitelist(Subnet("10.0.0.0/8", "another owner")));
  raised("a new owner");
  Must(Second().Lists().RemoveWhitelist(WhitelistKind::kSubnet, "10.0.0.0/8"));
  raised("a removal");
  Replace(First(), "C&C", {"192.0.2.1"});
  raised("a new feed");
  Replace(First(), "C&C", {});
  raised("a feed removed");
}

TEST_P(ListsContract, ARemovalOfNothingLeavesTheGeneration) {
  const std::int64_t before = Must(First().Lists().Generation());
  EXPECT_FALSE(Must(First().Lists().RemoveWhitelist(WhitelistKind::kHash, "unknown")));
  EXPECT_EQ(Must(First().Lists().Generation()), before);
}

TEST_P(ListsContract, AnUntouchedWhitelistIsSeededOnceAndWhatIsRemovedStaysAway) {
  const std::vector<WhitelistEntry> seed{Subnet("10.0.0.0/8", "default"), Subnet("192.168.0.0/16", "default")};
  const std::int64_t before = Must(First().Lists().Generation());
  EXPECT_TRUE(Must(First().Lists().SeedWhitelist(seed)));
  EXPECT_TRUE(HasWhitelist(Second(), seed));
  EXPECT_GT(Must(Second().Lists().Generation()), before);
  for (const WhitelistEntry& entry : seed)
    EXPECT_TRUE(Must(Second().Lists().RemoveWhitelist(entry.kind, entry.value)));
  EXPECT_FALSE(Must(Second().Lists().SeedWhitelist(seed)));
  EXPECT_TRUE(HasWhitelist(First(), {}));
}

TEST_P(ListsContract, AWhitelistThatHasEntriesIsNeverSeeded) {
  const std::vector<WhitelistEntry> seed{Subnet("10.0.0.0/8", "default")};
  Must(First().Lists().PutWhitelist(Subnet("172.16.0.0/12")));
  EXPECT_FALSE(Must(Second().Lists().SeedWhitelist(seed)));
  EXPECT_TRUE(Must(First().Lists().RemoveWhitelist(WhitelistKind::kSubnet, "172.16.0.0/12")));
  EXPECT_FALSE(Must(First().Lists().SeedWhitelist(seed)));
  EXPECT_TRUE(HasWhitelist(First(), {}));
}

TEST_P(ListsContract, ASeedWithABadEntryChangesNothing) {
  EXPECT_FALSE(First().Lists().SeedWhitelist(std::vector{Subnet("10.0.0.0/8"), Subnet("")}));
  EXPECT_TRUE(HasWhitelist(First(), {}));
  EXPECT_TRUE(Must(First().Lists().SeedWhitelist(std::vector{Subnet("10.0.0.0/8")})));
}

TEST_P(ListsContract, ANoteIsKeptAsItIsAndLeavesTheGeneration) {
  Replace(First(), "C&C", {"192.0.2.1"});
  const std::int64_t before = Must(First().Lists().Generation());
  Must(First().Lists().NoteFeed(Note("spam")));
  Must(First().Lists().NoteFeed(Note()));
  EXPECT_TRUE(HasNotes(Second(), {Note(), Note("spam")}));
  auto later = Note();
  later.looked = FromMillis(9'000);
  later.trouble = "";
  Must(Second().Lists().NoteFeed(later));
  EXPECT_TRUE(HasNotes(First(), {later, Note("spam")}));
  EXPECT_EQ(Must(First().Lists().Generation()), before);
  EXPECT_TRUE(HasFeeds(First(), {{"C&C", kSource, {"192.0.2.1"}}}));
  EXPECT_TRUE(HasWhitelist(First(), {}));
}

TEST_P(ListsContract, AFeedThatIsReplacedOrGoesLosesItsNoteAndNoOther) {
  for (const std::vector<std::string>& entries : {std::vector<std::string>{"192.0.2.2"}, {}}) {
    Must(First().Lists().NoteFeed(Note()));
    Must(First().Lists().NoteFeed(Note("spam")));
    Replace(First(), "C&C", entries);
    EXPECT_TRUE(HasNotes(Second(), {Note("spam")}));
  }
}

TEST_P(ListsContract, ANoteWithoutACategoryIsRefused) {
  const auto noted = First().Lists().NoteFeed(Note(""));
  ASSERT_FALSE(noted);
  EXPECT_EQ(noted.error().code, Errc::kInvalid);
}

TEST_P(ListsContract, AnEmptyWhitelistValueIsRefused) {
  const auto put = First().Lists().PutWhitelist(Subnet(""));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Errc::kInvalid);
}

}  // namespace brood::store::contract
