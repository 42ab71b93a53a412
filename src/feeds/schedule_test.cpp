#include "feeds/schedule.hpp"

#include <gtest/gtest.h>

#include <latch>

#include "http/curl/curl_client.hpp"
#include "http/test_server.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::feeds {
namespace {

/// Tells when it was asked.
class ScheduleTest : public testing::Test {
 protected:
  ScheduleTest() { settings_.lists = {{"C&C", server_.Url()}}; }

  std::latch first_{1}, second_{1};
  std::atomic<int> asked_{0};
  http::TestServer server_{[this](const http::ServerRequest&) {
    const int before = asked_++;
    if (before == 0) first_.count_down();
    if (before == 1) second_.count_down();
    return http::Respond(200, "192.0.2.1\n");
  }};
  Settings settings_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  http::curl::CurlClient client_;
  ManualClock clock_;
  metrics::Registry metrics_;
};

TEST_F(ScheduleTest, UpdatesAtTheStartAndAgainWhenItsTimeHasCome) {
  Updater updater(settings_, store_.Lists(), client_, clock_, metrics_);
  Schedule schedule(updater, Millis{1});
  schedule.Start();
  first_.wait();
  while (!second_.try_wait()) clock_.Advance(std::chrono::hours(6));
}

TEST_F(ScheduleTest, UpdatesWhatSomebodyAsksFor) {
  Updater updater(settings_, store_.Lists(), client_, clock_, metrics_);
  Schedule schedule(updater, std::chrono::hours(1));
  schedule.Start();
  first_.wait();
  schedule.Ask(schedule.Sources(), Shrunken::kRefused);
  second_.wait();
}

TEST_F(ScheduleTest, StopsWhileAServerHangs) {
  std::latch taken{1};
  http::RawServer hanging([&](http::RawConnection& connection) {
    connection.ReadMessage();
    taken.count_down();
    connection.ReadToEnd();
  });
  settings_.lists = {{"C&C", hanging.Url()}};
  Updater updater(settings_, store_.Lists(), client_, clock_, metrics_);
  Schedule schedule(updater);
  schedule.Start();
  taken.wait();
  schedule.RequestStop();
  schedule.Join();
  EXPECT_FALSE(schedule.Alive());
  EXPECT_TRUE(store_.Lists().FeedNotes()->empty()) << "a stop is no failure";
}

}  // namespace
}  // namespace brood::feeds
