#include "feeds/updater.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feeds/lists_in_force.hpp"
#include "http/curl/curl_client.hpp"
#include "http/test_server.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::feeds {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Outcome::Kind;

/// A list on a server that does what the test says, and the store that it is swapped into.
class UpdaterTest : public testing::Test {
 protected:
  UpdaterTest() {
    settings_.lists = {source_};
    settings_.timeout = Millis{500};
  }

  Outcome Update(Shrunken shrunken = Shrunken::kRefused) {
    Updater updater(settings_, store_.Lists(), client_, clock_, metrics_);
    return updater.Update(std::span(&source_, 1), shrunken, {}).at(0);
  }
  std::vector<std::string> InForce() {
    const auto feeds = store_.Lists().Feeds().value();
    return feeds.empty() ? std::vector<std::string>() : feeds.at(0).entries;
  }
  store::Lists::FeedNote Note() { return store_.Lists().FeedNotes().value().at(0); }
  double Metric(const std::string& name) {
    return metrics_.Find(name, {{"category", "C&C"}, {"source", source_.url}}).value_or(-1);
  }

  http::ServerResponse Answer(const http::ServerRequest& request) {
    ++asked_;
    if (!etag_.empty() && http::Find(request.headers, "If-None-Match") == etag_) return http::Respond(304, "");
    auto answer = answer_;
    if (!etag_.empty()) answer.headers.emplace_back("ETag", etag_);
    return answer;
  }

  http::ServerResponse answer_ = http::Respond(200, "# list\n192.0.2.1\n192.0.2.2\n198.51.100.0/24\nbroken\n");
  std::string etag_;
  int asked_ = 0;
  http::TestServer server_{[this](const http::ServerRequest& request) { return Answer(request); }};
  Source source_{"C&C", server_.Url("/bad.txt")};
  Settings settings_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  http::curl::CurlClient client_;
  ManualClock clock_;
  metrics::Registry metrics_;
};

TEST_F(UpdaterTest, AListIsInForceWithItsSource) {
  const auto outcome = Update();
  EXPECT_EQ(outcome.kind, Kind::kReplaced) << outcome.trouble;
  EXPECT_EQ(outcome.entries, 3U);
  EXPECT_EQ(outcome.skipped, 1U);
  const auto feed = store_.Lists().Feeds().value().at(0);
  EXPECT_EQ(feed.category, "C&C");
  EXPECT_EQ(feed.source, source_.url);
  EXPECT_THAT(feed.entries, ElementsAre("192.0.2.1", "192.0.2.2", "198.51.100.0/24"));
  EXPECT_EQ(Note().fetched, clock_.Now());
  EXPECT_EQ(Note().skipped, 1);
  ListsInForce lists(store_.Lists(), clock_);
  EXPECT_TRUE(lists.Current()->third_party.at("C&C").Contains("198.51.100.9"));
  EXPECT_EQ(Metric("brood_feeds_entries"), 3);
  EXPECT_EQ(Metric("brood_feeds_failures_total"), 0);
}

TEST_F(UpdaterTest, AListThatHasNotChangedIsNotLoadedAgain) {
  etag_ = "\"one\"";
  Update();
  const auto generation = store_.Lists().Generation().value();
  clock_.Advance(std::chrono::hours(1));
  EXPECT_EQ(Update().kind, Kind::kUnchanged);
  EXPECT_EQ(asked_, 2);
  EXPECT_EQ(store_.Lists().Generation(), generation);
  EXPECT_EQ(InForce().size(), 3U);
  EXPECT_EQ(Note().fetched, clock_.Now());
  EXPECT_EQ(Note().etag, "\"one\"");
  EXPECT_EQ(Note().skipped, 1);
  etag_ = "\"two\"";
  answer_ = http::Respond(200, "192.0.2.9\n192.0.2.8\n");
  EXPECT_EQ(Update().kind, Kind::kReplaced);
  EXPECT_THAT(InForce(), ElementsAre("192.0.2.9", "192.0.2.8"));
}

TEST_F(UpdaterTest, AListThatWasClearedIsLoadedAgainAlthoughItsServerHasNoOther) {
  etag_ = "\"one\"";
  Update();
  ASSERT_TRUE(store_.Lists().ReplaceFeed("C&C", {}, source_.url));
  EXPECT_EQ(Update().kind, Kind::kReplaced);
  EXPECT_EQ(InForce().size(), 3U);
}

