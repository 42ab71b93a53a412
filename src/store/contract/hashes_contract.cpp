#include <atomic>
#include <barrier>
#include <thread>

#include "store/contract/contract.hpp"

namespace brood::store::contract {
namespace {

using model::SampleHash;
using model::SubmissionId;

const SampleHash kSample(std::string(64, 'a'));
const SubmissionId kOne("one"), kTwo("two");

std::uint64_t Sightings(Store& store) { return Must(store.Hashes().Get(kSample)).value().counter; }

constexpr int kThreads = 8;

/// Lets eight threads take at the same moment, each under a name of its own; how many are told it is theirs.
template <class Take>
int WinnersOfEight(const Take& take) {
  std::atomic<int> winners = 0;
  std::barrier start(kThreads);
  std::vector<std::jthread> threads;
  for (int n = 0; n < kThreads; ++n) {
    threads.emplace_back([&, n] {
      start.arrive_and_wait();
      const auto claimed = take(n, SubmissionId("claimant " + std::to_string(n)));
      if (claimed && *claimed == Claimed::kOurs) ++winners;
    });
  }
  threads.clear();
  return winners;
}

}  // namespace

TEST_P(HashesContract, AnUnknownHashHasNoRecord) {
  EXPECT_EQ(Must(First().Hashes().Get(kSample)), std::nullopt);
}

TEST_P(HashesContract, TheFirstClaimantWinsAndIsOnRecord) {
  EXPECT_EQ(Must(First().Hashes().ClaimOne(kSample, kOne, kNow)), Claimed::kOurs);
  EXPECT_EQ(Must(Second().Hashes().ClaimOne(kSample, kTwo, kNow + Millis{1})), Claimed::kTaken);
  const auto record = Must(Second().Hashes().Get(kSample));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->sha256, kSample);
  EXPECT_EQ(record->submission, kOne);
  EXPECT_EQ(record->first_seen, kNow);
}

TEST_P(HashesContract, TheSameClaimantWinsAgainAndIsCountedOnce) {
  EXPECT_EQ(Must(First().Hashes().ClaimOne(kSample, kOne, kNow)), Claimed::kOurs);
  EXPECT_EQ(Must(Second().Hashes().ClaimOne(kSample, kOne, kNow + Millis{1})), Claimed::kOurs);
  EXPECT_EQ(Sightings(First()), 1U);
}

TEST_P(HashesContract, ALosersSightingIsCountedOnce) {
  Must(First().Hashes().ClaimOne(kSample, kOne, kNow));
  Must(First().Hashes().ClaimOne(kSample, kTwo, kNow));
  Must(First().Hashes().ClaimOne(kSample, kTwo, kNow));
  Must(First().Hashes().Count(kSample, kTwo));
  EXPECT_EQ(Sightings(First()), 2U);
}

TEST_P(HashesContract, ClaimsAreMadeInOrderAndAnsweredEach) {
  const SampleHash other(std::string(64, 'b'));
  Must(First().Hashes().ClaimOne(other, kTwo, kNow));
  const std::vector<Claim> claims = {{kSample, kOne}, {kSample, kTwo}, {other, kOne}, {kSample, kOne}};
  const auto claimed = Must(First().Hashes().ClaimAll(claims, kNow));
  EXPECT_EQ(claimed, (std::vector{Claimed::kOurs, Claimed::kTaken, Claimed::kTaken, Claimed::kOurs}));
  EXPECT_EQ(Sightings(First()), 2U);
  EXPECT_TRUE(Must(First().Hashes().ClaimAll({}, kNow)).empty());
}

TEST_P(HashesContract, EachSightingIsCountedOnce) {
  Must(First().Hashes().ClaimOne(kSample, kOne, kNow));
  Must(First().Hashes().Count(kSample, kTwo));
  Must(Second().Hashes().Count(kSample, kTwo));
  Must(First().Hashes().Count(kSample, kOne));
  Must(First().Hashes().Count(kSample, SubmissionId("three")));
  EXPECT_EQ(Sightings(First()), 3U);
}

TEST_P(HashesContract, CountingAnUnknownHashLeavesItUnknown) {
  Must(First().Hashes().Count(kSample, kOne));
  EXPECT_EQ(Must(First().Hashes().Get(kSample)), std::nullopt);
  EXPECT_EQ(Must(First().Hashes().ClaimOne(kSample, kOne, kNow)), Claimed::kOurs);
  EXPECT_EQ(Sightings(First()), 1U);
}

