#include <gmock/gmock.h>

#include <atomic>
#include <barrier>
#include <map>
#include <thread>

#include "store/contract/contract.hpp"

namespace brood::store::contract {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

constexpr Time kStart{std::chrono::seconds{1'700'000'000}};

DeadLetter Letter(const std::string& key, int due = 0) {
  DeadLetter letter;
  letter.key = key;
  letter.failure = R"({"Service":"feed_cuckoo"})";
  letter.queue = "worker/feed_cuckoo";
  letter.submission = model::SubmissionId("0123");
  letter.attempts = 1;
  letter.due = kStart + Millis{due};
  letter.changed = kStart;
  return letter;
}

std::vector<std::string> KeysOf(const std::vector<DeadLetter>& letters) {
  std::vector<std::string> keys;
  for (const DeadLetter& letter : letters) keys.push_back(letter.key);
  return keys;
}

std::vector<std::string> ListedKeys(Store& store, const LetterFilter& filter, std::size_t page_size = 100) {
  return KeysOf(AllPages<DeadLetter>(page_size,
                                     [&](const Page& page) { return store.DeadLetters().List(filter, page); }));
}

std::vector<std::string> DueKeys(Store& store, Time now, std::size_t max = 100) {
  return KeysOf(Must(store.DeadLetters().Due(now, max)));
}

}  // namespace

TEST_P(DeadLettersContract, EveryFieldComesBackWithItsVersion) {
  DeadLetter letter = Letter("a", 7);
  letter.state = LetterState::kDropped;
  letter.note = "known, not needed\n";
  EXPECT_EQ(Must(First().DeadLetters().Put(letter)), Moved::kMoved);
  letter.version = 1;
  EXPECT_EQ(Must(First().DeadLetters().Get("a")), letter);
  EXPECT_EQ(Must(Second().DeadLetters().Get("a")), letter);
  EXPECT_EQ(Must(First().DeadLetters().Get("b")), std::nullopt);
}

TEST_P(DeadLettersContract, ANewLetterDoesNotReplaceOneThatStands) {
  ASSERT_EQ(Must(First().DeadLetters().Put(Letter("a", 7))), Moved::kMoved);
  EXPECT_EQ(Must(Second().DeadLetters().Put(Letter("a", 9))), Moved::kCurrent);
  EXPECT_EQ(Must(First().DeadLetters().Get("a"))->due, kStart + Millis{7});
}

TEST_P(DeadLettersContract, OnlyTheVersionThatWasReadIsReplaced) {
  Must(First().DeadLetters().Put(Letter("a")));
  DeadLetter mine = Must(First().DeadLetters().Get("a")).value();
  DeadLetter theirs = mine;
  theirs.state = LetterState::kDead;
  EXPECT_EQ(Must(Second().DeadLetters().Put(theirs)), Moved::kMoved);
  mine.attempts = 2;
  EXPECT_EQ(Must(First().DeadLetters().Put(mine)), Moved::kCurrent);
  const auto stands = Must(First().DeadLetters().Get("a"));
  EXPECT_EQ(stands->state, LetterState::kDead);
  EXPECT_EQ(stands->attempts, 1);
  EXPECT_EQ(stands->version, 2);
}

TEST_P(DeadLettersContract, OneOfEightThreadsWinsEachVersion) {
  constexpr int kThreads = 8;
  constexpr int kVersions = 10;
  std::vector<std::atomic<int>> moved(kVersions);
  std::barrier round(kThreads);
  std::vector<std::jthread> threads;
  for (int n = 0; n < kThreads; ++n) {
    threads.emplace_back([&, n] {
      for (int version = 0; version < kVersions; ++version) {
        DeadLetter mine = Letter("contested", n);
        mine.version = version;
        round.arrive_and_wait();
        const auto put = (n % 2 ? First() : Second()).DeadLetters().Put(mine);
        if (put && *put == Moved::kMoved) ++moved[static_cast<std::size_t>(version)];
        round.arrive_and_wait();
      }
    });
  }
  threads.clear();
  for (const auto& winners : moved) EXPECT_EQ(winners, 1);
}

TEST_P(DeadLettersContract, DueLettersComeOldestFirst) {
  for (const auto& [key, due] : std::map<std::string, int>{{"a", 3}, {"b", 1}, {"c", 2}, {"d", 9}}) {
    Must(First().DeadLetters().Put(Letter(key, due)));
  }
  const std::vector<std::string> due{"b", "c", "a"};
  ASSERT_TRUE(Eventually([&] { return DueKeys(Second(), kStart + Millis{3}) == due; }));
  EXPECT_THAT(DueKeys(First(), kStart + Millis{3}, 2), ElementsAre("b", "c"));
  EXPECT_THAT(DueKeys(First(), kStart), ElementsAre());
}

TEST_P(DeadLettersContract, OnlyDelayedLettersAreDue) {
  DeadLetter sent = Letter("sent"), dead = Letter("dead");
  sent.state = LetterState::kSent;
  dead.state = LetterState::kDead;
  for (const DeadLetter& letter : {sent, dead, Letter("delayed")}) Must(First().DeadLetters().Put(letter));
  ASSERT_TRUE(Eventually([&] { return ListedKeys(First(), {}).size() == 3; }));
  EXPECT_THAT(DueKeys(First(), kStart + Millis{1}), ElementsAre("delayed"));
}

TEST_P(DeadLettersContract, TheListComesNewestChangeFirstByState) {
  std::vector<std::string> newest_first;
  for (int i = 0; i < 11; ++i) {
    DeadLetter letter = Letter("k" + std::to_string(i));
    letter.changed = kStart + Millis{i};
    letter.state = i % 2 ? LetterState::kDead : LetterState::kDelayed;
    newest_first.insert(newest_first.begin(), letter.key);
    Must(First().DeadLetters().Put(letter));
  }
  ASSERT_TRUE(Eventually([&] { return ListedKeys(Second(), {}, 4) == newest_first; }));
  EXPECT_THAT(ListedKeys(First(), {.state = LetterState::kDead}, 2), ElementsAre("k9", "k7", "k5", "k3", "k1"));
  EXPECT_THAT(ListedKeys(First(), {.state = LetterState::kSent}), ElementsAre());
}

TEST_P(DeadLettersContract, TheListIsOfAQueueAStateAndABeginningOfTheKey) {
  for (const std::string key : {"aa", "ab", "b", "a%", "a\xC3\xA9"}) {
    DeadLetter letter = Letter(key);
    if (key == "ab") letter.queue = "worker/check_results";
    if (key == "b") letter.state = LetterState::kDropped;
    Must(First().DeadLetters().Put(letter));
  }
  ASSERT_TRUE(Eventually([&] { return ListedKeys(Second(), {}).size() == 5; }));
  EXPECT_THAT(ListedKeys(First(), {.queue = "worker/check_results"}), ElementsAre("ab"));
  EXPECT_THAT(ListedKeys(First(), {.queue = "worker"}), ElementsAre());
  EXPECT_THAT(ListedKeys(First(), {.key_prefix = "a"}, 1), UnorderedElementsAre("aa", "ab", "a%", "a\xC3\xA9"));
  EXPECT_THAT(ListedKeys(First(), {.key_prefix = "a%"}), ElementsAre("a%"));
  EXPECT_THAT(ListedKeys(First(), {.key_prefix = "aaa"}), ElementsAre());
  EXPECT_THAT(
      ListedKeys(First(), {.state = LetterState::kDropped, .queue = "worker/feed_cuckoo", .key_prefix = "b"}),
      ElementsAre("b"));
}

TEST_P(DeadLettersContract, LettersChangedInOneInstantAreListedOnceEach) {
  std::vector<std::string> keys;
  for (int i = 0; i < 13; ++i) {
    keys.push_back("k" + std::to_string(i));
    Must(First().DeadLetters().Put(Letter(keys.back())));
  }
  ASSERT_TRUE(Eventually([&] { return ListedKeys(First(), {}).size() == keys.size(); }));
  EXPECT_THAT(ListedKeys(First(), {}, 3), UnorderedElementsAreArray(keys));
}

TEST_P(DeadLettersContract, ThePlaceToGoOnMustComeFromAListing) {
  const auto listing = First().DeadLetters().List({}, Page{10, "garbage"});
  ASSERT_FALSE(listing);
  EXPECT_EQ(listing.error().code, Errc::kInvalid);
}

TEST_P(DeadLettersContract, RemovingTellsWhetherThereWasOne) {
  Must(First().DeadLetters().Put(Letter("a")));
  EXPECT_TRUE(Must(Second().DeadLetters().Remove("a")));
  EXPECT_FALSE(Must(First().DeadLetters().Remove("a")));
  EXPECT_EQ(Must(First().DeadLetters().Get("a")), std::nullopt);
  EXPECT_EQ(Must(First().DeadLetters().Put(Letter("a"))), Moved::kMoved);
}

TEST_P(DeadLettersContract, HostileFailuresComeBackByteForByte) {
  int n = 0;
  for (const std::string& text : HostileTexts()) {
    DeadLetter letter = Letter("h" + std::to_string(n++));
    letter.failure = letter.queue = text;
    ASSERT_EQ(Must(First().DeadLetters().Put(letter)), Moved::kMoved);
    letter.version = 1;
    EXPECT_TRUE(Must(First().DeadLetters().Get(letter.key)) == letter) << text.substr(0, 40);
  }
}

TEST_P(DeadLettersContract, AnEmptyKeyIsRefused) {
  const auto put = First().DeadLetters().Put(Letter(""));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Errc::kInvalid);
}

}  // namespace brood::store::contract