TEST_F(UpdaterTest, WhatIsNoListLeavesTheFormerOneInForce) {
  Update();
  auto stalled = http::Respond(200, "192.0.2.1\n192.0.2.2\n192.0.2.3\n");
  stalled.delivery.stall_after = 5;
  stalled.delivery.stall = Millis{60'000};
  auto cut = http::Respond(200, "192.0.2.1\n192.0.2.2\n192.0.2.3\n");
  cut.delivery.cut_after = 22;
  auto elsewhere = http::Respond(301, "");
  elsewhere.headers.emplace_back("Location", "https://127.0.0.1:1/bad.txt");
  const std::vector<std::pair<http::ServerResponse, std::string>> answers{
      {http::Respond(500, "192.0.2.1\n192.0.2.2\n"), "answered 500"},
      {http::Respond(200, "<html><body>maintenance</body></html>"), "a page"},
      {http::Respond(200, "192.0.2.1\n192.0.2.2\n", "text/html"), "a page"},
      {http::Respond(200, "gone\nfor\nlunch\n"), "most of its lines"},
      {http::Respond(304, ""), "nothing"},
      {stalled, ""},
      {cut, ""},
      {elsewhere, "another scheme or host"}};
  int failures = 0;
  for (const auto& [answer, why] : answers) {
    answer_ = answer;
    const auto outcome = Update();
    EXPECT_EQ(outcome.kind, Kind::kFailed) << why;
    EXPECT_THAT(outcome.trouble, HasSubstr(why));
    EXPECT_EQ(InForce().size(), 3U) << why;
    EXPECT_EQ(Note().trouble, outcome.trouble);
    EXPECT_EQ(Metric("brood_feeds_failures_total"), ++failures);
  }
  EXPECT_EQ(Metric("brood_feeds_entries"), 3);
}

TEST_F(UpdaterTest, AShrunkenListIsTakenOnlyByForce) {
  etag_ = "\"one\"";
  Update();
  etag_ = "\"two\"";
  answer_ = http::Respond(200, "192.0.2.1\n");
  const auto refused = Update();
  EXPECT_EQ(refused.kind, Kind::kFailed);
  EXPECT_THAT(refused.trouble, HasSubstr("1 entries after 3"));
  EXPECT_THAT(refused.trouble, HasSubstr("--force"));
  EXPECT_EQ(InForce().size(), 3U);
  EXPECT_EQ(Note().etag, "\"one\"") << "so that it is offered again";
  EXPECT_EQ(Update(Shrunken::kTaken).kind, Kind::kReplaced);
  EXPECT_THAT(InForce(), ElementsAre("192.0.2.1"));
}

TEST_F(UpdaterTest, AListThatHasBecomeEmptyCountsAsShrunken) {
  Update();
  answer_ = http::Respond(200, "# nothing today\n");
  EXPECT_EQ(Update().kind, Kind::kFailed);
  EXPECT_EQ(InForce().size(), 3U);
  EXPECT_EQ(Update(Shrunken::kTaken).kind, Kind::kReplaced);
  EXPECT_THAT(InForce(), IsEmpty());
  settings_.keep_share = 0;
  answer_ = http::Respond(200, "192.0.2.1\n");
  Update();
  answer_ = http::Respond(200, "");
  EXPECT_EQ(Update().kind, Kind::kReplaced);
}

TEST_F(UpdaterTest, AStopChangesNothingAndNotesNothing) {
  Update();
  std::stop_source stop;
  stop.request_stop();
  Updater updater(settings_, store_.Lists(), client_, clock_, metrics_);
  EXPECT_EQ(updater.Update(std::span(&source_, 1), Shrunken::kRefused, stop.get_token()).at(0).kind,
            Kind::kStopped);
  EXPECT_EQ(Note().trouble, "");
  EXPECT_EQ(asked_, 1);
}

TEST_F(UpdaterTest, IsDueOnceItsTimeHasComeAndSoonerAfterAFailure) {
  settings_.update_every = std::chrono::hours(6);
  settings_.retry_after = std::chrono::minutes(30);
  Updater updater(settings_, store_.Lists(), client_, clock_, metrics_);
  EXPECT_THAT(updater.Due(), ElementsAre(source_));
  Update();
  EXPECT_THAT(updater.Due(), IsEmpty());
  clock_.Advance(std::chrono::hours(6) - Millis{1});
  EXPECT_THAT(updater.Due(), IsEmpty());
  clock_.Advance(Millis{1});
  EXPECT_THAT(updater.Due(), ElementsAre(source_));
  EXPECT_EQ(Metric("brood_feeds_age_seconds"), 6 * 3600);
  answer_ = http::Respond(500, "");
  Update();
  clock_.Advance(std::chrono::minutes(29));
  EXPECT_THAT(updater.Due(), IsEmpty());
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_THAT(updater.Due(), ElementsAre(source_));
}

TEST(IsDue, DoesNotWaitForAClockThatWasWrong) {
  store::Lists::FeedNote note;
  note.looked = FromMillis(10'000'000'000'000);
  EXPECT_TRUE(IsDue(note, {}, FromMillis(1'790'000'000'000)));
}

}  // namespace
}  // namespace brood::feeds
