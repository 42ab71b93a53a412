#include "intake/intake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/digest.hpp"
#include "model/messages_json.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::intake {
namespace {

using Outcome = Accepted::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Request Sighting(const std::string& name, const std::string& content = "some bytes") {
  Request request;
  request.id = model::DeriveSubmissionId(name);
  request.sha256 = model::SampleHash{Sha256Hex(content)};
  request.name = name;
  request.origin = "folder";
  return request;
}

class IntakeTest : public testing::Test {
 protected:
  Accepted Accept(const Request& request) { return intake_.Accept(request).value(); }
  model::Submission Record(const model::SubmissionId& id) {
    return store_.Submissions().Get(id).value().value();
  }
  std::uint64_t Counter(const Request& request) { return store_.Hashes().Get(request.sha256).value()->counter; }
  void MoveTo(const Request& request, model::State state) {
    model::Submission record = Record(request.id);
    record.state = state;
    ASSERT_TRUE(store_.Submissions().Advance(std::span(&record, 1)));
  }

  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  ManualClock clock_;
  Intake intake_{store_.Submissions(), store_.Hashes(), Settings{}, clock_};
  Settings for_an_hour_{.seen_for = std::chrono::hours{1}};
  Intake forgetful_{store_.Submissions(), store_.Hashes(), for_an_hour_, clock_};
};

TEST_F(IntakeTest, ContentSeenWhileItIsAnalysedIsJoinedToTheOneAnalysis) {
  Accept(Sighting("a.exe"));
  for (const auto state : {model::State::kFeeding, model::State::kFed, model::State::kStored}) {
    MoveTo(Sighting("a.exe"), state);
    const Accepted accepted = Accept(Sighting("b.exe"));
    EXPECT_EQ(accepted.outcome, Outcome::kJoined) << model::Name(state);
    EXPECT_EQ(accepted.submission, Sighting("a.exe").id);
    EXPECT_THAT(accepted.publish, IsEmpty());
  }
  MoveTo(Sighting("a.exe"), model::State::kScored);
  EXPECT_EQ(Accept(Sighting("c.exe")).outcome, Outcome::kCounted);
}

TEST_F(IntakeTest, OfManyAtOnceOneIsAnalysedAndAllOthersJoinIt) {
  std::vector<Intake::Answer> answers(8, Unexpected(store::StoreError{}));
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < answers.size(); ++i)
      threads.emplace_back([&, i] { answers[i] = intake_.Accept(Sighting("file " + std::to_string(i))); });
  }
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->submission, answers[0]->submission);
  }
  EXPECT_EQ(Counter(Sighting("a")), answers.size());
  EXPECT_EQ(store_.Submissions().List({}, {}).value().items.size(), 1U);
}

TEST_F(IntakeTest, KnownContentIsAnalysedAnewOnceItsTimeIsOver) {
  const Request first = Sighting("a.exe");
  Accept(first);
  MoveTo(first, model::State::kScored);
  clock_.Advance(std::chrono::hours{1} - Millis{1});
  EXPECT_EQ(forgetful_.Accept(Sighting("early.exe"))->outcome, Outcome::kCounted);
  clock_.Advance(Millis{1});
  const Request late = Sighting("late.exe");
  const Accepted accepted = forgetful_.Accept(late).value();
  EXPECT_EQ(accepted.outcome, Outcome::kNew);
  EXPECT_EQ(accepted.submission, late.id);
  EXPECT_EQ(accepted.publish.size(), 1U);
  const Accepted joined = forgetful_.Accept(Sighting("later.exe")).value();
  EXPECT_EQ(joined.outcome, Outcome::kJoined);
  EXPECT_EQ(joined.submission, late.id) << "the time begins anew with the analysis";
  EXPECT_EQ(Counter(first), 4U) << "each sighting once";
  EXPECT_EQ(Accept(Sighting("other intake.exe")).submission, late.id);
}

