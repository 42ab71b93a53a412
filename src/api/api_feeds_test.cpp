#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <semaphore>

#include "api/testing/api_bench.hpp"
#include "http/test_server.hpp"

namespace brood::api {
namespace {

using http::Method;
using testing::HasSubstr;
using testing::SizeIs;

constexpr auto kFormer = "https://former.example/bad.txt";

/// An API whose process updates one list; its server tells when it is asked.
struct FeedsBench {
  FeedsBench() {
    settings.lists = {{"C&C", server.Url("/bad.txt")}};
    updater.emplace(settings, bench.store.Lists(), client, bench.clock, bench.metrics);
    schedule.emplace(*updater, std::chrono::hours(1));
    bench.feeds = &*schedule;
    bench.Start();
  }
  void PutFormer() {
    const std::vector<std::string> entries{"192.0.2.1", "192.0.2.2"};
    if (!bench.store.Lists().ReplaceFeed("C&C", entries, kFormer))
      throw std::runtime_error("cannot put a list");
  }

  std::counting_semaphore<> asked{0};  // may be asked more than once
  http::TestServer server{[this](const http::ServerRequest&) {
    asked.release();
    return http::Respond(200, "192.0.2.7\n");
  }};
  ApiBench bench;
  http::curl::CurlClient client;
  feeds::Settings settings;
  std::optional<feeds::Updater> updater;
  std::optional<feeds::Schedule> schedule;
};

TEST(FeedsApi, ListsWhatIsConfiguredAndWhatIsInForceWithWhereItIsFrom) {
  FeedsBench with;
  with.PutFormer();
  store::Lists::FeedNote note;
  note.category = "C&C";
  note.source = with.settings.lists[0].url;
  note.looked = FromMillis(7'000);
  note.trouble = "answered 500";
  ASSERT_TRUE(with.bench.store.Lists().NoteFeed(note));
  const auto items = Parsed(with.bench.Get("/api/v1/feeds")).at("items").as_array();
  ASSERT_THAT(items, SizeIs(2));
  EXPECT_EQ(TextOf(items[0], "source"), with.settings.lists[0].url);
  EXPECT_TRUE(items[0].at("configured").as_bool());
  EXPECT_EQ(items[0].at("looked").to_number<int>(), 7'000);
  EXPECT_EQ(TextOf(items[0], "trouble"), "answered 500");
  EXPECT_EQ(TextOf(items[1], "source"), kFormer);
  EXPECT_FALSE(items[1].at("configured").as_bool());
  EXPECT_EQ(items[1].at("entries").to_number<int>(), 2);
  EXPECT_THAT(Parsed(with.bench.Get("/api/v1/feeds?category=C%26C")).at("items").as_array(), SizeIs(2));
  EXPECT_THAT(Parsed(with.bench.Get("/api/v1/feeds?category=spam")).at("items").as_array(), SizeIs(0));
}

TEST(FeedsApi, AnUpdateIsAskedForAndDoneInTheBackground) {
  FeedsBench with;
  const auto answer = with.bench.Change(Method::kPost, "/api/v1/feeds/update?category=C%26C&force=1");
  ASSERT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ(TextOf(Parsed(answer).at("asked").at(0), "source"), with.settings.lists[0].url);
  with.schedule->Start();
  with.asked.acquire();
}

TEST(FeedsApi, AListThatIsClearedIsOutOfForce) {
  FeedsBench with;
  with.PutFormer();
  EXPECT_EQ(with.bench.Change(Method::kDelete, "/api/v1/feeds").status, 400);
  EXPECT_EQ(with.bench.Change(Method::kDelete, "/api/v1/feeds?category=spam").status, 404);
  EXPECT_EQ(with.bench.Change(Method::kDelete, "/api/v1/feeds?category=C%26C").status, 204);
  EXPECT_TRUE(with.bench.store.Lists().Feeds()->empty());
  EXPECT_EQ(with.bench.Change(Method::kDelete, "/api/v1/feeds?category=C%26C").status, 404);
}

TEST(FeedsApi, ChangesNeedTheTokenAndParametersThatThereAre) {
  FeedsBench with;
  with.PutFormer();
  EXPECT_EQ(with.bench.Send(Method::kPost, "/api/v1/feeds/update").status, 401);
  EXPECT_EQ(with.bench.Send(Method::kDelete, "/api/v1/feeds?category=C%26C").status, 401);
  EXPECT_EQ(with.bench.store.Lists().Feeds()->size(), 1U);
  for (const char* query : {"?force=maybe", "?url=x", "?category=a&category=b"})
    EXPECT_EQ(with.bench.Change(Method::kPost, std::string("/api/v1/feeds/update") + query).status, 400)
        << query;
  EXPECT_EQ(with.bench.Change(Method::kPost, "/api/v1/feeds/update?source=https://nobody.example").status, 404);
}

TEST(FeedsApi, AProcessThatUpdatesNoListsSaysSo) {
  ApiBench bench;
  bench.Start();
  EXPECT_THAT(Parsed(bench.Get("/api/v1/feeds")).at("items").as_array(), SizeIs(0));
  const auto answer = bench.Change(Method::kPost, "/api/v1/feeds/update");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(ErrorIn(answer), HasSubstr("No such list is configured"));
}

}  // namespace
}  // namespace brood::api
