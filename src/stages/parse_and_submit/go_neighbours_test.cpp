// Behind a check_results and a feed_cuckoo of cuckoo_distributed, and in a chain with its parse_and_submit.
#include <gmock/gmock.h>

#include "model/kin.hpp"
#include "model/testing/go_services.hpp"
#include "stages/parse_and_submit/testing/crits_stage.hpp"

namespace brood::stages::parse_and_submit {
namespace {

using sandbox::testing::Call;
using stage::Done;
using stage::Fail;
using stage::Retry;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// As CritsStageTest, but `task_` is as our feed_cuckoo made it for a message of CRITs.
class GoNeighboursTest : public CritsStageTest {
 protected:
  GoNeighboursTest() {
    record_.id = model::DerivedId(task_.crits, record_.sha256);
    record_.attempt = 1;
    record_.task = FedWith(model::ToText(model::Marker{record_.id, 1}));
    EXPECT_TRUE(store_.Submissions().Advance(std::span(&record_, 1)));
    task_.task = record_.task;
    task_.submission = record_.id;
    task_.attempt = 1;
  }
  /// A reported task with this custom text.
  model::TaskId FedWith(const std::string& custom) {
    const auto task = node_->Submit({dir_ / "a", "a", {}, custom, ""}, {}).value();
    std::string report = Report();
    report.replace(report.find(CritsStageTest::Marker()), CritsStageTest::Marker().size(), custom);
    node_->Finish(task, report);
    node_->Drop(task, archive::testing::Pack(archive::Kind::kTarBzip2, {{"files/1/drop.exe", "dropped"}}));
    return task;
  }
  static std::string Stripped(const model::TaskMessage& task) {
    return model::testing::GoCheckResultsSends(model::testing::GoTaskReads(model::ToJson(task)).value());
  }
  stage::Fate OfferBody(const std::string& body, ParseAndSubmit& stage) {
    return stage::testing::Offer(
        stage, stage::testing::MessageOn("worker/parse_and_submit", body, clock_.Now()), clock_);
  }
  stage::Fate OfferBody(const std::string& body) { return OfferBody(body, *stage_); }
  /// The message with its lost keys, which waits in our own queue.
  std::string Completed(const std::string& body) {
    const auto fate = OfferBody(body);
    const Done* done = std::get_if<Done>(&fate);
    if (done == nullptr || done->publish.size() != 1) return "";
    EXPECT_EQ(done->publish[0].queue, "worker/parse_and_submit");
    return done->publish[0].body;
  }
  model::CleanupMessage CleanupIn(const stage::Fate& fate) {
    return model::CleanupMessageFromJson(std::get<Done>(fate).publish.back().body).value();
  }
};

TEST_F(GoNeighboursTest, WhatAGoCheckResultsDroppedIsMadeGoodFromTheTask) {
  EXPECT_EQ(model::TaskMessageFromJson(Completed(Stripped(task_))).value(), task_);
  EXPECT_THAT(crits_.sent, IsEmpty());
}

TEST_F(GoNeighboursTest, ThenItIsAsAnyOther) {
  const auto fate = OfferBody(Completed(Stripped(task_)));
  EXPECT_THAT(QueuesOf(fate), ElementsAre("worker/blacklist_processor", "worker/cleanup"));
  EXPECT_EQ(CleanupIn(fate).marker, model::ToText(model::Marker{record_.id, 1}));
  ASSERT_THAT(crits_.sent, SizeIs(1));
  EXPECT_EQ(crits_.sent[0].update.end, crits::End::kCompleted);
  EXPECT_EQ(store_.Submissions().Get(record_.id).value()->state, model::State::kStored);
}

TEST_F(GoNeighboursTest, AMessageThatComesTwiceOnceWithAndOnceWithoutOurKeysIsDoneOnce) {
  EXPECT_TRUE(std::holds_alternative<Done>(Offer()));
  EXPECT_TRUE(std::holds_alternative<Done>(OfferBody(Completed(Stripped(task_)))));
  EXPECT_THAT(crits_.sent, SizeIs(1));
  EXPECT_EQ(node_->Calls(Call::kReport), 1U);
}

TEST_F(GoNeighboursTest, AFailureNamesTheSubmission) {
  node_->FailNext(Call::kReport, sandbox::Errc::kNotFound);
  const auto outcome = stage::testing::Follow(
      *stage_, stage::testing::MessageOn("worker/parse_and_submit", Completed(Stripped(task_)), clock_.Now()),
      clock_);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->submission, record_.id);
  EXPECT_TRUE(model::testing::GoOverseerReads(model::ToJson(*outcome.failure)));
}

TEST_F(GoNeighboursTest, AMessageThatComesAgainAfterItsTaskWasDeletedIsNoFailure) {
  auto foreign = task_;  // of which no record is known here
  foreign.task = FedWith("their text");
  const std::string go_fed = Stripped(foreign);
  EXPECT_TRUE(std::holds_alternative<Done>(OfferBody(Completed(go_fed))));
  EXPECT_THAT(crits_.sent, SizeIs(1));
  node_->Erase(foreign.task);
  const auto fate = OfferBody(go_fed);
  ASSERT_TRUE(std::holds_alternative<Done>(fate));
  EXPECT_THAT(std::get<Done>(fate).publish, IsEmpty());
  EXPECT_THAT(crits_.sent, SizeIs(1));
}

TEST_F(GoNeighboursTest, ATaskThatIsGoneBeforeCritsHadItsResultsIsLost) {
  node_->Erase(task_.task);
  const auto fate = OfferBody(Stripped(task_));
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kTaskLost);
}

