// A message that names an analysis in CRITs, through the whole stage.
#include "stages/parse_and_submit/testing/crits_stage.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

namespace brood::stages::parse_and_submit {
namespace {

using crits::Errc;
using stage::Done;
using stage::Fail;
using stage::Retry;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(CritsStageTest, ResultsAndTheEndGoInOneRequestAndTheReportIsStored) {
  const auto fate = Offer();
  EXPECT_THAT(QueuesOf(fate), testing::ElementsAre("worker/blacklist_processor", "worker/cleanup"));
  ASSERT_THAT(crits_.sent, SizeIs(1));
  const crits::Update& update = crits_.sent[0].update;
  EXPECT_EQ(update.results.subtypes, R"(["info","signature","process","api_call","file_added"])");
  EXPECT_EQ(update.results.results, R"(["win7","does it","a.exe","NtClose","drop.exe"])");
  EXPECT_EQ(update.end, crits::End::kCompleted);
  EXPECT_EQ(update.log, "");
  EXPECT_THAT(crits_.samples, SizeIs(1));
  EXPECT_TRUE(IsStored());
  EXPECT_EQ(metrics_.Find("brood_crits_results_total"), 5.0);
}

TEST_F(CritsStageTest, TheSameMessageTwiceSendsOnceAndFetchesOnce) {
  const auto first = QueuesOf(Offer());
  EXPECT_EQ(QueuesOf(Offer()), first);
  EXPECT_THAT(crits_.sent, SizeIs(1));
  EXPECT_EQ(node_->Calls(sandbox::testing::Call::kReport), 1U);
}

TEST_F(CritsStageTest, AMessageWithoutAnObjectInCritsOnlyStores) {
  task_.crits = {};
  task_.crits.analysis_id = record_.id.Get();
  EXPECT_TRUE(std::holds_alternative<Done>(Offer()));
  EXPECT_THAT(crits_.sent, IsEmpty());
  EXPECT_TRUE(IsStored());
}

TEST_F(CritsStageTest, WhenCritsIsDownTheReportIsStoredAndTheMessageComesAgain) {
  crits_.FailNext("send", Errc::kUnreachable, 2);
  EXPECT_TRUE(std::holds_alternative<Retry>(Offer()));
  EXPECT_TRUE(IsStored());
  EXPECT_TRUE(std::holds_alternative<Retry>(Offer()));
  EXPECT_TRUE(std::holds_alternative<Done>(Offer()));
  EXPECT_THAT(crits_.sent, SizeIs(1));
  EXPECT_EQ(metrics_.Find("brood_crits_repeated_requests_total"), 0.0) << "none of them had arrived";
}

TEST_F(CritsStageTest, OnlyWhatMayHaveArrivedIsSentTwiceAndCounted) {
  crits::Settings settings;
  settings.max_body = 7'400;  // room for one or two results a request
  const auto stage = Stage(settings);
  crits_.FailNext("send", Errc::kAnswerLost);
  EXPECT_TRUE(std::holds_alternative<Retry>(Offer(*stage, task_)));
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(*stage, task_)));
  ASSERT_GT(crits_.sent.size(), 2U);
  EXPECT_EQ(crits_.sent[0].update.results, crits_.sent[1].update.results) << "and says so by its batch number";
  EXPECT_EQ(Results(), 5U + crits_.sent[0].update.results.items);
  EXPECT_EQ(metrics_.Find("brood_crits_repeated_requests_total"), 1.0);
}