TEST_P(HashesContract, AfterAReleaseTheNextClaimantWins) {
  Must(First().Hashes().ClaimOne(kSample, kOne, kNow));
  Must(First().Hashes().Release(kSample, kOne));
  EXPECT_EQ(Must(First().Hashes().Get(kSample))->submission, SubmissionId());
  EXPECT_EQ(Must(Second().Hashes().ClaimOne(kSample, kTwo, kNow + Millis{1})), Claimed::kOurs);
  EXPECT_EQ(Must(First().Hashes().ClaimOne(kSample, kOne, kNow)), Claimed::kTaken);
  const auto record = Must(First().Hashes().Get(kSample));
  EXPECT_EQ(record->first_seen, kNow);
  EXPECT_EQ(record->counter, 2U);
}

TEST_P(HashesContract, OnlyOnesOwnClaimIsReleased) {
  Must(First().Hashes().ClaimOne(kSample, kOne, kNow));
  Must(First().Hashes().Release(kSample, kTwo));
  EXPECT_EQ(Must(First().Hashes().Get(kSample))->submission, kOne);
}

TEST_P(HashesContract, AClaimIsTakenOverFromItsHolderAlone) {
  const SubmissionId three("three");
  Must(First().Hashes().ClaimOne(kSample, kOne, kNow));
  EXPECT_EQ(Must(Second().Hashes().TakeOver(kSample, kOne, kTwo)), Claimed::kOurs);
  EXPECT_EQ(Must(First().Hashes().TakeOver(kSample, kOne, kTwo)), Claimed::kOurs) << "told again";
  EXPECT_EQ(Must(First().Hashes().TakeOver(kSample, kOne, three)), Claimed::kTaken);
  const auto record = Must(First().Hashes().Get(kSample));
  EXPECT_EQ(record->submission, kTwo);
  EXPECT_EQ(record->counter, 1U) << "taking over is no sighting";
  Must(First().Hashes().Release(kSample, kOne));
  EXPECT_EQ(Must(Second().Hashes().Get(kSample))->submission, kTwo) << "what is not his he cannot give back";
}

TEST_P(HashesContract, AnUnknownHashIsNotTakenOver) {
  EXPECT_EQ(Must(First().Hashes().TakeOver(kSample, kOne, kTwo)), Claimed::kTaken);
  EXPECT_EQ(Must(First().Hashes().Get(kSample)), std::nullopt);
}

TEST_P(HashesContract, OneOfEightThreadsTakesAClaimOver) {
  Must(First().Hashes().ClaimOne(kSample, kOne, kNow));
  EXPECT_EQ(WinnersOfEight([&](int n, const SubmissionId& mine) {
              return (n % 2 ? First() : Second()).Hashes().TakeOver(kSample, kOne, mine);
            }),
            1);
}

TEST_P(HashesContract, ReleasingAnUnknownHashIsHarmless) {
  Must(First().Hashes().Release(kSample, kOne));
  EXPECT_EQ(Must(First().Hashes().Get(kSample)), std::nullopt);
}

TEST_P(HashesContract, HashesDoNotShareTheirSightings) {
  const SampleHash other(std::string(64, 'b'));
  Must(First().Hashes().ClaimOne(kSample, kOne, kNow));
  Must(First().Hashes().ClaimOne(other, kOne, kNow));
  EXPECT_EQ(Must(First().Hashes().Get(other))->counter, 1U);
  EXPECT_EQ(Sightings(First()), 1U);
}

TEST_P(HashesContract, OneOfEightThreadsGetsTheClaimAndAllAreCounted) {
  EXPECT_EQ(WinnersOfEight([&](int n, const SubmissionId& mine) {
              return (n % 2 ? First() : Second()).Hashes().ClaimOne(kSample, mine, kNow);
            }),
            1);
  EXPECT_EQ(Sightings(First()), std::uint64_t{kThreads});
}