TEST_F(GoNeighboursTest, ATaskThatAGoFeederMadeGoesToCritsOnceAndIsStored) {
  task_.task = FedWith("their text");
  const std::string body = Completed(Stripped(task_));
  EXPECT_EQ(model::TaskMessageFromJson(body).value().submission, model::SubmissionId{});
  const auto fate = OfferBody(body);
  EXPECT_THAT(QueuesOf(fate), ElementsAre("worker/blacklist_processor", "worker/cleanup"));
  EXPECT_EQ(CleanupIn(fate).marker, "");
  EXPECT_EQ(CleanupIn(fate).sha256, record_.sha256) << "that tells the task from others";
  EXPECT_TRUE(std::holds_alternative<Done>(OfferBody(body)));
  EXPECT_THAT(crits_.sent, SizeIs(1));
  EXPECT_TRUE(IsStored());
}

TEST_F(GoNeighboursTest, ATaskWhoseNumberIsAnotherSubmissionsNowIsLostAndNothingIsSent) {
  task_.task = FedWith(model::ToText(model::Marker{model::DeriveSubmissionId("another"), 0}));
  const auto fate = OfferBody(Stripped(task_));
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_THAT(std::get<Fail>(fate).why.what, HasSubstr("another submission"));
  EXPECT_THAT(crits_.sent, IsEmpty());
  EXPECT_FALSE(IsStored());
}

TEST_F(GoNeighboursTest, ASandboxThatCannotSayIsAskedAgain) {
  node_->Down();
  EXPECT_TRUE(std::holds_alternative<Retry>(OfferBody(Stripped(task_))));
  node_->Up();
  EXPECT_EQ(model::TaskMessageFromJson(Completed(Stripped(task_))).value(), task_);
}

TEST_F(GoNeighboursTest, InAChainAGoParserReadsOursAndHandsItsBytesOnSoThatTheNextOfOursEndsIt) {
  crits::Settings first, last;
  first.enabled_parsers = {"info", "signatures"};
  last.enabled_parsers = {"dropped"};
  const auto one = Stage(first, "worker/go", false), other = Stage(last, "", false);
  const auto fate = Offer(*one, task_);
  ASSERT_EQ(QueuesOf(fate).back(), "worker/go");
  const std::string relayed = std::get<Done>(fate).publish.back().body;
  const auto read = model::testing::GoTaskReads(relayed).value();
  EXPECT_EQ(read.crits.analysis_id, "1111");
  EXPECT_EQ(read.task, task_.task.Get());
  EXPECT_TRUE(std::holds_alternative<Done>(OfferBody(relayed, *other)));
  ASSERT_THAT(crits_.sent, SizeIs(2));
  EXPECT_EQ(crits_.sent[1].update.results.subtypes, R"(["file_added"])");
  EXPECT_EQ(crits_.sent[1].update.end, crits::End::kCompleted);
}

}  // namespace
}  // namespace brood::stages::parse_and_submit
