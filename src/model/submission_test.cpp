#include "model/submission.hpp"

#include <gtest/gtest.h>

namespace brood::model {
namespace {

const SubmissionId kId = DeriveSubmissionId("a");

TEST(Submission, VersionGrowsAlongTheWayAndWithEachAttempt) {
  Submission submission;
  std::int64_t last = -1;
  for (const State state :
       {State::kAccepted, State::kFeeding, State::kFed, State::kStored, State::kFailed, State::kScored}) {
    submission.state = state;
    EXPECT_GT(submission.Version(), last);
    last = submission.Version();
    EXPECT_EQ(StateFrom(Name(state)), state);
  }
  submission.state = State::kAccepted;
  submission.attempt = 1;
  EXPECT_GT(submission.Version(), last);
}

TEST(Marker, IsFoundAtTheEndOfTheUsersText) {
  const Marker marker{kId, 3};
  EXPECT_EQ(MarkerFrom(MarkedCustom("from mail gateway", marker)), marker);
  EXPECT_EQ(MarkerFrom(MarkedCustom("", marker)), marker);
  EXPECT_EQ(MarkedCustom("", marker), ToText(marker));
}

TEST(Marker, TakesThePlaceOfOneThatTheTextHasAlready) {
  const std::string before = MarkedCustom("case 7", Marker{kId, 0});
  EXPECT_EQ(MarkedCustom(before, Marker{kId, 1}), "case 7 " + ToText(Marker{kId, 1}));
  EXPECT_EQ(MarkedCustom(ToText(Marker{kId, 0}), Marker{kId, 1}), ToText(Marker{kId, 1}));
}

TEST(Marker, CustomStaysWithinAsciiAnd255Characters) {
  const std::string custom = MarkedCustom(std::string(1'000, 'x') + "é", Marker{kId, 0});
  EXPECT_LE(custom.size(), 255U);
  EXPECT_TRUE(MarkerFrom(custom));
  EXPECT_EQ(MarkedCustom("é\n", Marker{kId, 0}).substr(0, 4), "??? ");
}

TEST(Marker, RefusesWhatIsNotOurs) {
  for (const std::string& text :
       std::vector<std::string>{"", "brood:", "brood:xyz:0", "brood:" + kId.Get(), "brood:" + kId.Get() + ":x",
                                "brood:" + kId.Get() + ":-1", "brood:" + kId.Get() + ":0 and more"}) {
    EXPECT_FALSE(MarkerFrom(text)) << text;
  }
}

TEST(Run, IsOrderedByWhenItWasFedAndSurvivesText) {
  const model::Run older{FromMillis(5), "z:1"};
  const model::Run newer{FromMillis(6), "a:0"};
  EXPECT_LT(older, newer);
  EXPECT_EQ(RunFrom(ToText(newer)), newer);
  EXPECT_FALSE(RunFrom("x/y"));
  EXPECT_FALSE(RunFrom("17"));
}

TEST(DeriveSubmissionId, GivesTheSameIdForTheSameName) {
  EXPECT_EQ(DeriveSubmissionId("a"), kId);
  EXPECT_NE(DeriveSubmissionId("b"), kId);
  EXPECT_EQ(kId.Get().size(), 32U);
}

}  // namespace
}  // namespace brood::model