TEST_P(HashesContract, AnImportedRecordIsKeptAsItIsGivenAndIsClaimed) {
  const HashRecord record{kSample, ImportedClaim(kSample), kNow - Millis{5}, 7};
  EXPECT_EQ(Must(First().Hashes().Import(std::span(&record, 1))), 1U);
  EXPECT_EQ(Must(Second().Hashes().Get(kSample)), record);
  EXPECT_EQ(Must(Second().Hashes().ClaimOne(kSample, kOne, kNow)), Claimed::kTaken);
  EXPECT_EQ(Sightings(First()), 8U);
}

TEST_P(HashesContract, AnImportThatIsRepeatedCountsNothingTwice) {
  const std::vector<HashRecord> records = {{kSample, ImportedClaim(kSample), kNow, 7}};
  Must(First().Hashes().Import(records));
  EXPECT_EQ(Must(Second().Hashes().Import(records)), 0U);
  EXPECT_EQ(Sightings(First()), 7U);
  Must(First().Hashes().Count(kSample, kOne));
  EXPECT_EQ(Must(First().Hashes().Import(records)), 0U);
  EXPECT_EQ(Sightings(First()), 8U) << "what was seen since stays";
  Must(First().Hashes().Count(kSample, kOne));
  EXPECT_EQ(Sightings(First()), 8U) << "the sighting is remembered";
}

TEST_P(HashesContract, AnImportGivesAKnownHashTheGreaterCounterAndTheEarlierSighting) {
  Must(First().Hashes().ClaimOne(kSample, kOne, kNow));
  const std::vector<HashRecord> records = {{kSample, ImportedClaim(kSample), kNow - Millis{9}, 3},
                                           {kSample, ImportedClaim(kSample), kNow + Millis{9}, 2}};
  EXPECT_GE(Must(First().Hashes().Import(records)), 1U);
  EXPECT_EQ(Must(First().Hashes().Get(kSample)), (HashRecord{kSample, kOne, kNow - Millis{9}, 3}));
  EXPECT_EQ(Must(First().Hashes().Import({})), 0U);
}

TEST_P(HashesContract, AnImportedHashThatNobodyClaimsIsAnalysed) {
  const HashRecord record{kSample, SubmissionId(), kNow, 4};
  Must(First().Hashes().Import(std::span(&record, 1)));
  EXPECT_EQ(Must(First().Hashes().ClaimOne(kSample, kOne, kNow)), Claimed::kOurs);
}

TEST_P(HashesContract, AScanGivesEveryRecordOnceInOrder) {
  std::vector<HashRecord> records;
  for (const char digit : std::string("0123456789abcdef")) {
    records.push_back({SampleHash(std::string(64, digit)), ImportedClaim(kSample), kNow, 2});
  }
  const auto scan = [this](const Page& page) { return First().Hashes().Scan(page); };
  EXPECT_TRUE(AllPages<HashRecord>(5, scan).empty());
  Must(Second().Hashes().Import(records));
  EXPECT_TRUE(Eventually([&] { return AllPages<HashRecord>(5, scan) == records; }));
  EXPECT_EQ(AllPages<HashRecord>(16, scan), records);
  EXPECT_EQ(AllPages<HashRecord>(100, scan), records);
}

TEST_P(HashesContract, AnImportWithAnEmptyHashIsRefusedAsAWhole) {
  const std::vector<HashRecord> records = {{kSample, ImportedClaim(kSample), kNow, 1},
                                           {SampleHash(), ImportedClaim(kSample), kNow, 1}};
  const auto imported = First().Hashes().Import(records);
  ASSERT_FALSE(imported);
  EXPECT_EQ(imported.error().code, Errc::kInvalid);
  EXPECT_EQ(Must(First().Hashes().Get(kSample)), std::nullopt);
}

TEST_P(HashesContract, AnEmptyHashOrClaimantIsRefused) {
  const auto no_hash = First().Hashes().ClaimOne(SampleHash(), kOne, kNow);
  ASSERT_FALSE(no_hash);
  EXPECT_EQ(no_hash.error().code, Errc::kInvalid);
  const auto no_claimant = First().Hashes().ClaimOne(kSample, SubmissionId(), kNow);
  ASSERT_FALSE(no_claimant);
  EXPECT_EQ(no_claimant.error().code, Errc::kInvalid);
  EXPECT_FALSE(First().Hashes().Count(kSample, SubmissionId()));
}

}  // namespace brood::store::contract