TEST_F(IntakeTest, AnAnalysisUnderWayIsJoinedHoweverLongItTakes) {
  Accept(Sighting("a.exe"));
  MoveTo(Sighting("a.exe"), model::State::kFed);
  clock_.Advance(std::chrono::hours{48});
  const Accepted accepted = forgetful_.Accept(Sighting("b.exe")).value();
  EXPECT_EQ(accepted.outcome, Outcome::kJoined);
  EXPECT_EQ(accepted.submission, Sighting("a.exe").id);
}

TEST_F(IntakeTest, OfManyThatAreLateOneIsAnalysedAnew) {
  Accept(Sighting("a.exe"));
  MoveTo(Sighting("a.exe"), model::State::kScored);
  clock_.Advance(std::chrono::hours{2});
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, i] { EXPECT_TRUE(forgetful_.Accept(Sighting("file " + std::to_string(i)))); });
  }
  EXPECT_EQ(store_.Submissions().List({}, {}).value().items.size(), 2U);
}

TEST_F(IntakeTest, ALateSightingThatDiedBehindTheClaimGoesOnWhenSeenAgain) {
  const Request first = Sighting("a.exe"), late = Sighting("late.exe");
  Accept(first);
  MoveTo(first, model::State::kScored);
  clock_.Advance(std::chrono::hours{2});
  ASSERT_TRUE(store_.Hashes().Count(late.sha256, late.id));
  ASSERT_EQ(store_.Hashes().TakeOver(late.sha256, first.id, late.id).value(), store::Claimed::kOurs);
  const Accepted accepted = forgetful_.Accept(late).value();
  EXPECT_EQ(accepted.outcome, Outcome::kNew);
  EXPECT_EQ(accepted.submission, late.id);
  EXPECT_EQ(Counter(first), 2U);
}

TEST_F(IntakeTest, SightingsBehindAForcedRescanAreOfThatOne) {
  Accept(Sighting("a.exe"));
  MoveTo(Sighting("a.exe"), model::State::kScored);
  Request again = Sighting("b.exe");
  again.known = Request::Known::kAnalyseAgain;
  Accept(again);
  const Accepted joined = Accept(Sighting("c.exe"));
  EXPECT_EQ(joined.outcome, Outcome::kJoined);
  EXPECT_EQ(joined.submission, again.id);
  Request later = Sighting("d.exe");
  later.known = Request::Known::kAnalyseAgain;
  Accept(later);
  EXPECT_EQ(Accept(again).submission, again.id) << "told again";
  EXPECT_EQ(Accept(Sighting("e.exe")).submission, later.id) << "it has not taken the claim back";
}

TEST_F(IntakeTest, OneThatDiedBeforeItsPublishIsPublishedAlthoughItsClaimWasTakenOver) {
  const Accepted first = Accept(Sighting("a.exe"));
  Request again = Sighting("b.exe");
  again.known = Request::Known::kAnalyseAgain;
  Accept(again);
  const Accepted seen_again = Accept(Sighting("a.exe"));
  EXPECT_EQ(seen_again.outcome, Outcome::kNew);
  EXPECT_EQ(seen_again.publish, first.publish);
  MoveTo(Sighting("a.exe"), model::State::kFed);
  EXPECT_EQ(Accept(Sighting("a.exe")).outcome, Outcome::kOnItsWay);
}

TEST_F(IntakeTest, AForcedRescanThatFailsLeavesTheContentOpen) {
  Accept(Sighting("a.exe"));
  MoveTo(Sighting("a.exe"), model::State::kScored);
  Request again = Sighting("b.exe");
  again.known = Request::Known::kAnalyseAgain;
  Accept(again);
  MoveTo(again, model::State::kFailed);
  ASSERT_TRUE(store_.Hashes().Release(again.sha256, again.id));
  EXPECT_EQ(Accept(Sighting("c.exe")).outcome, Outcome::kNew);
}

