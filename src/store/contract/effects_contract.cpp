#include <atomic>
#include <barrier>
#include <thread>

#include "store/contract/contract.hpp"

namespace brood::store::contract {

TEST_P(EffectsContract, WhatNobodyBeganIsFirstAndThenUnsure) {
  EXPECT_EQ(Must(First().Effects().Begin("a", kNow)), Begun::kFirst);
  EXPECT_EQ(Must(Second().Effects().Begin("a", kNow)), Begun::kUnsure);
  EXPECT_EQ(Must(First().Effects().Begin("a", kNow)), Begun::kUnsure);
  EXPECT_EQ(Must(First().Effects().Begin("b", kNow)), Begun::kFirst);
}

TEST_P(EffectsContract, WhatIsFinishedStaysDone) {
  Must(First().Effects().Begin("a", kNow));
  Must(First().Effects().Finish("a", kNow));
  EXPECT_EQ(Must(Second().Effects().Begin("a", kNow)), Begun::kDone);
  Must(Second().Effects().Finish("a", kNow));
  EXPECT_EQ(Must(First().Effects().Begin("a", kNow)), Begun::kDone);
}

TEST_P(EffectsContract, FinishingWhatNobodyBeganFinishesIt) {
  Must(First().Effects().Finish("a", kNow));
  EXPECT_EQ(Must(First().Effects().Begin("a", kNow)), Begun::kDone);
}

TEST_P(EffectsContract, WhatIsWithdrawnIsFirstAgainUnlessItIsDone) {
  Must(First().Effects().Begin("a", kNow));
  Must(Second().Effects().Withdraw("a"));
  EXPECT_EQ(Must(First().Effects().Begin("a", kNow)), Begun::kFirst);
  Must(First().Effects().Finish("a", kNow));
  Must(First().Effects().Withdraw("a"));
  Must(First().Effects().Withdraw("unknown"));
  EXPECT_EQ(Must(First().Effects().Begin("a", kNow)), Begun::kDone);
}

TEST_P(EffectsContract, AllOfItOutlivesARestart) {
  Must(First().Effects().Begin("begun", kNow));
  Must(First().Effects().Begin("done", kNow));
  Must(First().Effects().Finish("done", kNow));
  Reopen();
  EXPECT_EQ(Must(First().Effects().Begin("begun", kNow)), Begun::kUnsure);
  EXPECT_EQ(Must(First().Effects().Begin("done", kNow)), Begun::kDone);
}

TEST_P(EffectsContract, OldOnesAreForgotten) {
  Must(First().Effects().Finish("old", kNow));
  Must(First().Effects().Begin("young", kNow + Millis{10}));
  EXPECT_EQ(Must(First().Effects().Forget(kNow + Millis{10})), 1U);
  EXPECT_EQ(Must(First().Effects().Forget(kNow + Millis{10})), 0U);
  EXPECT_EQ(Must(First().Effects().Begin("old", kNow)), Begun::kFirst);
  EXPECT_EQ(Must(First().Effects().Begin("young", kNow)), Begun::kUnsure);
}

TEST_P(EffectsContract, OneOfEightThreadsIsTheFirst) {
  constexpr int kThreads = 8;
  std::atomic<int> firsts = 0;
  std::barrier start(kThreads);
  std::vector<std::jthread> threads;
  for (int n = 0; n < kThreads; ++n) {
    threads.emplace_back([&, n] {
      start.arrive_and_wait();
      const auto begun = (n % 2 ? First() : Second()).Effects().Begin("a", kNow);
      if (begun && *begun == Begun::kFirst) ++firsts;
    });
  }
  threads.clear();
  EXPECT_EQ(firsts, 1);
}

TEST_P(EffectsContract, AKeyThatIsNoneIsRefused) {
  for (const std::string& key : {std::string(), std::string("a\nb"), std::string(600, 'x')}) {
    const auto begun = First().Effects().Begin(key, kNow);
    ASSERT_FALSE(begun);
    EXPECT_EQ(begun.error().code, Errc::kInvalid);
    EXPECT_FALSE(First().Effects().Finish(key, kNow));
  }
}

}  // namespace brood::store::contract
