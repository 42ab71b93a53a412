#include <gmock/gmock.h>

#include "stages/overseer/testing/office.hpp"

namespace brood::stages::overseer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class CritsOfficeTest : public OfficeTest {
 protected:
  CritsOfficeTest() {
    task_.crits = {"http://crits.test", "1111", "Sample", "6b01", "user", Secret("planted-key"), "00", "test"};
  }
  stage::Fate TellIt(const model::FailureMessage& failure) {
    return stage::testing::Offer(
        overseer_, stage::testing::MessageOn("worker/failed", model::ToJson(failure), clock_.Now()), clock_);
  }

  std::vector<std::pair<std::string, std::string>> ended_;  ///< analysis, reason
  std::optional<Error> trouble_;
  Overseer overseer_{settings_,
                     store_.Submissions(),
                     store_.Hashes(),
                     store_.DeadLetters(),
                     metrics_,
                     [this](const model::CritsData& crits, const std::string& why,
                            const std::stop_token&) -> Expected<void, Error> {
                       if (trouble_) return Unexpected(*trouble_);
                       ended_.emplace_back(crits.analysis_id, why);
                       return {};
                     }};
};

TEST_F(CritsOfficeTest, WhatIsGivenUpEndsItsAnalysisWithTheReason) {
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(Failure(ErrorKind::kPermanent))));
  ASSERT_THAT(ended_, SizeIs(1));
  EXPECT_EQ(ended_[0].first, "1111");
  EXPECT_EQ(ended_[0].second, "check_results: it did not work: HTTP 500");
}

TEST_F(CritsOfficeTest, AFeedMessageNamesItsAnalysisToo) {
  model::FeedMessage feed;
  feed.file_name = "a.exe";
  feed.file_data = "bytes";
  feed.crits = task_.crits;
  EXPECT_TRUE(std::holds_alternative<stage::Done>(
      TellIt(Failure(ErrorKind::kPermanent, model::ToJson(feed), "worker/feed_cuckoo"))));
  EXPECT_THAT(ended_, SizeIs(1));
}

TEST_F(CritsOfficeTest, WhatIsTriedAgainEndsNothing) {
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(Failure(ErrorKind::kTransient))));
  EXPECT_THAT(ended_, IsEmpty());
}

TEST_F(CritsOfficeTest, ASubmissionWithoutAnalysisEndsNothing) {
  task_.crits = {};
  task_.crits.analysis_id = record_.id.Get();
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(Failure(ErrorKind::kPermanent))));
  EXPECT_THAT(ended_, IsEmpty());
}

TEST_F(CritsOfficeTest, AFailureThatIsBesideThePointLeavesAFinishedAnalysisAlone) {
  auto stored = record_;
  stored.state = model::State::kScored;
  Put(stored);
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(Failure(ErrorKind::kPermanent))));
  EXPECT_THAT(ended_, IsEmpty());
  auto by_sink = Failure(ErrorKind::kPermanent);
  by_sink.service = "parse_and_submit";
  by_sink.queue = "worker/parse_and_submit";
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(by_sink)));
  EXPECT_THAT(ended_, SizeIs(1)) << "its report is stored, but CRITs has not got it";
}

TEST_F(CritsOfficeTest, WhileCritsIsDownTheLetterIsNotDead) {
  trouble_ = Transient("CRITs is down");
  EXPECT_TRUE(std::holds_alternative<stage::Retry>(TellIt(Failure(ErrorKind::kPermanent))));
  EXPECT_FALSE(Letter(Failure(ErrorKind::kPermanent)));
  trouble_.reset();
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(Failure(ErrorKind::kPermanent))));
  EXPECT_EQ(Letter(Failure(ErrorKind::kPermanent))->state, store::LetterState::kDead);
}

TEST_F(CritsOfficeTest, WhereCritsRefusesForGoodTheLetterIsDeadAllTheSame) {
  trouble_ = Permanent("nothing is sent to http://crits.test");
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(Failure(ErrorKind::kPermanent))));
  EXPECT_EQ(Letter(Failure(ErrorKind::kPermanent))->state, store::LetterState::kDead);
}

}  // namespace
}  // namespace brood::stages::overseer
