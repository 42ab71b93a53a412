#include "stages/overseer/kept_bodies.hpp"

#include <gmock/gmock.h>

#include "stages/overseer/testing/office.hpp"

namespace brood::stages::overseer {
namespace {

using store::LetterState;
using testing::ElementsAre;
using testing::SizeIs;

class KeptBodiesTest : public OfficeTest {
 protected:
  KeptBodiesTest() {
    feed_.file_name = "large.exe";
    feed_.file_data = std::string(100'000, 'x');
    feed_.submission = record_.id;
    feed_.crits = {"http://crits.test", "1111", "Sample", "6b01", "user", Secret("key"), "00", "test"};
  }
  /// The failure of `feed_` as a stage records it where the record may not be that large.
  model::FailureMessage Referring(ErrorKind kind) {
    auto failure = Failure(kind, "x", "worker/feed_cuckoo");
    failure.msg.clear();
    failure.extras["MsgRef"] = R"("sha256:77")";
    return failure;
  }
  stage::Fate TellIt(const model::FailureMessage& failure) {
    return stage::testing::Offer(
        whole_, stage::testing::MessageOn("worker/failed", model::ToJson(failure), clock_.Now()), clock_);
  }
  std::optional<store::DeadLetter> LetterOf(const std::string& body) {
    return store_.DeadLetters().Get(LetterKey("worker/feed_cuckoo", body)).value();
  }

  model::FeedMessage feed_;
  std::optional<Error> trouble_;
  std::vector<std::string> ended_, asked_;
  KeptBodies whole_{std::make_unique<Overseer>(settings_, store_.Submissions(), store_.Hashes(),
                                               store_.DeadLetters(), metrics_,
                                               [this](const model::CritsData& crits, const std::string&,
                                                      const std::stop_token&) -> Expected<void, Error> {
                                                 ended_.push_back(crits.analysis_id);
                                                 return {};
                                               }),
                    [this](const std::string& reference) -> Expected<std::string, Error> {
                      asked_.push_back(reference);
                      if (trouble_) return Unexpected(*trouble_);
                      return model::ToJson(feed_);
                    }};
};

TEST_F(KeptBodiesTest, ALargeMessageIsTriedAgainAsAnyOther) {
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(Referring(ErrorKind::kTransient))));
  EXPECT_THAT(asked_, ElementsAre("sha256:77"));
  ASSERT_TRUE(LetterOf(model::ToJson(feed_)));
  EXPECT_EQ(LetterOf(model::ToJson(feed_))->state, LetterState::kDelayed);
  clock_.Advance(settings_.first_delay);
  EXPECT_THAT(SendDue(), ElementsAre(broker::Outgoing{"worker/feed_cuckoo", model::ToJson(feed_), {}}));
}

TEST_F(KeptBodiesTest, OneThatIsGivenUpEndsItsAnalysisAndCanBeSentByAPerson) {
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(Referring(ErrorKind::kPermanent))));
  EXPECT_THAT(ended_, ElementsAre("1111"));
  const auto letter = LetterOf(model::ToJson(feed_));
  ASSERT_TRUE(letter);
  EXPECT_EQ(letter->state, LetterState::kDead);
  EXPECT_TRUE(desk_.Retry(letter->key));
  EXPECT_THAT(SendDue(), ElementsAre(broker::Outgoing{"worker/feed_cuckoo", model::ToJson(feed_), {}}));
}

TEST_F(KeptBodiesTest, WhileTheBodyCannotBeReadTheRecordWaits) {
  trouble_ = Transient("the sample store is away");
  EXPECT_TRUE(std::holds_alternative<stage::Retry>(TellIt(Referring(ErrorKind::kPermanent))));
  EXPECT_THAT(Dumps(), SizeIs(0));
}

TEST_F(KeptBodiesTest, ABodyThatIsNotHereIsNamedInTheDump) {
  trouble_ = Permanent("there is no such sample");
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(Referring(ErrorKind::kTransient))));
  ASSERT_THAT(Dumps(), SizeIs(1));
  const auto dumped = model::FailureMessageFromJson(ReadFile(Dumps()[0]).value()).value();
  EXPECT_EQ(dumped.extras.at("MsgRef"), R"("sha256:77")");
}

TEST_F(KeptBodiesTest, WhatHasItsBodyIsPassedOnAsItIs) {
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(Failure(ErrorKind::kTransient, "MsgRef"))));
  auto strange = Failure(ErrorKind::kTransient, "other");
  strange.extras["MsgRef"] = "7";
  EXPECT_TRUE(std::holds_alternative<stage::Done>(TellIt(strange)));
  EXPECT_THAT(asked_, ElementsAre());
}

}  // namespace
}  // namespace brood::stages::overseer
