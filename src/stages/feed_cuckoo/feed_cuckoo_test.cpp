#include "stages/feed_cuckoo/feed_cuckoo.hpp"

#include <gmock/gmock.h>

#include <array>

#include "base/digest.hpp"
#include "stages/feed_cuckoo/testing/feeder.hpp"

namespace brood::stages::feed_cuckoo {
namespace {

using sandbox::Errc;
using sandbox::testing::Call;
using stage::Done;
using stage::Fail;
using stage::Hold;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using FeedCuckooTest = FeederTest;

TEST_F(FeedCuckooTest, UploadsWithItsMarkerAndTellsWhichTaskItBecame) {
  const auto sample = Sample();
  const auto outcome = Follow(On(sample));
  const model::TaskMessage task = TaskOf(outcome);
  EXPECT_EQ(task.node, a_->Url());
  EXPECT_EQ(task.task, model::TaskId{1});
  EXPECT_EQ(task.submission, sample.submission);
  EXPECT_EQ(task.sha256, sample.sha256);
  EXPECT_EQ(task.fed_at, clock_.Now());
  EXPECT_EQ(task.timeout_s, 60);
  EXPECT_EQ(task.crits.analysis_id, sample.submission.Get());
  const auto uploaded = a_->Task(task.task);
  EXPECT_EQ(uploaded.row.custom, model::ToText(model::Marker{sample.submission, 0}));
  EXPECT_EQ(uploaded.row.owner, model::OwnerOf(sample.submission));
  EXPECT_EQ(uploaded.content, "the bytes of a sample");
  EXPECT_EQ(uploaded.file_name, "a.exe");
  EXPECT_EQ(Record(sample).state, State::kFed);
  EXPECT_EQ(Record(sample).task, task.task);
}

TEST_F(FeedCuckooTest, TheSameMessageTwiceUploadsOnceAndTellsTheSame) {
  const auto message = On(Sample());
  const auto first = Follow(message);
  const auto record = Record(Sample());
  clock_.Advance(Millis{5'000});
  const auto again = Follow(message);
  EXPECT_EQ(again.published, first.published);
  EXPECT_EQ(Record(Sample()), record);
  EXPECT_EQ(Uploads(), 1U);
}

TEST_F(FeedCuckooTest, TwoTokensAtOnceNeverUploadTwice) {
  const auto sample = Sample();
  PutFeeding(sample, a_->Url());
  const auto second_token = Offer(On(sample));
  EXPECT_TRUE(std::holds_alternative<Hold>(second_token));
  EXPECT_EQ(Uploads(), 0U);
  Arrived(*a_, sample);
  EXPECT_EQ(TaskOf(Follow(On(sample))).task, model::TaskId{1});
  EXPECT_EQ(Uploads(), 1U) << "the one that arrived";
}

TEST_F(FeedCuckooTest, AStoredOrScoredSubmissionNeedsNothingMore) {
  for (const auto state : {State::kStored, State::kScored}) {
    auto record = PutFeeding(Sample(), a_->Url());
    record.state = state;
    Put(record);
    const auto fate = Offer(On(Sample()));
    ASSERT_TRUE(std::holds_alternative<Done>(fate));
    EXPECT_THAT(std::get<Done>(fate).publish, IsEmpty());
  }
  EXPECT_EQ(Uploads(), 0U);
}

TEST_F(FeedCuckooTest, AFailedSubmissionThatIsHandedInAgainIsANewAttempt) {
  auto record = PutFeeding(Sample(), a_->Url());
  record.state = State::kFailed;
  record.reason = "it was refused";
  Put(record);
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).attempt, 1);
  EXPECT_THAT(CleanupsOf(outcome), IsEmpty());
  EXPECT_EQ(Record(Sample()).reason, "");
}

TEST_F(FeedCuckooTest, AMessageOfALaterAttemptStartsThatAttempt) {
  Follow(On(Sample()));
  auto lost = Sample();
  lost.attempt = 1;
  const auto outcome = Follow(On(lost, {{"avoid", a_->Url().Get()}}));
  EXPECT_EQ(TaskOf(outcome).attempt, 1);
  EXPECT_EQ(TaskOf(outcome).node, b_->Url());
  EXPECT_EQ(b_->Tasks()[0].row.custom, model::ToText(model::Marker{lost.submission, 1}));
}

TEST_F(FeedCuckooTest, ANodeToAvoidIsTakenWhenItIsTheOnlyOneThatIsUp) {
  b_->Down();
  EXPECT_EQ(TaskOf(Follow(On(Sample(), {{"avoid", a_->Url().Get()}}))).node, a_->Url());
}

TEST_F(FeedCuckooTest, HoldsWithTheReasonWhileNoNodeIsFree) {
  a_->SetCounts(10, 1);
  b_->Down();
  const auto fate = Offer(On(Sample()));
  ASSERT_TRUE(std::holds_alternative<Hold>(fate));
  EXPECT_THAT(std::get<Hold>(fate).why, HasSubstr("it has enough pending"));
  EXPECT_EQ(Record(Sample()).state, State::kAccepted);
  a_->SetCounts(0, 0);
  EXPECT_EQ(TaskOf(Follow(On(Sample()))).node, a_->Url());
}

TEST_F(FeedCuckooTest, AnUnreachableNodeIsLeftForAnother) {
  a_->FailNext(Call::kSubmit, Errc::kUnreachable);
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).node, b_->Url());
  EXPECT_THAT(CleanupsOf(outcome), IsEmpty());
  EXPECT_THAT(a_->Tasks(), IsEmpty());
}

