#include "model/kin.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"

namespace brood::model {
namespace {

const SampleHash kSample{Sha256Hex("bytes")};

CritsData OfCrits() {
  CritsData crits;
  crits.analysis_id = "11111111-2222-3333-4444-555555555555";
  crits.object_id = "6b01f626405ea78eaef8d266";
  return crits;
}

CritsData OfUs() {
  CritsData crits;
  crits.analysis_id = DeriveSubmissionId("a").Get();
  return crits;
}

Marker MarkerOf(const SubmissionId& submission) { return {submission, 2}; }

TEST(DerivedId, StaysWhatItHasAlwaysBeen) {
  EXPECT_EQ(DerivedId(OfCrits(), kSample),
            DeriveSubmissionId("crits\n11111111-2222-3333-4444-555555555555\n6b01f626405ea78eaef8d266\n" +
                               kSample.Get()));
}

TEST(KinOf, ASubmissionOfCritsIsKnownByAnalysisObjectAndSample) {
  const Marker ours = MarkerOf(DerivedId(OfCrits(), kSample));
  EXPECT_EQ(KinOf(OfCrits(), ours, kSample), Kin::kOurs);
  EXPECT_EQ(KinOf(OfCrits(), MarkerOf(DeriveSubmissionId("another")), kSample), Kin::kAnother);
  EXPECT_EQ(KinOf(OfCrits(), ours, SampleHash{Sha256Hex("other bytes")}), Kin::kAnother);
  EXPECT_EQ(KinOf(OfCrits(), ours, SampleHash{}), Kin::kUnsure);
}

TEST(KinOf, ASubmissionWithoutCritsIsNamedByItsAnalysis) {
  EXPECT_EQ(KinOf(OfUs(), MarkerOf(DeriveSubmissionId("a")), SampleHash{}), Kin::kOurs);
  EXPECT_EQ(KinOf(OfUs(), MarkerOf(DeriveSubmissionId("b")), kSample), Kin::kAnother);
}

TEST(KinOf, WithoutCritsDataNothingIsSure) {
  EXPECT_EQ(KinOf({}, MarkerOf(DeriveSubmissionId("a")), kSample), Kin::kUnsure);
}

TEST(Complete, PutsBackWhatAGoServiceDropped) {
  TaskMessage task;
  task.crits = OfCrits();
  const SubmissionId id = DerivedId(OfCrits(), kSample);
  ASSERT_TRUE(LacksOurKeys(task));
  EXPECT_EQ(Complete(task, {"case 7 " + ToText(MarkerOf(id)), kSample.Get(), 60}, FromMillis(77)), Kin::kOurs);
  EXPECT_EQ(task.submission, id);
  EXPECT_EQ(task.attempt, 2);
  EXPECT_EQ(task.sha256, kSample);
  EXPECT_EQ(task.timeout_s, 60);
  EXPECT_EQ(task.fed_at, FromMillis(77));
  EXPECT_FALSE(LacksOurKeys(task));
}

TEST(Complete, ATaskThatOthersFedStaysWithoutASubmissionAndIsCompleteAllTheSame) {
  TaskMessage task;
  task.crits = OfCrits();
  EXPECT_EQ(Complete(task, {"their text", "not a hash", -4}, Time{}), Kin::kUnsure);
  EXPECT_EQ(task.submission, SubmissionId{});
  EXPECT_EQ(task.sha256, SampleHash{});
  EXPECT_EQ(task.timeout_s, 0);
  EXPECT_FALSE(LacksOurKeys(task));
}

TEST(Complete, LeavesTheMessageOfAnotherSubmissionsTaskAlone) {
  TaskMessage task;
  task.crits = OfCrits();
  const TaskMessage before = task;
  EXPECT_EQ(
      Complete(task, {ToText(MarkerOf(DeriveSubmissionId("another"))), kSample.Get(), 60}, FromMillis(77)),
      Kin::kAnother);
  EXPECT_EQ(task, before);
}

}  // namespace
}  // namespace brood::model
