#include "stages/overseer/dump.hpp"

#include <gmock/gmock.h>

#include "stages/overseer/testing/office.hpp"

namespace brood::stages::overseer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class ResubmitTest : public OfficeTest {
 protected:
  Resubmitted Resubmit() { return ResubmitDumped(dumps_, broker_, store_.DeadLetters(), {}); }
};

TEST_F(ResubmitTest, GoodFilesGoBackWithAFreshCountAndBadOnesStay) {
  const auto failure = Failure(ErrorKind::kPermanent);
  Tell(failure);
  ASSERT_TRUE(WriteFileDurably(dumps_ / "bad.json", "no dump"));
  const auto result = Resubmit();
  EXPECT_EQ(result.sent, 1U);
  ASSERT_THAT(result.problems, SizeIs(1));
  EXPECT_THAT(result.problems[0].what, HasSubstr("bad.json"));
  EXPECT_THAT(Dumps(), testing::ElementsAre(dumps_ / "bad.json"));
  EXPECT_EQ(broker_.Ready("worker/check_results").value(), 1U);
  EXPECT_FALSE(Letter(failure));
  Tell(Failure(ErrorKind::kTransient));
  EXPECT_EQ(Letter(failure)->attempts, 1);
}

TEST_F(ResubmitTest, AFileIsKeptUntilTheBrokerHasConfirmed) {
  Tell(Failure(ErrorKind::kPermanent));
  server_->AnswerPublishes(Unexpected(broker::BrokerError{broker::Errc::kUnavailable, "away", {}}));
  EXPECT_THAT(Resubmit().problems, SizeIs(1));
  EXPECT_THAT(Dumps(), SizeIs(1));
  server_->AnswerPublishes({});
  EXPECT_EQ(Resubmit().sent, 1U);
  EXPECT_THAT(Dumps(), IsEmpty());
}

TEST_F(ResubmitTest, ATaskThatWasLostTooOftenMayBeLostAgain) {
  task_.extras["lost"] = "2";
  Tell(Failure(ErrorKind::kTaskLost));
  EXPECT_EQ(Resubmit().sent, 1U);
  auto source = broker_.Consume({{"worker/check_results"}, 1}).value();
  const auto taken = source->Take(1, Millis{0});
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_THAT(Tell(Failure(ErrorKind::kTaskLost, taken[0].message.body)), SizeIs(2)) << "it is fed again";
}

TEST_F(ResubmitTest, AMessageWhoseBodyIsNotInTheFileStays) {
  auto failure = Failure(ErrorKind::kTransient);
  failure.msg.clear();
  failure.extras["MsgRef"] = R"("sha256:11")";
  Tell(failure);
  const auto result = Resubmit();
  ASSERT_THAT(result.problems, SizeIs(1));
  EXPECT_THAT(Describe(result.problems[0]), HasSubstr("sha256:11"));
  EXPECT_THAT(Dumps(), SizeIs(1));
}

TEST_F(ResubmitTest, ADumpIsRemovedWithWhatAKilledWriterLeftOfIt) {
  Tell(Failure(ErrorKind::kPermanent, "one"));
  Tell(Failure(ErrorKind::kPermanent, "other"));
  const auto key = Letter(Failure(ErrorKind::kPermanent, "one"))->key;
  ASSERT_TRUE(WriteFileDurably(dumps_ / ("." + key + ".json.0123456789ab"), "half"));
  EXPECT_TRUE(RemoveDump(dumps_, key));
  EXPECT_THAT(Dumps(),
              testing::ElementsAre(DumpFile(dumps_, Letter(Failure(ErrorKind::kPermanent, "other"))->key)));
  EXPECT_TRUE(RemoveDump(dumps_, key)) << "what is not there is no error";
}

TEST_F(ResubmitTest, ProgressIsToldAfterEachFile) {
  Tell(Failure(ErrorKind::kPermanent, "first"));
  Tell(Failure(ErrorKind::kPermanent, "second"));
  std::vector<std::pair<std::size_t, std::size_t>> told;
  (void)ResubmitDumped(dumps_, broker_, store_.DeadLetters(),
                       [&](std::size_t done, std::size_t all) { told.emplace_back(done, all); });
  EXPECT_THAT(told, testing::ElementsAre(Pair(1U, 2U), Pair(2U, 2U)));
}

TEST_F(ResubmitTest, AFolderThatIsNotThereHoldsNothing) {
  EXPECT_EQ(Resubmit().sent, 0U);
  EXPECT_THAT(Resubmit().problems, IsEmpty());
}

}  // namespace
}  // namespace brood::stages::overseer
