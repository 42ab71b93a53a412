#include "store/contract/contract.hpp"

namespace brood::store::contract {
namespace {

const model::SampleHash kSample(std::string(64, 'a'));

model::Submission Record() {
  model::Submission record;
  record.id = model::SubmissionId("s");
  record.state = model::State::kFed;
  return record;
}

StoredReport Report() {
  StoredReport report;
  report.id = kSample.Get();
  report.document = "{}";
  return report;
}

BlacklistEntry Entry() {
  BlacklistEntry entry;
  entry.type = "ip";
  entry.value = "192.0.2.1";
  entry.reasons = "[]";
  return entry;
}

}  // namespace

TEST_P(DurabilityContract, WhatWasWrittenIsThereAfterReopening) {
  const model::Submission record = Record();
  const StoredReport report = Report();
  const BlacklistEntry entry = Entry();
  const std::vector<std::string> feed{"192.0.2.7"};
  Must(First().Submissions().Advance({&record, 1}));
  Must(First().Hashes().ClaimOne(kSample, record.id, kNow));
  Must(First().Reports().Put({&report, 1}));
  Must(First().Blacklist().Upsert({&entry, 1}));
  Must(First().Lists().PutWhitelist({WhitelistKind::kDomain, "good.test", "us"}));
  Must(First().Lists().ReplaceFeed("C&C", feed, "https://lists.test/"));
  Must(First().DeadLetters().Put({.key = "k", .failure = "{}"}));
  const std::int64_t generation = Must(First().Lists().Generation());

  Reopen();

  EXPECT_EQ(Must(First().Submissions().Get(record.id)), record);
  EXPECT_EQ(Must(First().Hashes().Get(kSample)), (HashRecord{kSample, record.id, kNow, 1}));
  EXPECT_EQ(Must(First().Reports().Get(report.id)), report);
  EXPECT_EQ(Must(First().Blacklist().Get("ip", "192.0.2.1")), entry);
  EXPECT_EQ(Must(First().Lists().Whitelist()).size(), 1U);
  EXPECT_EQ(Must(First().Lists().Feeds()).at(0).entries, feed);
  EXPECT_EQ(Must(First().DeadLetters().Get("k"))->version, 1);
  EXPECT_EQ(Must(First().Lists().Generation()), generation);
}

TEST_P(DurabilityContract, ConditionsHoldAfterReopening) {
  const model::Submission record = Record();
  const StoredReport report = Report();
  Must(First().Submissions().Advance({&record, 1}));
  Must(First().Hashes().ClaimOne(kSample, record.id, kNow));
  Must(First().Reports().Put({&report, 1}));

  Reopen();

  EXPECT_EQ(Must(First().Submissions().Advance({&record, 1})).at(0), Moved::kCurrent);
  EXPECT_EQ(Must(First().Hashes().ClaimOne(kSample, record.id, kNow)), Claimed::kOurs);
  EXPECT_EQ(Must(First().Hashes().Get(kSample))->counter, 1U);
  EXPECT_EQ(Must(First().Reports().Put({&report, 1})).at(0), Moved::kCurrent);
}

}  // namespace brood::store::contract
