#include "store/contract/contract.hpp"

namespace brood::store::contract {
namespace {

std::uint64_t Count(Store& store, Index index, std::string_view type = {}) {
  return Must(store.Counts().Of(index, type));
}

bool Becomes(Store& store, std::uint64_t wanted, Index index, std::string_view type = {}) {
  return Eventually([&] { return Count(store, index, type) == wanted; });
}

}  // namespace

TEST_P(CountsContract, AnEmptyStoreHasNothingToCount) {
  for (const Index index : {Index::kQueue, Index::kHashes, Index::kCuckoo, Index::kBlacklist, Index::kWhitelist,
                            Index::kThirdPartyBlacklist}) {
    EXPECT_EQ(Count(First(), index), 0U) << Name(index);
    EXPECT_EQ(Count(First(), index, "item"), 0U) << Name(index);
    EXPECT_EQ(Count(First(), index, "' OR 1=1 --"), 0U) << Name(index);
  }
}

TEST_P(CountsContract, SubmissionsAndHashesAreItemsAndReportsReports) {
  for (const char* id : {"one", "two"}) {
    model::Submission record;
    record.id = model::SubmissionId(id);
    record.sha256 = model::SampleHash(std::string(64, 'a'));
    Must(First().Submissions().Advance({&record, 1}));
  }
  Must(First().Hashes().ClaimOne(model::SampleHash(std::string(64, 'a')), model::SubmissionId("one"), kNow));
  StoredReport report;
  report.id = std::string(64, 'a');
  report.document = "{}";
  Must(First().Reports().Put({&report, 1}));
  DeadLetter letter;
  letter.key = "key";
  Must(First().DeadLetters().Put(letter));
  EXPECT_TRUE(Becomes(Second(), 2, Index::kQueue));
  EXPECT_TRUE(Becomes(Second(), 2, Index::kQueue, "item"));
  EXPECT_TRUE(Becomes(Second(), 1, Index::kHashes, "item"));
  EXPECT_TRUE(Becomes(Second(), 1, Index::kHashes));
  EXPECT_TRUE(Becomes(Second(), 1, Index::kCuckoo, "report"));
  EXPECT_TRUE(Becomes(Second(), 1, Index::kCuckoo));
  EXPECT_EQ(Count(First(), Index::kQueue, "report"), 0U);
  EXPECT_EQ(Count(First(), Index::kCuckoo, "item"), 0U);
}

TEST_P(CountsContract, EntriesOfTheBlacklistCountUnderTheirType) {
  std::vector<BlacklistEntry> entries(3);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].type = i == 0 ? "ip" : "hash";
    entries[i].value = std::to_string(i);
    entries[i].last_change = kNow;
  }
  Must(First().Blacklist().Upsert(entries));
  EXPECT_TRUE(Becomes(Second(), 3, Index::kBlacklist));
  EXPECT_EQ(Count(First(), Index::kBlacklist, "hash"), 2U);
  EXPECT_EQ(Count(First(), Index::kBlacklist, "ip"), 1U);
  EXPECT_EQ(Count(First(), Index::kBlacklist, "url"), 0U);
}

TEST_P(CountsContract, TheWhitelistCountsItsEntriesAndNothingElseThatStandsThere) {
  Must(First().Lists().PutWhitelist({WhitelistKind::kSubnet, "10.0.0.0/8", "us"}));
  Must(First().Lists().PutWhitelist({WhitelistKind::kSubnet, "192.168.0.0/16", "us"}));
  Must(First().Lists().PutWhitelist({WhitelistKind::kDomain, "update.example", "us"}));
  EXPECT_TRUE(Becomes(Second(), 3, Index::kWhitelist));
  EXPECT_EQ(Count(First(), Index::kWhitelist, "subnet"), 2U);
  EXPECT_EQ(Count(First(), Index::kWhitelist, "domain"), 1U);
  EXPECT_EQ(Count(First(), Index::kWhitelist, "generation"), 0U);
}

TEST_P(CountsContract, EachEntryOfAFeedCountsUnderItsCategory) {
  const std::vector<std::string> three{"192.0.2.1", "192.0.2.2", "198.51.100.0/24"}, one{"192.0.2.1"};
  Must(First().Lists().ReplaceFeed("C&C", three, "https://a.test"));
  Must(First().Lists().ReplaceFeed("C&C", one, "https://b.test"));
  Must(First().Lists().ReplaceFeed("scanner", one, "https://c.test"));
  EXPECT_TRUE(Becomes(Second(), 5, Index::kThirdPartyBlacklist));
  EXPECT_EQ(Count(First(), Index::kThirdPartyBlacklist, "C&C"), 4U);
  EXPECT_EQ(Count(First(), Index::kThirdPartyBlacklist, "scanner"), 1U);
  EXPECT_EQ(Count(First(), Index::kThirdPartyBlacklist, "c&c"), 0U);
}

}  // namespace brood::store::contract