/// Remembers how many requests with results it had at once.
class SlowCrits final : public crits::Crits {
 public:
  crits::Result<void> Send(const crits::Analysis&, const crits::Update&, std::stop_token) override {
    at_most_ = std::max<int>(at_most_, ++at_work_);
    for (int i = 0; i < 1'000; ++i) std::this_thread::yield();  // the others could come in
    --at_work_;
    return {};
  }
  crits::Result<std::string> AddSample(const crits::Analysis&, const crits::NewSample&,
                                       std::stop_token) override {
    return std::string();
  }
  crits::Result<void> Relate(const crits::Analysis&, const std::string&, std::stop_token) override {
    return {};
  }

  int AtMost() const { return at_most_; }

 private:
  std::atomic<int> at_work_{0}, at_most_{0};
};

TEST_F(CritsStageTest, ResultsGoOneRequestAtATimeSoThatAKillLeavesOneInDoubt) {
  SlowCrits slow;
  CritsSink sink({}, "", dir_ / "scratch", slow, store_.Effects(), metrics_);
  const auto push = [&](int worker) {
    for (int i = 0; i < 10; ++i) {
      model::TaskMessage task = task_;
      task.crits.analysis_id = fmt::format("{}-{}", worker, i);
      EXPECT_TRUE(sink.Push(task, *node_, report::ReadResult{}, stage::Turn{clock_.Now(), {}}));
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < 3; ++worker) workers.emplace_back(push, worker);
  }
  EXPECT_EQ(slow.AtMost(), 1);
  EXPECT_EQ(metrics_.Find("brood_crits_analyses_ended_total"), 30.0);
}

TEST_F(CritsStageTest, AUrlThatIsNotAllowedFailsForGoodAndTheReportIsStored) {
  crits_.FailNext("add", Errc::kNotAllowed);
  const auto fate = Offer();
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_EQ(std::get<Fail>(fate).why.kind, ErrorKind::kPermanent);
  EXPECT_TRUE(IsStored());
}

TEST_F(CritsStageTest, WhatHasNoRoomIsCountedInTheAnalysissLog) {
  crits::Settings settings;
  settings.max_document = 400;
  const auto stage = Stage(settings);
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(*stage, task_)));
  const crits::Update& last = crits_.sent.back().update;
  EXPECT_THAT(last.log, HasSubstr("left out: no room for them in CRITs"));
  EXPECT_EQ(last.level, crits::Level::kWarning);
  EXPECT_EQ(last.end, crits::End::kCompleted);
  EXPECT_GT(metrics_.Find("brood_crits_results_left_out_total").value(), 0.0);
}

TEST_F(CritsStageTest, AChainEndsTheAnalysisOnceAndDeletesTheTaskAtItsEnd) {
  crits::Settings first, second;
  first.enabled_parsers = {"info", "signatures", "behavior"};
  second.enabled_parsers = {"dropped"};
  // As in the README of cuckoo_distributed: the second wants the task deleted, and the first ends the circle.
  const auto one = Stage(first, "worker/dropped", false),
             other = Stage(second, "worker/parse_and_submit", true);
  auto fate = Offer(*one, task_);
  EXPECT_THAT(QueuesOf(fate), testing::ElementsAre("worker/blacklist_processor", "worker/dropped"));
  auto next = model::TaskMessageFromJson(std::get<Done>(fate).publish.back().body).value();
  fate = Offer(*other, next);
  EXPECT_THAT(QueuesOf(fate), testing::ElementsAre("worker/blacklist_processor", "worker/parse_and_submit"));
  next = model::TaskMessageFromJson(std::get<Done>(fate).publish.back().body).value();
  fate = Offer(*one, next);
  EXPECT_THAT(QueuesOf(fate), testing::ElementsAre("worker/blacklist_processor", "worker/cleanup"));
  ASSERT_THAT(crits_.sent, SizeIs(3));
  EXPECT_FALSE(crits_.sent[0].update.end || crits_.sent[1].update.end);
  EXPECT_EQ(crits_.sent[2].update.end, crits::End::kCompleted);
  EXPECT_TRUE(crits_.sent[2].update.results.Empty());
  EXPECT_THAT(crits_.sent[1].update.results.types, HasSubstr("\\\"batch\\\":2"));
  EXPECT_EQ(Results(), 5U);
}

}  // namespace
}  // namespace brood::stages::parse_and_submit
