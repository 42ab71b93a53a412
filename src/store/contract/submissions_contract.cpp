#include <gmock/gmock.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "store/contract/contract.hpp"

namespace brood::store::contract {
namespace {

using model::State;
using model::Submission;
using model::SubmissionId;
using testing::ElementsAre;
using testing::UnorderedElementsAreArray;

constexpr Time kStart{std::chrono::seconds{1'700'000'000}};

Submission Record(const std::string& id, State state, int attempt = 0) {
  Submission record;
  record.id = SubmissionId(id);
  record.state = state;
  record.attempt = attempt;
  record.changed = kStart;
  return record;
}

Submission FullRecord() {
  Submission record = Record("0123456789abcdef0123456789abcdef", State::kScored, 3);
  record.sha256 = model::SampleHash(std::string(64, 'a'));
  record.name = "invoice.pdf.exe";
  record.origin = "folder";
  record.options = {{"timeout", "60"}, {"options", "free=yes,\"x\"\n"}, {"", ""}};
  record.accepted = kStart - Millis{5};
  record.node = model::NodeUrl("http://127.0.0.1:8090");
  record.task = model::TaskId(1LL << 40);
  record.run = {kStart + Millis{7}, "0123:3"};
  record.stage = "check_results";
  record.reason = "the task vanished";
  record.report_note = "empty";
  record.score = 2.75;
  record.blacklisted = true;
  record.reasons = R"([{"reason":"mutex","data":"x"}])";
  return record;
}

Moved AdvanceOne(Store& store, const Submission& record) {
  return Must(store.Submissions().Advance({&record, 1})).at(0);
}

std::vector<std::string> IdsOf(const std::vector<Submission>& records) {
  std::vector<std::string> ids;
  for (const Submission& record : records) ids.push_back(record.id.Get());
  return ids;
}

std::vector<std::string> ListedIds(Store& store, const SubmissionFilter& filter, std::size_t page_size = 100) {
  return IdsOf(AllPages<Submission>(page_size,
                                    [&](const Page& page) { return store.Submissions().List(filter, page); }));
}

}  // namespace

TEST_P(SubmissionsContract, AnUnknownIdHasNoRecord) {
  EXPECT_EQ(Must(First().Submissions().Get(SubmissionId("nobody"))), std::nullopt);
}

TEST_P(SubmissionsContract, EveryFieldComesBackAsWritten) {
  EXPECT_EQ(AdvanceOne(First(), FullRecord()), Moved::kMoved);
  EXPECT_EQ(Must(First().Submissions().Get(FullRecord().id)), FullRecord());
  EXPECT_EQ(Must(Second().Submissions().Get(FullRecord().id)), FullRecord());
}

TEST_P(SubmissionsContract, ALaterVersionReplacesTheWholeRecord) {
  Submission earlier = FullRecord();
  earlier.state = State::kFeeding;
  ASSERT_EQ(AdvanceOne(First(), earlier), Moved::kMoved);
  Submission later = Record(earlier.id.Get(), State::kFed, earlier.attempt);
  EXPECT_EQ(AdvanceOne(Second(), later), Moved::kMoved);
  EXPECT_EQ(Must(First().Submissions().Get(earlier.id)), later);
}

TEST_P(SubmissionsContract, TheSameVersionIsRefusedAndChangesNothing) {
  const Submission first = Record("a", State::kFed);
  Submission tie = first;
  tie.reason = "another writer";
  ASSERT_EQ(AdvanceOne(First(), first), Moved::kMoved);
  EXPECT_EQ(AdvanceOne(Second(), tie), Moved::kCurrent);
  EXPECT_EQ(Must(First().Submissions().Get(first.id)), first);
}

TEST_P(SubmissionsContract, AnEarlierVersionIsRefusedAndChangesNothing) {
  const Submission current = Record("a", State::kAccepted, 1);
  ASSERT_EQ(AdvanceOne(First(), current), Moved::kMoved);
  EXPECT_EQ(AdvanceOne(First(), Record("a", State::kScored, 0)), Moved::kCurrent);
  EXPECT_EQ(Must(First().Submissions().Get(current.id)), current);
}

TEST_P(SubmissionsContract, ABulkAnswersForEachItemInOrder) {
  ASSERT_EQ(AdvanceOne(First(), Record("b", State::kFed)), Moved::kMoved);
  const std::vector<Submission> bulk{Record("a", State::kAccepted), Record("b", State::kFeeding),
                                     Record("c", State::kAccepted), Record("a", State::kFeeding),
                                     Record("a", State::kFeeding)};
  EXPECT_THAT(Must(First().Submissions().Advance(bulk)),
              ElementsAre(Moved::kMoved, Moved::kCurrent, Moved::kMoved, Moved::kMoved, Moved::kCurrent));
  EXPECT_EQ(Must(First().Submissions().Get(SubmissionId("a")))->state, State::kFeeding);
  EXPECT_EQ(Must(First().Submissions().Get(SubmissionId("b")))->state, State::kFed);
}

TEST_P(SubmissionsContract, SeveralAreReadInTheOrderTheyAreAskedForTwiceIfNeedBe) {
  for (const char* id : {"a", "b"}) AdvanceOne(First(), Record(id, State::kFed));
  const std::vector<SubmissionId> ids = {SubmissionId("b"), SubmissionId("c"), SubmissionId("a"),
                                         SubmissionId("b")};
  const auto records = Must(First().Submissions().GetAll(ids));
  EXPECT_THAT(records, ElementsAre(Record("b", State::kFed), std::nullopt, Record("a", State::kFed),
                                   Record("b", State::kFed)));
}

TEST_P(SubmissionsContract, AnEmptyBulkHasNoAnswers) {
  EXPECT_TRUE(Must(First().Submissions().GetAll({})).empty());
  EXPECT_TRUE(Must(First().Submissions().Advance({})).empty());
}

TEST_P(SubmissionsContract, OneOfEightThreadsWinsEachVersion) {
  constexpr int kThreads = 8;
  constexpr int kVersions = 20;
  std::vector<std::atomic<int>> moved(kVersions);
  std::barrier round(kThreads);
  std::vector<std::jthread> threads;
  for (int n = 0; n < kThreads; ++n) {
    threads.emplace_back([&, n] {
      for (int version = 0; version < kVersions; ++version) {
        Submission mine = Record("contested", State::kFeeding, version);
        mine.reason = std::to_string(n);
        round.arrive_and_wait();
        Result<std::vector<Moved>> answer = (n % 2 ? First() : Second()).Submissions().Advance({&mine, 1});
        if (answer && answer->at(0) == Moved::kMoved) ++moved[static_cast<std::size_t>(version)];
        round.arrive_and_wait();
      }
    });
  }
  threads.clear();
  for (const auto& winners : moved) EXPECT_EQ(winners, 1);
  EXPECT_EQ(Must(First().Submissions().Get(SubmissionId("contested")))->attempt, kVersions - 1);
}

TEST_P(SubmissionsContract, TheListComesNewestChangeFirstAndInPages) {
  std::vector<Submission> records;
  std::vector<std::string> newest_first;
  for (int i = 0; i < 25; ++i) {
    records.push_back(Record("s" + std::to_string(i), State::kAccepted));
    records.back().changed = kStart + Millis{i};
    newest_first.insert(newest_first.begin(), records.back().id.Get());
  }
  Must(First().Submissions().Advance(records));
  EXPECT_TRUE(Eventually([&] { return ListedIds(Second(), {}, 10) == newest_first; }));
}

TEST_P(SubmissionsContract, RecordsChangedInOneInstantAreListedOnceEach) {
  std::vector<Submission> records;
  for (int i = 0; i < 23; ++i) records.push_back(Record("s" + std::to_string(i), State::kAccepted));
  Must(First().Submissions().Advance(records));
  ASSERT_TRUE(Eventually([&] { return ListedIds(First(), {}).size() == records.size(); }));
  EXPECT_THAT(ListedIds(First(), {}, 5), UnorderedElementsAreArray(IdsOf(records)));
}

TEST_P(SubmissionsContract, TheListIsFilteredByStateSampleAndTimeOfChange) {
  std::vector<Submission> records{Record("a", State::kFeeding), Record("b", State::kFed),
                                  Record("c", State::kFed), Record("d", State::kFed)};
  records[2].sha256 = model::SampleHash("cafe");
  records[3].sha256 = model::SampleHash("cafe");
  records[3].changed = kStart + Millis{1};
  Must(First().Submissions().Advance(records));
  const auto lists = [&](const SubmissionFilter& filter, const std::vector<std::string>& ids) {
    return Eventually([&] { return ListedIds(First(), filter) == ids; });
  };
  EXPECT_TRUE(lists({.state = State::kFeeding}, {"a"}));
  EXPECT_TRUE(lists({.sha256 = model::SampleHash("cafe")}, {"d", "c"}));
  EXPECT_TRUE(lists({.sha256 = model::SampleHash("cafe"), .changed_before = kStart + Millis{1}}, {"c"}));
  EXPECT_TRUE(lists({.state = State::kFeeding, .sha256 = model::SampleHash("cafe")}, {}));
  EXPECT_TRUE(lists({.changed_before = kStart}, {}));
}

TEST_P(SubmissionsContract, ThePlaceToGoOnMustComeFromAListing) {
  for (const std::string after : {"garbage", "12", "12/", "/x", "9999999999999999999999/1"}) {
    const auto listing = First().Submissions().List({}, Page{10, after});
    ASSERT_FALSE(listing) << after;
    EXPECT_EQ(listing.error().code, Errc::kInvalid);
  }
}

TEST_P(SubmissionsContract, EachRecordIsCountedInTheStateItStandsIn) {
  const std::vector<Submission> records{Record("a", State::kAccepted), Record("b", State::kAccepted),
                                        Record("b", State::kFeeding), Record("c", State::kScored),
                                        Record("d", State::kScored)};
  Must(First().Submissions().Advance(records));
  EXPECT_TRUE(Eventually([&] {
    return Must(First().Submissions().CountByState()) == std::vector<std::uint64_t>{1, 1, 0, 0, 0, 2};
  }));
}

TEST_P(SubmissionsContract, HostileTextComesBackByteForByte) {
  int n = 0;
  for (const std::string& text : HostileTexts()) {
    Submission record = Record("h" + std::to_string(n++), State::kFailed);
    record.name = record.reason = text;
    ASSERT_EQ(AdvanceOne(First(), record), Moved::kMoved);
    EXPECT_TRUE(Must(First().Submissions().Get(record.id)) == record) << text.substr(0, 40);
  }
}

TEST_P(SubmissionsContract, ANameThatIsNotUtf8IsNoReasonToRefuseTheRecord) {
  Submission record = Record("a", State::kAccepted);
  record.name = "caf\xE9.exe";
  ASSERT_EQ(AdvanceOne(First(), record), Moved::kMoved);
  EXPECT_THAT(Must(First().Submissions().Get(record.id))->name,
              testing::AnyOf(record.name, "caf\xEF\xBF\xBD.exe"));
}

TEST_P(SubmissionsContract, AnIdThatCannotBeKeptRefusesTheBulkBeforeAnythingIsWritten) {
  const std::vector<Submission> bulk{Record("good", State::kAccepted),
                                     Record(std::string("n\0ul", 4), State::kAccepted)};
  const auto answer = First().Submissions().Advance(bulk);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kInvalid);
  EXPECT_EQ(Must(First().Submissions().Get(SubmissionId("good"))), std::nullopt);
  const auto each = AdvanceEach(First().Submissions(), bulk);
  ASSERT_EQ(each.size(), 2U);
  EXPECT_EQ(each[0].value(), Moved::kMoved) << "by itself it can be kept";
  EXPECT_EQ(each[1].error().code, Errc::kInvalid);
}

}  // namespace brood::store::contract