TEST_F(IntakeTest, NewContentIsRecordedAndItsMessageIsHandedOut) {
  const Request request = Sighting("a.exe");
  const Accepted accepted = Accept(request);
  EXPECT_EQ(accepted.outcome, Outcome::kNew);
  EXPECT_EQ(accepted.submission, request.id);
  ASSERT_EQ(accepted.publish.size(), 1U);
  EXPECT_EQ(accepted.publish[0].queue, "worker/feed_cuckoo");
  EXPECT_THAT(accepted.publish[0].headers,
              ElementsAre(Pair("first-seen", std::to_string(ToMillis(clock_.Now())))));
  const auto message = model::FeedMessageFromJson(accepted.publish[0].body).value();
  EXPECT_EQ(message.submission, request.id);
  EXPECT_EQ(message.sample, "sha256:" + request.sha256.Get());
  EXPECT_EQ(message.file_name, "a.exe");
  EXPECT_EQ(message.crits.analysis_id, request.id.Get());
  const model::Submission record = Record(request.id);
  EXPECT_EQ(record.state, model::State::kAccepted);
  EXPECT_EQ(record.origin, "folder");
  EXPECT_EQ(Counter(request), 1U);
}

TEST_F(IntakeTest, KnownContentIsCountedOnceASighting) {
  Accept(Sighting("a.exe"));
  const Request second = Sighting("b.exe");
  for (int times = 0; times < 2; ++times) {
    const Accepted accepted = Accept(second);
    EXPECT_EQ(accepted.outcome, Outcome::kJoined);
    EXPECT_EQ(accepted.submission, Sighting("a.exe").id);
    EXPECT_THAT(accepted.publish, IsEmpty());
  }
  EXPECT_EQ(Counter(second), 2U);
  EXPECT_FALSE(store_.Submissions().Get(second.id).value());
}

TEST_F(IntakeTest, SeveralAreAcceptedTogetherEachInItsOwnWay) {
  Accept(Sighting("known.exe", "known"));
  MoveTo(Sighting("known.exe", "known"), model::State::kScored);
  const std::vector<Request> requests = {Sighting("a.exe", "one"), Sighting("b.exe", "known"),
                                         Sighting("c.exe", "one"), Sighting("d.exe", "two")};
  const auto before = writer_->Counted().works;
  const auto answers = intake_.AcceptAll(requests);
  EXPECT_EQ(writer_->Counted().works - before, 2U) << "one write of claims, one of records";
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[0]->outcome, Outcome::kNew);
  EXPECT_EQ(answers[0]->submission, requests[0].id);
  EXPECT_EQ(answers[1]->outcome, Outcome::kCounted);
  EXPECT_EQ(answers[1]->submission, Sighting("known.exe").id);
  EXPECT_EQ(answers[2]->outcome, Outcome::kJoined) << "the same content in the same call";
  EXPECT_EQ(answers[2]->submission, requests[0].id);
  EXPECT_EQ(answers[3]->outcome, Outcome::kNew);
  EXPECT_EQ(Counter(requests[0]), 2U);
}

TEST_F(IntakeTest, ASightingSeenAgainWhileItsRecordIsAcceptedIsPublishedAgain) {
  const Request request = Sighting("a.exe");
  const Accepted first = Accept(request);
  const Accepted again = Accept(request);
  EXPECT_EQ(again.outcome, Outcome::kNew);
  EXPECT_EQ(again.publish, first.publish);
  EXPECT_EQ(Counter(request), 1U);
}

TEST_F(IntakeTest, ASightingThatDiedRightAfterItsClaimIsTakenInWhenSeenAgain) {
  const Request request = Sighting("a.exe");
  ASSERT_TRUE(store_.Hashes().ClaimOne(request.sha256, request.id, clock_.Now()));
  EXPECT_EQ(Accept(request).outcome, Outcome::kNew);
}