TEST_F(FeedCuckooTest, ALostAnswerIsSettledByTheMarker) {
  a_->LoseNextSubmitAnswer();
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).task, model::TaskId{1});
  EXPECT_EQ(TaskOf(outcome).attempt, 0);
  EXPECT_EQ(Uploads(), 1U);
}

TEST_F(FeedCuckooTest, ARefusedSampleFailsForGood) {
  a_->FailNext(Call::kSubmit, Errc::kRefused);
  const auto outcome = Follow(On(Sample()));
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->kind, ErrorKind::kPermanent);
  EXPECT_EQ(outcome.failure->submission, Sample().submission);
  EXPECT_EQ(Uploads(), 1U);
}

TEST_F(FeedCuckooTest, ATroubledAnswerLeadsToANewAttemptAtOnce) {
  a_->FailNext(Call::kSubmit, Errc::kServerError);
  const auto outcome = Follow(On(Sample()));
  EXPECT_EQ(TaskOf(outcome).attempt, 1);
  EXPECT_EQ(Uploads(), 2U);
}

TEST_F(FeedCuckooTest, ASampleThatEverySandboxAnswersWithTroubleIsGivenUpForNow) {
  a_->FailNext(Call::kSubmit, Errc::kServerError, 1'000);
  b_->FailNext(Call::kSubmit, Errc::kBadAnswer, 1'000);
  const auto outcome = Follow(On(Sample()));
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->kind, ErrorKind::kTransient);
  EXPECT_EQ(Uploads(), 10U);
}

TEST_F(FeedCuckooTest, InlineBytesAreStoredAndTheMessageGoesOnByReferenceWithItsDerivedId) {
  model::FeedMessage message;
  message.file_name = "mail.doc";
  message.file_data = "bytes in the message";
  message.crits.analysis_id = "5f2c";
  message.crits.object_id = "77";
  const auto named = Follow(On(message));
  ASSERT_EQ(named.On("worker/feed_cuckoo").size(), 1U);
  EXPECT_EQ(Follow(On(message)).published, named.published) << "the same message is the same submission";
  const auto again = model::FeedMessageFromJson(named.published[0].body).value();
  EXPECT_EQ(again.submission.Get().size(), 32U);
  EXPECT_EQ(again.file_data, "");
  const model::TaskMessage task = TaskOf(Follow(On(again)));
  EXPECT_EQ(task.sha256.Get(), Sha256Hex("bytes in the message"));
  EXPECT_EQ(task.submission, again.submission);
  EXPECT_EQ(task.crits.analysis_id, "5f2c");
  EXPECT_EQ(a_->Task(task.task).content, "bytes in the message");
}

TEST_F(FeedCuckooTest, InlineBytesStayInTheMessageWhereAnotherFeederMayNotHaveThem) {
  settings_.keep_inline = true;
  FeedCuckoo here(settings_, fleet_, store_.Submissions(), samples_, metrics_);
  model::FeedMessage message;
  message.file_data = "bytes in the message";
  const auto named = stage::testing::Follow(here, On(message), clock_, 5'000);
  ASSERT_EQ(named.On("worker/feed_cuckoo").size(), 1U);
  samples::folder::FolderSampleStore elsewhere(dir_ / "elsewhere");
  FeedCuckoo there(settings_, fleet_, store_.Submissions(), elsewhere, metrics_);
  const auto again = model::FeedMessageFromJson(named.published[0].body).value();
  EXPECT_NE(again.submission.Get(), "");
  const model::TaskMessage task = TaskOf(stage::testing::Follow(there, On(again), clock_, 5'000));
  EXPECT_EQ(a_->Task(task.task).content, "bytes in the message");
}

TEST_F(FeedCuckooTest, AMessageThatCannotBeReadFailsForGood) {
  for (const std::string body : {"no JSON", "[]", R"({"file": {"data": "%%%"}})"}) {
    const auto fate = Offer(stage::testing::MessageOn("worker/feed_cuckoo", body, clock_.Now()));
    ASSERT_TRUE(std::holds_alternative<Fail>(fate)) << body;
    EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kPermanent);
  }
}

TEST_F(FeedCuckooTest, AReferenceThatNamesNoSampleFailsForGood) {
  for (const std::string reference : {"md5:77", "sha256:77", "sha256:../../etc/passwd", ""}) {
    auto message = Sample();
    message.sample = reference;
    message.sha256 = {};
    const auto fate = Offer(On(message));
    ASSERT_TRUE(std::holds_alternative<Fail>(fate)) << reference;
    EXPECT_THAT(Describe(std::get<Fail>(fate).why), HasSubstr("sample"));
  }
}

TEST_F(FeedCuckooTest, ASampleThatIsNotInTheStoreFailsForGoodBeforeANodeIsChosen) {
  const auto message = Sample();
  samples_.Remove(message.sha256);
  const auto fate = Offer(On(message));
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kPermanent);
  EXPECT_EQ(Record(message).state, State::kAccepted);
  EXPECT_EQ(Uploads(), 0U);
}

std::vector<std::string> Kinds(const std::vector<stage::Fate>& fates) {
  std::vector<std::string> kinds;
  for (const stage::Fate& fate : fates)
    kinds.emplace_back(std::array{"done", "hold", "retry", "fail"}[fate.index()]);
  return kinds;
}

TEST_F(FeedCuckooTest, ABatchIsWrittenTogetherAndEachOfItHasItsOwnFate) {
  const auto gone = [this] {
    auto message = Sample("gone");
    message.sample = "sha256:" + Sha256Hex("never stored");
    message.sha256 = {};
    return On(message);
  }();
  auto fed = PutFeeding(Sample("fed before"), b_->Url());
  fed.state = State::kFed;
  fed.task = model::TaskId{77};
  Put(fed);
  const std::vector<broker::Message> batch = {On(Sample("one")), gone, On(Sample("fed before")),
                                              On(Sample("two")), On(Sample("one"))};
  const auto writes_before = writer_->Counted().works;
  const auto fates = stage_.Handle(batch, {clock_.Now(), {}});
  EXPECT_THAT(Kinds(fates), ElementsAre("done", "fail", "done", "done", "hold"));
  EXPECT_EQ(writer_->Counted().works - writes_before, 3U) << "first records, feeding, fed";
  EXPECT_EQ(Uploads(), 2U) << "two tokens of a submission upload once";
  for (const char* content : {"one", "two"}) EXPECT_EQ(Record(Sample(content)).state, State::kFed) << content;
}

TEST_F(FeedCuckooTest, ANodeThatHasTroubleGetsNoMoreOfTheBatch) {
  b_->Down();
  a_->FailNext(Call::kSubmit, Errc::kUnreachable);
  const std::vector<broker::Message> batch = {On(Sample("one")), On(Sample("two")), On(Sample("three"))};
  EXPECT_THAT(Kinds(stage_.Handle(batch, {clock_.Now(), {}})), ElementsAre("hold", "hold", "hold"));
  EXPECT_EQ(a_->Calls(Call::kSubmit), 1U);
  for (const char* content : {"one", "two", "three"}) {
    EXPECT_EQ(Record(Sample(content)).state, State::kAccepted) << "not in doubt: " << content;
  }
}

/// A store in which another holder is a moment faster to write that a task was fed.
class FasterElsewhere final : public store::Submissions {
 public:
  explicit FasterElsewhere(store::Submissions& inner) : inner_(inner) {}

  store::Result<std::vector<std::optional<model::Submission>>> GetAll(
      std::span<const model::SubmissionId> ids) override {
    return inner_.GetAll(ids);
  }
  store::Result<std::vector<store::Moved>> Advance(std::span<const model::Submission> records) override {
    for (model::Submission record : records) {
      if (record.state != model::State::kFed) continue;
      record.changed -= Millis{1'000};
      EXPECT_TRUE(inner_.Advance(std::span(&record, 1)));
    }
    return inner_.Advance(records);
  }
  store::Result<store::Listing<model::Submission>> List(const store::SubmissionFilter& filter,
                                                        const store::Page& page) override {
    return inner_.List(filter, page);
  }
  store::Result<std::vector<std::uint64_t>> CountByState() override { return inner_.CountByState(); }

 private:
  store::Submissions& inner_;
};

TEST_F(FeedCuckooTest, TwoHoldersThatFindOneTaskTellTheSameOfIt) {
  FasterElsewhere records(store_.Submissions());
  FeedCuckoo slower(settings_, fleet_, records, samples_, metrics_);
  clock_.Advance(Millis{10'000});
  const auto outcome = stage::testing::Follow(slower, On(Sample()), clock_, 5'000);
  EXPECT_EQ(TaskOf(outcome).fed_at, Record(Sample()).changed) << "the record that stands";
  EXPECT_EQ(outcome.On("worker/check_results"), Follow(On(Sample())).On("worker/check_results"));
}

TEST_F(FeedCuckooTest, ARefusedSampleHoldsUpNoOtherOfItsBatch) {
  b_->Down();
  a_->FailNext(Call::kSubmit, Errc::kRefused);
  const std::vector<broker::Message> batch = {On(Sample("one")), On(Sample("two"))};
  EXPECT_THAT(Kinds(stage_.Handle(batch, {clock_.Now(), {}})), ElementsAre("fail", "done"));
}

}  // namespace
}  // namespace brood::stages::feed_cuckoo
