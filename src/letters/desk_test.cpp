#include "letters/desk.hpp"

#include <gmock/gmock.h>

#include "letters/facts.hpp"
#include "model/messages_json.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::letters {
namespace {

using store::LetterState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class DeskTest : public testing::Test {
 protected:
  /// A letter in the store; its message holds a key.
  store::DeadLetter Put(LetterState state, const model::FailureMessage& failure) {
    store::DeadLetter letter;
    letter.key = "key";
    letter.failure = model::ToJson(failure);
    letter.queue = failure.queue;
    letter.state = state;
    letter.attempts = 4;
    letter.due = clock_.Now() + Millis{3'600'000};
    EXPECT_TRUE(letters_.Put(letter));
    return Letter();
  }
  store::DeadLetter Put(LetterState state) { return Put(state, Failure()); }
  static model::FailureMessage Failure() {
    model::FailureMessage failure;
    failure.service = "parse_and_submit";
    failure.queue = "worker/parse_and_submit";
    failure.error = "refused: k3y";
    failure.msg = R"({"TaskId":7,"CuckooURL":"http://node","CritsData":{"api_key":"k3y"}})";
    return failure;
  }
  store::DeadLetter Letter() { return letters_.Get("key").value().value(); }

  ManualClock clock_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  store::DeadLetters& letters_ = store_.DeadLetters();
  std::vector<std::string> removed_;
  std::optional<Error> trouble_;
  Desk desk_{letters_, clock_, [this](const std::string& key) -> Expected<void, Error> {
               if (trouble_) return Unexpected(*trouble_);
               removed_.push_back(key);
               return {};
             }};
};

TEST_F(DeskTest, ADeadLetterIsDueAtOnceWithAFreshCountAndItsMessage) {
  const auto before = Put(LetterState::kDead);
  const auto letter = desk_.Retry("key");
  ASSERT_TRUE(letter);
  EXPECT_EQ(*letter, Letter());
  EXPECT_EQ(letter->state, LetterState::kDelayed);
  EXPECT_EQ(letter->due, clock_.Now());
  EXPECT_EQ(letter->attempts, 0);
  EXPECT_EQ(letter->failure, before.failure);
  EXPECT_THAT(removed_, ElementsAre()) << "who sends it removes the dump, after the confirm";
}

TEST_F(DeskTest, WhatWaitsIsDueAtOnceAndWhatWentBackStaysAsItIs) {
  Put(LetterState::kDelayed);
  EXPECT_EQ(desk_.Retry("key")->due, clock_.Now());
  EXPECT_EQ(Letter().attempts, 4);
  auto sent = Letter();
  sent.state = LetterState::kSent;
  ASSERT_TRUE(letters_.Put(sent));
  sent.version += 1;
  EXPECT_EQ(desk_.Retry("key").value(), sent);
}

TEST_F(DeskTest, ALetterWhoseMessageIsNotInItIsNotSent) {
  auto failure = Failure();
  failure.extras["MsgCut"] = "17";
  Put(LetterState::kDead, failure);
  const auto refused = desk_.Retry("key");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kRefused);
  EXPECT_THAT(refused.error().sentence, HasSubstr("was cut"));
  EXPECT_EQ(Letter().state, LetterState::kDead);
}

TEST_F(DeskTest, ADroppedLetterKeepsTheReasonAndForgetsItsMessage) {
  Put(LetterState::kDead);
  const auto letter = desk_.Drop("key", "a test of ours");
  ASSERT_TRUE(letter);
  EXPECT_EQ(*letter, Letter());
  EXPECT_EQ(letter->state, LetterState::kDropped);
  EXPECT_EQ(letter->note, "a test of ours");
  EXPECT_THAT(letter->failure, Not(HasSubstr("k3y")));
  EXPECT_EQ(FactsOf(*letter).stage, "parse_and_submit") << "what it was is still seen";
  EXPECT_EQ(FactsOf(*letter).task, model::TaskId{7});
  EXPECT_THAT(removed_, ElementsAre("key"));
  EXPECT_EQ(desk_.Drop("key", "again")->note, "a test of ours");
  EXPECT_EQ(desk_.Retry("key").error().code, Errc::kRefused);
}

TEST_F(DeskTest, WhatIsOnItsWayIsNotDropped) {
  Put(LetterState::kDelayed);
  EXPECT_EQ(desk_.Drop("key", "x").error().code, Errc::kRefused);
  EXPECT_EQ(Letter().state, LetterState::kDelayed);
}

TEST_F(DeskTest, ALetterWhoseDumpCannotBeRemovedStaysDead) {
  Put(LetterState::kDead);
  trouble_ = Transient("the file cannot be removed");
  EXPECT_THAT(desk_.Drop("key", "x").error().sentence, HasSubstr("cannot be removed"));
  EXPECT_EQ(Letter().state, LetterState::kDead);
}

TEST_F(DeskTest, WhatIsNotThereIsTold) {
  EXPECT_EQ(desk_.Retry("other").error().code, Errc::kUnknown);
  EXPECT_EQ(desk_.Drop("other", "x").error().code, Errc::kUnknown);
}

}  // namespace
}  // namespace brood::letters
