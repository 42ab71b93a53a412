// Among services of cuckoo_distributed, whose failure records know neither kind nor submission.
#include <gmock/gmock.h>

#include "model/testing/go_services.hpp"
#include "stages/overseer/refeed.hpp"
#include "stages/overseer/testing/office.hpp"

namespace brood::stages::overseer {
namespace {

using model::State;
using testing::IsEmpty;
using testing::SizeIs;

class GoNeighboursTest : public OfficeTest {
 protected:
  GoNeighboursTest() {
    EXPECT_TRUE(broker_.Declare({"worker/parse_and_submit"}));
    task_.crits = {"http://crits.test", "1111", "Sample", "6b01", "user", Secret("key"), "00", "test"};
    task_.fed_at = clock_.Now();
  }
  static std::string ByGo(const std::string& msg, const std::string& queue = "worker/check_results") {
    return model::testing::GoSendsFailure({"check_results", queue, "[500] oops", "Couldn't get status!", msg});
  }
  std::string Stripped() const {
    return model::testing::GoCheckResultsSends(model::testing::GoTaskReads(model::ToJson(task_)).value());
  }
  /// The same failure again and again, as often as it is sent back; what was sent.
  std::vector<broker::Outgoing> TellUntilDumped(const std::string& record) {
    std::vector<broker::Outgoing> sent;
    for (int times = 0; times < 10 && Dumps().empty(); ++times) {
      EXPECT_TRUE(std::holds_alternative<stage::Done>(Tell(record)));
      clock_.Advance(std::chrono::hours{2});
      for (auto& outgoing : SendDue()) sent.push_back(std::move(outgoing));
    }
    return sent;
  }
  void CarriesNoCrits() {
    task_.crits = {};
    task_.crits.analysis_id = record_.id.Get();
  }
};

TEST_F(GoNeighboursTest, AMessageThatAGoServiceFailedGoesBackByteForByte) {
  const std::string body = model::ToJson(task_);
  const auto sent = TellUntilDumped(ByGo(body));
  ASSERT_THAT(sent, SizeIs(3));
  for (const auto& outgoing : sent) EXPECT_EQ(outgoing, (broker::Outgoing{"worker/check_results", body, {}}));
}

TEST_F(GoNeighboursTest, OurKeysInTheMessageTellTheSubmissionThatFailed) {
  TellUntilDumped(ByGo(model::ToJson(task_)));
  EXPECT_EQ(Record().state, State::kFailed);
  EXPECT_EQ(Record().reason, "Couldn't get status!: [500] oops");
  EXPECT_FALSE(IsClaimed()) << "the next sighting is analysed";
}

TEST_F(GoNeighboursTest, WithoutThemTheCritsDataOfASubmissionWithoutCritsDoes) {
  CarriesNoCrits();
  record_.attempt = 1;
  Put(record_);
  TellUntilDumped(ByGo(Stripped(), "worker/parse_and_submit"));
  EXPECT_EQ(Record().state, State::kFailed);
}

TEST_F(GoNeighboursTest, ALostTaskWithoutOurKeysIsNotFedForEver) {
  CarriesNoCrits();
  auto failure = Failure(ErrorKind::kTaskLost, Stripped());
  failure.submission = {};
  const auto sent = TellUntilDumped(model::ToJson(failure));
  EXPECT_THAT(sent, SizeIs(3));
  for (const auto& outgoing : sent) EXPECT_EQ(outgoing.queue, "worker/check_results");
  EXPECT_EQ(Record().state, State::kFailed);
}

TEST_F(GoNeighboursTest, HowOftenATaskWasLostIsSeenFromItsAttemptWhereAGoFeederDropsTheCount) {
  CarriesNoCrits();
  record_.state = State::kAccepted;  // the Go feeder writes no record
  record_.attempt = 1;
  Put(record_);
  for (int lost = 0; lost < 2; ++lost) {
    task_.attempt = 1 + lost;  // as the task's marker says
    const auto published = Tell(Failure(ErrorKind::kTaskLost));
    ASSERT_THAT(published, SizeIs(2)) << lost;
    EXPECT_EQ(model::FeedMessageFromJson(published[0].body).value().attempt, 2 + lost);
  }
  task_.attempt = 3;
  EXPECT_THAT(Tell(Failure(ErrorKind::kTaskLost)), IsEmpty());
  EXPECT_THAT(Dumps(), SizeIs(1));
}

TEST_F(GoNeighboursTest, WhatAGoFeederCouldNotReadIsDumpedInTheEnd) {
  const auto sent =
      TellUntilDumped(model::testing::GoSendsFailure({"feed_cuckoo", "worker/feed_cuckoo", "invalid character",
                                                      "Could not decode json!", "this is not json\n"}));
  EXPECT_THAT(sent, SizeIs(3));
  EXPECT_EQ(sent[0].body, "this is not json\n");
  EXPECT_THAT(Dumps(), SizeIs(1));
}

}  // namespace
}  // namespace brood::stages::overseer
