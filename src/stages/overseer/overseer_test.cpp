#include "stages/overseer/overseer.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "stages/overseer/testing/office.hpp"

namespace brood::stages::overseer {
namespace {

using model::State;
using stage::Done;
using stage::Retry;
using store::LetterState;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using OverseerTest = OfficeTest;

TEST_F(OverseerTest, ATransientFailureWaitsAndThenGoesBackUnchanged) {
  const auto failure = Failure(ErrorKind::kTransient);
  EXPECT_THAT(Tell(failure), IsEmpty());
  ASSERT_TRUE(Letter(failure));
  EXPECT_EQ(Letter(failure)->state, LetterState::kDelayed);
  EXPECT_EQ(Letter(failure)->due, clock_.Now() + settings_.first_delay);
  clock_.Advance(settings_.first_delay - Millis{1});
  EXPECT_THAT(SendDue(), IsEmpty());
  clock_.Advance(Millis{1});
  EXPECT_THAT(SendDue(), ElementsAre(broker::Outgoing{"worker/check_results", failure.msg, {}}));
  EXPECT_EQ(Record(), record_);
}

TEST_F(OverseerTest, DelaysGrowAndAfterThreeTriesTheMessageIsDumpedAndTheSubmissionFails) {
  const auto failure = Failure(ErrorKind::kTransient);
  Millis delay = settings_.first_delay;
  for (int tries = 1; tries <= 3; ++tries, delay *= 2) {
    Tell(failure);
    EXPECT_EQ(Letter(failure)->attempts, tries);
    EXPECT_EQ(Letter(failure)->due, clock_.Now() + delay);
    clock_.Advance(delay);
    EXPECT_THAT(SendDue(), SizeIs(1));
  }
  EXPECT_THAT(Tell(failure), IsEmpty());
  EXPECT_EQ(Letter(failure)->state, LetterState::kDead);
  EXPECT_THAT(Dumps(), SizeIs(1));
  EXPECT_EQ(Record().state, State::kFailed);
  EXPECT_EQ(Record().stage, "check_results");
  EXPECT_EQ(Record().reason, "it did not work: HTTP 500");
  EXPECT_FALSE(IsClaimed()) << "the next sighting of the sample is analysed";
}

TEST_F(OverseerTest, CountsGoOnAfterARestart) {
  const auto failure = Failure(ErrorKind::kTransient);
  const std::string file = dir_ / "brood.db";
  Millis delay = settings_.first_delay;
  for (int tries = 1; tries <= 4; ++tries, delay *= 2) {
    const auto writer = std::make_shared<sqlite::Writer>(file);
    store::sqlite::SqliteStore store(writer, writer);
    Overseer restarted(settings_, store.Submissions(), store.Hashes(), store.DeadLetters(), metrics_);
    const auto told = stage::testing::MessageOn("worker/failed", model::ToJson(failure), clock_.Now());
    EXPECT_TRUE(std::holds_alternative<Done>(stage::testing::Offer(restarted, told, clock_)));
    auto letter = store.DeadLetters().Get(LetterKey(failure.queue, failure.msg)).value().value();
    EXPECT_EQ(letter.state, tries < 4 ? LetterState::kDelayed : LetterState::kDead);
    if (tries == 4) break;
    EXPECT_EQ(letter.attempts, tries);
    EXPECT_EQ(letter.due, clock_.Now() + delay);
    letter.state = LetterState::kSent;
    ASSERT_TRUE(store.DeadLetters().Put(letter));
  }
  EXPECT_THAT(Dumps(), SizeIs(1));
}

TEST_F(OverseerTest, TheSameBodyOnAnotherQueueAndAnotherBodyOnTheSameCountForThemselves) {
  const auto failure = Failure(ErrorKind::kTransient, "one");
  const auto elsewhere = Failure(ErrorKind::kTransient, "one", "worker/feed_cuckoo");
  const auto another = Failure(ErrorKind::kTransient, "two");
  for (const auto& each : {failure, elsewhere, another}) Tell(each);
  for (const auto& each : {failure, elsewhere, another}) EXPECT_EQ(Letter(each)->attempts, 1);
}

TEST_F(OverseerTest, AMessageThatIsRefusedForGoodOnItsSecondTryIsDumpedThen) {
  const auto failure = Failure(ErrorKind::kTransient);
  Tell(failure);
  clock_.Advance(settings_.first_delay);
  EXPECT_THAT(SendDue(), SizeIs(1));
  Tell(Failure(ErrorKind::kPermanent));
  EXPECT_EQ(Letter(failure)->state, LetterState::kDead);
  EXPECT_THAT(Dumps(), SizeIs(1));
}

TEST_F(OverseerTest, TheDelayGrowsNoLongerThanItsLimit) {
  Settings patient = settings_;
  patient.max_attempts = 20;
  Overseer stage(patient, store_.Submissions(), store_.Hashes(), store_.DeadLetters(), metrics_);
  const auto failure = Failure(ErrorKind::kTransient);
  Millis last{0};
  for (int tries = 1; tries <= 20; ++tries) {
    const auto told = stage::testing::MessageOn("worker/failed", model::ToJson(failure), clock_.Now());
    ASSERT_TRUE(std::holds_alternative<Done>(stage::testing::Offer(stage, told, clock_)));
    const Millis delay = Letter(failure)->due - clock_.Now();
    EXPECT_GE(delay, last);
    EXPECT_LE(delay, settings_.max_delay);
    last = delay;
    clock_.Advance(delay);
    ASSERT_THAT(SendDue(), SizeIs(1));
  }
  EXPECT_EQ(last, settings_.max_delay);
}

TEST_F(OverseerTest, WhatAPersonDroppedAndComesOnceMoreCountsFromOne) {
  const auto failure = Failure(ErrorKind::kPermanent);
  Tell(failure);
  ASSERT_TRUE(desk_.Drop(Letter(failure)->key, "known"));
  EXPECT_THAT(Dumps(), IsEmpty());
  EXPECT_THAT(Tell(Failure(ErrorKind::kTransient)), IsEmpty());
  EXPECT_EQ(Letter(failure)->state, LetterState::kDelayed);
  EXPECT_EQ(Letter(failure)->attempts, 1);
  EXPECT_EQ(Letter(failure)->note, "");
}

TEST_F(OverseerTest, AFailureToldTwiceCountsOnce) {
  const auto failure = Failure(ErrorKind::kTransient);
  Tell(failure);
  clock_.Advance(Millis{10'000});
  Tell(failure);
  EXPECT_EQ(Letter(failure)->attempts, 1);
  clock_.Advance(settings_.first_delay);
  EXPECT_THAT(SendDue(), SizeIs(1));
  EXPECT_THAT(SendDue(), IsEmpty());
}

TEST_F(OverseerTest, AMessageThatFailsWhileItIsBeingSentIsNotForgotten) {
  const auto failure = Failure(ErrorKind::kTransient);
  Tell(failure);
  clock_.Advance(settings_.first_delay);
  const auto taken = due_.Take(1, Millis{0});
  ASSERT_THAT(taken, SizeIs(1));
  Tell(failure);  // it went out, failed at once, and only then its sending is noted
  const broker::Settlement settlement{taken[0].id, {{"worker/check_results", failure.msg, {}}}};
  EXPECT_TRUE(due_.Settle(std::span(&settlement, 1)));
  EXPECT_EQ(Letter(failure)->state, LetterState::kDelayed);
  clock_.Advance(Millis{30'000});
  EXPECT_THAT(SendDue(), SizeIs(1));
}

TEST_F(OverseerTest, APermanentFailureIsDumpedAtOnceForItsOwnerAlone) {
  const auto failure = Failure(ErrorKind::kPermanent);
  Tell(failure);
  EXPECT_EQ(Letter(failure)->state, LetterState::kDead);
  ASSERT_THAT(Dumps(), SizeIs(1));
  struct stat info {};
  ASSERT_EQ(::stat(Dumps()[0].c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat(dumps_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);
  EXPECT_EQ(model::FailureMessageFromJson(ReadFile(Dumps()[0]).value()).value(), failure);
  EXPECT_EQ(Record().state, State::kFailed);
}

TEST_F(OverseerTest, APermanentFailureToldTwiceLeadsToTheSameRecords) {
  const auto failure = Failure(ErrorKind::kPermanent);
  Tell(failure);
  const auto record = Record();
  const auto dump = ReadFile(Dumps().at(0)).value();
  Tell(failure);
  EXPECT_EQ(Record(), record);
  EXPECT_EQ(ReadFile(Dumps().at(0)).value(), dump);
  EXPECT_THAT(Dumps(), SizeIs(1));
}

TEST_F(OverseerTest, ABuriedMessageThatFailsAgainFailsItsNewAttemptToo) {
  const auto failure = Failure(ErrorKind::kPermanent, R"({"sample": "sha256:77"})", "worker/feed_cuckoo");
  Tell(failure);
  auto anew = Record();
  anew.attempt += 1;
  anew.state = State::kAccepted;
  Put(anew);
  Tell(failure);
  EXPECT_EQ(Record().state, State::kFailed);
  EXPECT_EQ(Record().attempt, 1);
}

TEST_F(OverseerTest, KeysThatAnotherServiceWroteIntoItsErrorAreNotToldOn) {
  task_.crits.api_key = Secret("planted-key");
  auto failure = Failure(ErrorKind::kPermanent);
  failure.desc = "planted-key is refused";
  failure.error = "Post http://crits.test/api/v1/?username=u&api_key=planted-key: connection refused";
  testing::internal::CaptureStdout();
  Tell(failure);
  EXPECT_THAT(testing::internal::GetCapturedStdout(), testing::Not(testing::HasSubstr("planted-key")));
  EXPECT_EQ(Record().reason, "[secret] is refused: Post http://crits.test/api/v1/?… connection refused");
  EXPECT_EQ(model::FailureMessageFromJson(ReadFile(Dumps().at(0)).value()).value(), failure);
}

TEST_F(OverseerTest, AFolderOfOthersKeepsItsMode) {
  std::filesystem::create_directory(dumps_);
  std::filesystem::permissions(dumps_, std::filesystem::perms{0755});
  Tell(Failure(ErrorKind::kPermanent));
  EXPECT_EQ(std::filesystem::status(dumps_).permissions(), std::filesystem::perms{0755});
}

TEST_F(OverseerTest, WhereTheDumpCannotBeWrittenNothingIsGivenUp) {
  ASSERT_TRUE(WriteFileDurably(dumps_, "a file where the folder should be"));
  EXPECT_TRUE(std::holds_alternative<Retry>(Tell(model::ToJson(Failure(ErrorKind::kPermanent)))));
  EXPECT_EQ(Record(), record_);
  std::filesystem::remove(dumps_);
  Tell(Failure(ErrorKind::kPermanent));
  EXPECT_EQ(Record().state, State::kFailed);
}

TEST_F(OverseerTest, ALostTaskIsFedAgainElsewhereAndItsOrphanDeleted) {
  const auto published = Tell(Failure(ErrorKind::kTaskLost));
  ASSERT_THAT(published, SizeIs(2));
  EXPECT_EQ(published[0].queue, "worker/feed_cuckoo");
  EXPECT_EQ(published[0].headers.at("avoid"), "http://node.test:8090");
  const auto feed = model::FeedMessageFromJson(published[0].body).value();
  EXPECT_EQ(feed.attempt, 1);
  EXPECT_EQ(feed.submission, record_.id);
  EXPECT_EQ(feed.sample, "sha256:" + record_.sha256.Get());
  EXPECT_EQ(feed.payload, record_.options);
  EXPECT_EQ(published[1].queue, "worker/cleanup");
  const auto orphan = model::CleanupMessageFromJson(published[1].body).value();
  EXPECT_EQ(orphan.task, task_.task);
  EXPECT_EQ(orphan.marker, model::ToText(model::Marker{record_.id, 0}));
  EXPECT_EQ(Record(), record_);
}

TEST_F(OverseerTest, ASubmissionThatLosesItsTaskAThirdTimeIsDumped) {
  for (int lost = 1; lost <= 2; ++lost) {
    const auto published = Tell(Failure(ErrorKind::kTaskLost));
    const auto feed = model::FeedMessageFromJson(published.at(0).body).value();
    task_.attempt = feed.attempt;
    task_.extras = feed.extras;  // as feed_cuckoo carries them along
    auto fed = record_;
    fed.attempt = feed.attempt;
    Put(fed);
  }
  EXPECT_THAT(Tell(Failure(ErrorKind::kTaskLost)), IsEmpty());
  EXPECT_THAT(Dumps(), SizeIs(1));
  EXPECT_EQ(Record().state, State::kFailed);
  EXPECT_EQ(Record().attempt, 2);
}

TEST_F(OverseerTest, TheLossOfATaskMeansNothingOnceItsReportIsStoredOrALaterAttemptRuns) {
  auto stored = record_;
  stored.state = State::kStored;
  Put(stored);
  EXPECT_THAT(Tell(Failure(ErrorKind::kTaskLost)), IsEmpty());
  auto later = record_;
  later.attempt = 1;
  Put(later);
  EXPECT_THAT(Tell(Failure(ErrorKind::kTaskLost)), IsEmpty());
  EXPECT_EQ(Record(), later);
  EXPECT_THAT(Dumps(), IsEmpty());
}

TEST_F(OverseerTest, AScoredSubmissionKeepsItsStateAndItsClaimWhateverFailsLate) {
  auto scored = record_;
  scored.state = State::kScored;
  Put(scored);
  Tell(Failure(ErrorKind::kPermanent));
  EXPECT_EQ(Record(), scored);
  EXPECT_TRUE(IsClaimed());
  EXPECT_THAT(Dumps(), SizeIs(1));
}

TEST_F(OverseerTest, WhatCannotBeReadIsDumpedWithItsBytes) {
  const std::string bytes("no JSON \xff\x00 at all", 16);
  ASSERT_TRUE(std::holds_alternative<Done>(Tell(bytes)));
  ASSERT_THAT(Dumps(), SizeIs(1));
  const auto dumped = model::FailureMessageFromJson(ReadFile(Dumps()[0]).value()).value();
  EXPECT_EQ(dumped.msg, bytes);
  EXPECT_EQ(dumped.queue, "worker/failed");
}

TEST_F(OverseerTest, AFailureWithoutAQueueIsDumpedAtOnce) {
  Tell(Failure(ErrorKind::kTransient, "body", ""));
  EXPECT_THAT(Dumps(), SizeIs(1));
}

TEST_F(OverseerTest, BodiesTooLargeForTheirRecordsAreDumpedEachWithItsReference) {
  for (const char* reference : {R"("sha256:11")", R"("sha256:22")"}) {
    auto failure = Failure(ErrorKind::kTransient);
    failure.msg.clear();
    failure.extras["MsgRef"] = reference;
    Tell(failure);
  }
  EXPECT_THAT(Dumps(), SizeIs(2));
  EXPECT_EQ(Record().state, State::kFailed);
}

}  // namespace
}  // namespace brood::stages::overseer