TEST_F(IntakeTest, ASightingThatIsFurtherOnIsNotPublishedAgain) {
  const Request request = Sighting("a.exe");
  Accept(request);
  for (const auto state :
       {model::State::kFeeding, model::State::kFed, model::State::kStored, model::State::kScored}) {
    MoveTo(request, state);
    const Accepted again = Accept(request);
    EXPECT_EQ(again.outcome, Outcome::kOnItsWay) << model::Name(state);
    EXPECT_THAT(again.publish, IsEmpty());
  }
}

TEST_F(IntakeTest, AClaimWhoseHolderDiedBeforeItsRecordIsTakenOverByTheNextSighting) {
  const Request dead = Sighting("a.exe");
  ASSERT_TRUE(store_.Hashes().ClaimOne(dead.sha256, dead.id, clock_.Now()));
  const Accepted accepted = Accept(Sighting("b.exe"));
  EXPECT_EQ(accepted.outcome, Outcome::kNew);
  EXPECT_EQ(accepted.submission, dead.id);
  EXPECT_EQ(accepted.publish.size(), 1U);
  EXPECT_EQ(Record(dead.id).name, "b.exe");
  EXPECT_EQ(Counter(dead), 2U);
}

TEST_F(IntakeTest, AClaimThatWasGivenBackIsOpenToTheNextSighting) {
  const Request failed = Sighting("a.exe");
  Accept(failed);
  ASSERT_TRUE(store_.Hashes().Release(failed.sha256, failed.id));
  const Accepted accepted = Accept(Sighting("b.exe"));
  EXPECT_EQ(accepted.outcome, Outcome::kNew);
  EXPECT_EQ(accepted.submission, Sighting("b.exe").id);
}

TEST_F(IntakeTest, KnownContentIsAnalysedAgainOnRequestAndCounted) {
  Accept(Sighting("a.exe"));
  Request again = Sighting("b.exe");
  again.known = Request::Known::kAnalyseAgain;
  const Accepted accepted = Accept(again);
  EXPECT_EQ(accepted.outcome, Outcome::kNew);
  EXPECT_EQ(accepted.submission, again.id);
  EXPECT_EQ(Counter(again), 2U);
}

TEST_F(IntakeTest, ImportedContentIsCountedAndGetsARecordToFollow) {
  const Request request = Sighting("a.exe"), second = Sighting("b.exe");
  const store::HashRecord known{request.sha256, store::ImportedClaim(request.sha256), clock_.Now(), 3};
  ASSERT_TRUE(store_.Hashes().Import(std::span(&known, 1)));
  for (const Request& sighting : {request, request, second}) {
    const Accepted accepted = Accept(sighting);
    EXPECT_EQ(accepted.outcome, Outcome::kCounted);
    EXPECT_EQ(accepted.submission, known.submission);
    EXPECT_THAT(accepted.publish, IsEmpty()) << "it is not analysed again";
  }
  EXPECT_EQ(Counter(request), 5U);
  EXPECT_EQ(Record(known.submission).state, model::State::kScored);
  EXPECT_EQ(Record(known.submission).origin, "import");
}

TEST_F(IntakeTest, OptionsOfTheRequestWinOverTheDefaults) {
  Request request = Sighting("a.exe");
  request.options = {{"package", "exe"}};
  const auto plain = model::FeedMessageFromJson(Accept(request).publish[0].body).value();
  EXPECT_THAT(plain.payload, ElementsAre(Pair("options", "json.calls=0"), Pair("package", "exe")));
  EXPECT_EQ(Record(request.id).options, plain.payload);
  Request other = Sighting("b.exe", "other bytes");
  other.options = {{"options", "free=yes"}};
  const auto own = model::FeedMessageFromJson(Accept(other).publish[0].body).value();
  EXPECT_THAT(own.payload, ElementsAre(Pair("options", "free=yes")));
}

TEST_F(IntakeTest, ARequestThatTheStoreRefusesIsAnError) {
  Request request = Sighting("a.exe");
  request.id = model::SubmissionId{""};
  EXPECT_EQ(intake_.Accept(request).error().code, store::Errc::kInvalid);
}

}  // namespace
}  // namespace brood::intake
