#include "sandbox/list_trust.hpp"

#include <gtest/gtest.h>

namespace brood::sandbox {
namespace {

void EmptyPollAgainstAView(ListTrust& trust) {
  trust.BeginPoll();
  trust.Answered(0);
  trust.ViewSaw();
  trust.EndPoll();
}

void FailingPoll(ListTrust& trust) {
  trust.BeginPoll();
  trust.Failed();
  trust.EndPoll();
}

void GoodPoll(ListTrust& trust) {
  trust.BeginPoll();
  trust.Answered(1);
  trust.EndPoll();
}

TEST(ListTrust, EndsWhenEmptyListsAreContradictedThreeTimesInARow) {
  ListTrust trust;
  EmptyPollAgainstAView(trust);
  EmptyPollAgainstAView(trust);
  EXPECT_TRUE(trust.Usable());
  EmptyPollAgainstAView(trust);
  EXPECT_FALSE(trust.Usable());
}

TEST(ListTrust, SurvivesASingleFailureBetweenGoodPolls) {
  ListTrust trust;
  for (int i = 0; i < 10; ++i) {
    FailingPoll(trust);
    FailingPoll(trust);
    GoodPoll(trust);
  }
  EXPECT_TRUE(trust.Usable());
}

TEST(ListTrust, EndsWhenListsKeepFailingAndReturnsWithTheFirstRows) {
  ListTrust trust;
  for (int i = 0; i < 3; ++i) FailingPoll(trust);
  EXPECT_FALSE(trust.Usable());
  GoodPoll(trust);
  EXPECT_TRUE(trust.Usable());
}

TEST(ListTrust, IsNotMovedByEmptyListsThatNothingContradicts) {
  ListTrust trust;
  for (int i = 0; i < 20; ++i) {
    trust.BeginPoll();
    trust.Answered(0);
    trust.EndPoll();
  }
  EXPECT_TRUE(trust.Usable());
}

}  // namespace
}  // namespace brood::sandbox
