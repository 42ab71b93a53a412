#include "stage/settle.hpp"

#include <gtest/gtest.h>

#include "model/messages_json.hpp"
#include "stage/testing/fake_source.hpp"

namespace brood::stage {
namespace {

using broker::Errc;
using testing::FakeSource;
using State = Job::State;

class SettleTest : public ::testing::Test {
 protected:
  // A delivery in hand that leads to a message on "out" with the same body.
  void Add(const std::string& body) {
    source_.Put(body);
    auto delivery = std::move(source_.Take(1, Millis{0}).at(0));
    jobs_.push_back({.delivery = delivery.id, .message = std::move(delivery.message)});
    jobs_.back().publish.push_back({"out", body, {}});
  }

  void AddFailed(const std::string& body) {
    Add(body);
    jobs_.back().publish.clear();
    jobs_.back().failure = Permanent("no", "good");
  }

  std::vector<State> States() const {
    std::vector<State> states;
    for (const auto& job : jobs_) states.push_back(job.state);
    return states;
  }

  void RefuseBody(const std::string& body, Errc code) {
    source_.RefuseIf([=](const broker::Settlement& settlement) -> std::optional<Errc> {
      for (const auto& outgoing : settlement.publish) {
        if (outgoing.body == body) return code;
      }
      return std::nullopt;
    });
  }

  FakeSource source_;
  std::vector<Job> jobs_;
  KeepBody keep_body_;
  std::size_t max_message_ = std::size_t{1} << 20;
  bool Settle() {
    return Settler("try_out", source_, max_message_, {"try_out", "in", "worker/failed", keep_body_})
        .Settle(jobs_);
  }
};

TEST_F(SettleTest, AGroupIsOneCall) {
  for (const char* body : {"a", "b", "c"}) Add(body);
  EXPECT_TRUE(Settle());
  EXPECT_EQ(States(), std::vector<State>(3, State::kSettled));
  EXPECT_EQ(source_.SettleSizes(), std::vector<std::size_t>{3});
  EXPECT_EQ(source_.Bodies("out"), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(SettleTest, WhileTheBrokerIsAwayOrFullEverythingIsKeptForLater) {
  for (const Errc code : {Errc::kUnavailable, Errc::kFull, Errc::kStopped}) {
    jobs_.clear();
    Add("a");
    Add("b");
    source_.FailNext(code);
    EXPECT_FALSE(Settle());
    EXPECT_EQ(States(), std::vector<State>(2, State::kLater));
    EXPECT_EQ(jobs_[1].publish[0].body, "b");
    EXPECT_TRUE(Settle());
    EXPECT_EQ(States(), std::vector<State>(2, State::kSettled));
  }
}

TEST_F(SettleTest, AStaleDeliveryIsDroppedAndTheOthersAreSettled) {
  for (const char* body : {"a", "b", "c", "d", "e"}) Add(body);
  const std::vector<broker::DeliveryId> gone{jobs_[3].delivery};
  source_.GiveBack(gone);
  EXPECT_TRUE(Settle());
  EXPECT_EQ(States(), (std::vector<State>{State::kSettled, State::kSettled, State::kSettled, State::kStale,
                                          State::kSettled}));
  EXPECT_EQ(source_.Bodies("out"), (std::vector<std::string>{"a", "b", "c", "e"}));
  EXPECT_EQ(source_.SettleSizes(), (std::vector<std::size_t>{5, 4}));
}

TEST_F(SettleTest, ASourceThatDoesNotSayWhichDeliveryIsStaleIsAskedInSmallerGroups) {
  for (const char* body : {"a", "b", "c", "d"}) Add(body);
  source_.FailNext(Errc::kStale, 3);
  EXPECT_TRUE(Settle());
  EXPECT_EQ(States(), (std::vector<State>{State::kStale, State::kSettled, State::kSettled, State::kSettled}));
  EXPECT_EQ(source_.SettleSizes(), (std::vector<std::size_t>{4, 2, 1, 1, 2}));
}

TEST_F(SettleTest, AMessageTooLargeForTheBrokerMakesAFailureOfItsCause) {
  Add("a");
  Add("huge");
  RefuseBody("huge", Errc::kTooLarge);
  EXPECT_TRUE(Settle());
  EXPECT_EQ(States(), (std::vector<State>{State::kSettled, State::kOpen}));
  jobs_.erase(jobs_.begin());
  EXPECT_TRUE(Settle());
  EXPECT_EQ(States(), std::vector<State>{State::kSettled});
  const auto failure = model::FailureMessageFromJson(source_.Bodies("worker/failed").at(0)).value();
  EXPECT_EQ(failure.msg, "huge");
  EXPECT_EQ(failure.kind, ErrorKind::kPermanent);
  EXPECT_EQ(failure.desc, "the message it led to is too large for the broker");
}

TEST_F(SettleTest, AMessageWithoutAQueueMakesAFailureThatMayBeTriedAgain) {
  Add("a");
  RefuseBody("a", Errc::kUnknownQueue);
  EXPECT_TRUE(Settle());
  EXPECT_TRUE(Settle());
  const auto failure = model::FailureMessageFromJson(source_.Bodies("worker/failed").at(0)).value();
  EXPECT_EQ(failure.kind, ErrorKind::kTransient);
  EXPECT_EQ(failure.desc, "the message it led to has no queue to go to");
}

TEST_F(SettleTest, AFailureRecordThatIsRefusedAsTooLargeIsMadeWithoutTheBody) {
  int kept = 0;
  keep_body_ = [&kept](std::string_view) -> Expected<std::string, Error> {
    ++kept;
    return "sha256:abc";
  };
  AddFailed(std::string(500, 'x'));
  source_.RefuseIf([](const broker::Settlement& settlement) -> std::optional<Errc> {
    if (settlement.publish.at(0).body.size() > 400) return Errc::kTooLarge;
    return std::nullopt;
  });
  EXPECT_TRUE(Settle());
  EXPECT_EQ(States(), std::vector<State>{State::kOpen});
  EXPECT_TRUE(Settle());
  EXPECT_EQ(States(), std::vector<State>{State::kSettled});
  EXPECT_EQ(kept, 1);
}

TEST_F(SettleTest, AFailureRecordWithoutAQueueIsKeptForLaterAndHoldsNobodyUp) {
  AddFailed("a");
  Add("b");
  source_.RefuseIf([](const broker::Settlement& settlement) -> std::optional<Errc> {
    if (settlement.publish.at(0).queue == "worker/failed") return Errc::kUnknownQueue;
    return std::nullopt;
  });
  EXPECT_TRUE(Settle());
  EXPECT_EQ(States(), (std::vector<State>{State::kLater, State::kSettled}));
}

TEST_F(SettleTest, WhileABodyCannotBeKeptItsMessageStaysOurs) {
  max_message_ = 1'000;
  keep_body_ = [](std::string_view) -> Expected<std::string, Error> {
    return Unexpected(Transient("disk full"));
  };
  AddFailed(std::string(1'000, 'x'));
  Add("b");
  EXPECT_TRUE(Settle());
  EXPECT_EQ(States(), (std::vector<State>{State::kLater, State::kSettled}));
  EXPECT_EQ(source_.InHand(), 1U);
}

}  // namespace
}  // namespace brood::stage
