#include "sandbox/sandbox.hpp"

#include <gtest/gtest.h>

namespace brood::sandbox {
namespace {

TEST(SandboxError, IsPermanentOnlyWhereTheSandboxRefuses) {
  EXPECT_EQ(ToError({Errc::kRefused, "no"}).kind, ErrorKind::kPermanent);
  for (const Errc code : {Errc::kUnreachable, Errc::kAnswerLost, Errc::kUnauthorized, Errc::kNotFound,
                          Errc::kServerError, Errc::kBadAnswer, Errc::kStopped, Errc::kUnsearchable}) {
    EXPECT_EQ(ToError({code, "no"}).kind, ErrorKind::kTransient) << Name(code);
  }
  EXPECT_EQ(ToError({Errc::kUnreachable, "http://n: view 3: no connection"}).what,
            "http://n: view 3: no connection");
}

TEST(TaskState, HasTheWordOfTheWire) {
  for (const char* word : {"pending", "running", "completed", "reported", "failed_analysis",
                           "failed_processing", "failed_reporting", "recovered", "banned", "distributed"}) {
    EXPECT_EQ(Name(TaskStateFrom(word)), word);
  }
  EXPECT_EQ(TaskStateFrom("distributed_completed"), TaskState::kCompleted);
  EXPECT_EQ(TaskStateFrom("Reported"), TaskState::kUnknown);
  EXPECT_EQ(Name(TaskState::kUnknown), "unknown");
}

TEST(TaskState, KnowsTheFailedOnes) {
  EXPECT_TRUE(IsFailed(TaskState::kFailedAnalysis));
  EXPECT_TRUE(IsFailed(TaskState::kFailedProcessing));
  EXPECT_TRUE(IsFailed(TaskState::kFailedReporting));
  EXPECT_TRUE(IsFailed(TaskState::kBanned));
  EXPECT_FALSE(IsFailed(TaskState::kRecovered));
  EXPECT_FALSE(IsFailed(TaskState::kReported));
  EXPECT_FALSE(IsFailed(TaskState::kUnknown));
}

TEST(NodeStatus, IsSaneUnlessEverythingIsZero) {
  EXPECT_FALSE(IsSane(NodeStatus{}));
  NodeStatus machines;
  machines.machines_total = 1;
  EXPECT_TRUE(IsSane(machines));
  NodeStatus reported;
  reported.reported = 3;
  EXPECT_TRUE(IsSane(reported));
}

}  // namespace
}  // namespace brood::sandbox
