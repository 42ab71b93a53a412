#include <gmock/gmock.h>

#include "store/contract/contract.hpp"

namespace brood::store::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time kStored{std::chrono::seconds{1'700'000'000}};

StoredReport Report(const std::string& id, int fed_at, const std::string& run = "r") {
  StoredReport report;
  report.id = id;
  report.run = {kStored + Millis{fed_at}, run};
  report.submission = model::SubmissionId("of " + id);
  report.stored = kStored;
  report.document = R"({"processed":false,"score":1.5})";
  return report;
}

Moved PutOne(Store& store, const StoredReport& report) { return Must(store.Reports().Put({&report, 1})).at(0); }

void MarkOne(Store& store, const std::string& id, const model::Run& run) {
  const ReportKey key{id, run};
  Must(store.Reports().MarkProcessed({&key, 1}));
}

std::vector<std::string> UnprocessedIds(Store& store, Time before, std::size_t max = 100) {
  std::vector<std::string> ids;
  for (const StoredReport& report : Must(store.Reports().Unprocessed(before, max))) ids.push_back(report.id);
  return ids;
}

}  // namespace

TEST_P(ReportsContract, EveryFieldComesBackAsWritten) {
  StoredReport report = Report("a", 5);
  report.processed = true;
  EXPECT_EQ(PutOne(First(), report), Moved::kMoved);
  EXPECT_EQ(Must(First().Reports().Get("a")), report);
  EXPECT_EQ(Must(Second().Reports().Get("a")), report);
  EXPECT_EQ(Must(First().Reports().Get("b")), std::nullopt);
}

TEST_P(ReportsContract, TheSameRunAgainChangesNothing) {
  const StoredReport report = Report("a", 5);
  ASSERT_EQ(PutOne(First(), report), Moved::kMoved);
  StoredReport again = report;
  again.document = "{}";
  again.stored += Millis{9};
  EXPECT_EQ(PutOne(Second(), again), Moved::kCurrent);
  EXPECT_EQ(Must(First().Reports().Get("a")), report);
}

TEST_P(ReportsContract, TheSameRunAgainStaysProcessed) {
  const StoredReport report = Report("a", 5);
  PutOne(First(), report);
  MarkOne(First(), "a", report.run);
  EXPECT_EQ(PutOne(First(), report), Moved::kCurrent);
  EXPECT_TRUE(Must(First().Reports().Get("a"))->processed);
}

TEST_P(ReportsContract, AnOlderRunNeverReplacesANewerOne) {
  const StoredReport newer = Report("a", 5, "m");
  PutOne(First(), newer);
  EXPECT_EQ(PutOne(First(), Report("a", 4, "z")), Moved::kCurrent);
  EXPECT_EQ(PutOne(First(), Report("a", 5, "l")), Moved::kCurrent) << "fed in the same instant: the id decides";
  EXPECT_EQ(Must(First().Reports().Get("a")), newer);
}

TEST_P(ReportsContract, OfTwoRunsFedInOneInstantTheGreaterIdIsTheNewer) {
  PutOne(First(), Report("a", 5, "s:9"));
  EXPECT_EQ(PutOne(First(), Report("a", 5, "s:91")), Moved::kMoved);
  EXPECT_EQ(Must(First().Reports().Get("a")), Report("a", 5, "s:91"));
}

TEST_P(ReportsContract, ANewerRunReplacesTheReportAndIsUnprocessedAgain) {
  const StoredReport older = Report("a", 4);
  PutOne(First(), older);
  MarkOne(First(), "a", older.run);
  StoredReport newer = Report("a", 5);
  newer.document = R"({"processed":false,"score":9.0})";
  EXPECT_EQ(PutOne(Second(), newer), Moved::kMoved);
  EXPECT_EQ(Must(First().Reports().Get("a")), newer);
  EXPECT_TRUE(Eventually([&] { return UnprocessedIds(First(), kStored + Millis{1}).size() == 1; }));
}

TEST_P(ReportsContract, ABulkAnswersForEachItemInOrder) {
  PutOne(First(), Report("b", 5));
  const std::vector<StoredReport> bulk{Report("a", 1), Report("b", 5), Report("a", 2), Report("c", 1),
                                       Report("a", 1)};
  EXPECT_THAT(Must(First().Reports().Put(bulk)),
              ElementsAre(Moved::kMoved, Moved::kCurrent, Moved::kMoved, Moved::kMoved, Moved::kCurrent));
  EXPECT_EQ(Must(First().Reports().Get("a")), Report("a", 2));
  EXPECT_TRUE(Must(First().Reports().Put({})).empty());
}

TEST_P(ReportsContract, OnlyTheRunThatWasReadIsMarkedProcessed) {
  const StoredReport report = Report("a", 5, "m");
  PutOne(First(), report);
  MarkOne(First(), "a", {report.run.fed_at, "another"});
  MarkOne(First(), "a", {report.run.fed_at - Millis{1}, "m"});
  MarkOne(First(), "unknown", report.run);
  EXPECT_FALSE(Must(First().Reports().Get("a"))->processed);
  MarkOne(Second(), "a", report.run);
  EXPECT_TRUE(Must(First().Reports().Get("a"))->processed);
}

TEST_P(ReportsContract, MarkingGoesOnBehindAKeyThatIsGone) {
  PutOne(First(), Report("a", 1));
  PutOne(First(), Report("b", 1));
  const std::vector<ReportKey> keys{{"a", Report("a", 1).run}, {"gone", {}}, {"b", Report("b", 1).run}};
  Must(First().Reports().MarkProcessed(keys));
  EXPECT_TRUE(Must(First().Reports().Get("a"))->processed);
  EXPECT_TRUE(Must(First().Reports().Get("b"))->processed);
}

TEST_P(ReportsContract, TheUnprocessedComeOldestFirstAsKeysAlone) {
  for (const int age : {2, 3, 1, 4}) {
    StoredReport report = Report(std::to_string(age), 0);
    report.stored = kStored - Millis{age};
    PutOne(First(), report);
  }
  MarkOne(First(), "3", Report("3", 0).run);
  const std::vector<std::string> oldest_first{"4", "2", "1"};
  ASSERT_TRUE(Eventually([&] { return UnprocessedIds(Second(), kStored) == oldest_first; }));
  EXPECT_THAT(UnprocessedIds(First(), kStored, 2), ElementsAre("4", "2"));
  EXPECT_THAT(UnprocessedIds(First(), kStored - Millis{2}), ElementsAre("4")) << "`before` is not included";
  const StoredReport oldest = Must(First().Reports().Unprocessed(kStored, 1)).at(0);
  EXPECT_EQ(oldest.run, Report("4", 0).run);
  EXPECT_EQ(oldest.submission, Report("4", 0).submission);
  EXPECT_EQ(oldest.stored, kStored - Millis{4});
  EXPECT_THAT(oldest.document, IsEmpty());
}

TEST_P(ReportsContract, AScanGivesEachReportOnceInOrderOfId) {
  std::vector<StoredReport> reports;
  for (int i = 0; i < 57; ++i) reports.push_back(Report("id" + std::to_string(100 + i * 37 % 57), i));
  Must(First().Reports().Put(reports));
  std::ranges::sort(reports, {}, &StoredReport::id);
  EXPECT_TRUE(Eventually([&] {
    return AllPages<StoredReport>(10, [&](const Page& page) { return Second().Reports().Scan(page); }) ==
           reports;
  }));
}

TEST_P(ReportsContract, AScanOfNothingIsEmpty) {
  const auto listing = Must(First().Reports().Scan({}));
  EXPECT_TRUE(listing.items.empty());
  EXPECT_EQ(listing.next, "");
}

TEST_P(ReportsContract, ReportsAreCountedFromATimeOn) {
  for (const int age : {0, 1, 2}) {
    StoredReport report = Report(std::to_string(age), 0);
    report.stored = kStored - Millis{age};
    PutOne(First(), report);
  }
  EXPECT_TRUE(Eventually([&] { return Must(First().Reports().CountSince(std::nullopt)) == 3; }));
  EXPECT_EQ(Must(First().Reports().CountSince(kStored - Millis{1})), 2U);
  EXPECT_EQ(Must(First().Reports().CountSince(kStored + Millis{1})), 0U);
}

TEST_P(ReportsContract, ADocumentOfMegabytesComesBackByteForByte) {
  StoredReport report = Report("http://node.test:8090:17", 1);
  report.document = R"({"string":[")" + std::string(8'000'000, 's') + R"("]})";
  PutOne(First(), report);
  EXPECT_TRUE(Must(First().Reports().Get(report.id))->document == report.document);
}

TEST_P(ReportsContract, ADocumentWrittenInPiecesComesBackByteForByte) {
  StoredReport report = Report("a", 1);
  report.document.clear();
  std::string whole;
  const DocumentSource source = [&](const std::function<void(std::string_view)>& sink) {
    const auto hand = [&](const std::string& piece) {
      whole += piece;
      sink(piece);
    };
    hand(R"({"string":[")");
    for (int i = 0; i < 200; ++i) {
      hand(std::string(10'000 + static_cast<std::size_t>(i), static_cast<char>('a' + i % 26)));
    }
    hand(R"("]})");
  };
  EXPECT_EQ(Must(First().Reports().PutInPieces(report, source)), Moved::kMoved);
  report.document = whole;
  EXPECT_TRUE(Must(First().Reports().Get("a")) == report);
  EXPECT_TRUE(Eventually([&] { return Must(Second().Reports().Scan({10, {}})).items.size() == 1; }));
  EXPECT_TRUE(Must(Second().Reports().Scan({10, {}})).items[0] == report);
}

TEST_P(ReportsContract, WhatWasWrittenInPiecesIsReplacedByANewerRunAndByNoOlderOne) {
  const auto put = [&](int fed_at, const std::string& text) {
    return Must(First().Reports().PutInPieces(Report("a", fed_at),
                                              [&](const std::function<void(std::string_view)>& sink) {
                                                sink(R"({"string":[")"), sink(text), sink(R"("]})");
                                              }));
  };
  const auto stands = [&] { return Must(First().Reports().Get("a"))->document; };
  EXPECT_EQ(put(5, "first"), Moved::kMoved);
  EXPECT_EQ(put(5, "again"), Moved::kCurrent);
  EXPECT_EQ(stands(), R"({"string":["first"]})");
  EXPECT_EQ(put(6, "second"), Moved::kMoved);
  EXPECT_EQ(stands(), R"({"string":["second"]})");
  EXPECT_EQ(PutOne(First(), Report("a", 7)), Moved::kMoved);
  EXPECT_EQ(Must(First().Reports().Get("a")), Report("a", 7));
  EXPECT_EQ(put(8, "last"), Moved::kMoved);
  EXPECT_EQ(stands(), R"({"string":["last"]})");
}

TEST_P(ReportsContract, AnIdThatCannotBeKeptRefusesTheBulkBeforeAnythingIsWritten) {
  const std::vector<StoredReport> bulk{Report("good", 1), Report("", 1)};
  const auto answer = First().Reports().Put(bulk);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kInvalid);
  EXPECT_EQ(Must(First().Reports().Get("good")), std::nullopt);
}

}  // namespace brood::store::contract
