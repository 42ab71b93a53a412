#include "feeds/fetch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/curl/curl_client.hpp"
#include "http/test_server.hpp"

namespace brood::feeds {
namespace {

using testing::HasSubstr;

std::string Refused(const std::string& url, const FetchLimits& limits = {}) {
  http::curl::CurlClient client;
  const auto got = Fetch(client, url, {}, limits, {});
  return got ? "" : got.error();
}

http::ServerResponse Redirect(const std::string& to) {
  auto answer = http::Respond(302, "");
  answer.headers.emplace_back("Location", to);
  return answer;
}

TEST(Fetch, GivesTheTextWithWhatItsServerSaysOfIt) {
  const http::TestServer server([](const http::ServerRequest&) {
    auto answer = http::Respond(200, "192.0.2.1\n");
    answer.headers = {{"ETag", "\"one\""}, {"Last-Modified", "Thu, 26 Nov 2026 10:00:00 GMT"}};
    return answer;
  });
  http::curl::CurlClient client;
  const auto got = Fetch(client, server.Url("/bad.txt"), {}, {}, {});
  ASSERT_TRUE(got) << got.error();
  const auto& fetched = std::get<Fetched>(*got);
  EXPECT_EQ(fetched.text, "192.0.2.1\n");
  EXPECT_EQ(fetched.validators.etag, "\"one\"");
  EXPECT_EQ(fetched.validators.last_modified, "Thu, 26 Nov 2026 10:00:00 GMT");
}

TEST(Fetch, AsksOnlyForAnotherListThanTheKnownOne) {
  std::string etag, since;
  const http::TestServer server([&](const http::ServerRequest& request) {
    etag = http::Find(request.headers, "If-None-Match").value_or("");
    since = http::Find(request.headers, "If-Modified-Since").value_or("");
    return http::Respond(304, "");
  });
  http::curl::CurlClient client;
  const auto got = Fetch(client, server.Url(), {"\"one\"", "Thu, 26 Nov 2026 10:00:00 GMT"}, {}, {});
  ASSERT_TRUE(got) << got.error();
  EXPECT_TRUE(std::holds_alternative<Unchanged>(*got));
  EXPECT_EQ(etag, "\"one\"");
  EXPECT_EQ(since, "Thu, 26 Nov 2026 10:00:00 GMT");
}

TEST(Fetch, TakesNoOtherStatusThan200AndNoPage) {
  const http::TestServer server([](const http::ServerRequest& request) {
    if (request.path == "/page") return http::Respond(200, "192.0.2.1\n", "text/html; charset=utf-8");
    return http::Respond(request.path == "/none" ? 204 : 500, "192.0.2.1\n");
  });
  EXPECT_EQ(Refused(server.Url("/broken?key=k")), server.Url("/broken?…") + " answered 500");
  EXPECT_THAT(Refused(server.Url("/none")), HasSubstr("answered 204"));
  EXPECT_THAT(Refused(server.Url("/page")), HasSubstr("with a page and no list"));
}

TEST(Fetch, FollowsARedirectOnTheSameServerAndNoLoop) {
  const http::TestServer server([](const http::ServerRequest& request) {
    if (request.path == "/old") return Redirect("/new");
    if (request.path == "/loop") return Redirect("/loop");
    return http::Respond(200, "192.0.2.1\n");
  });
  http::curl::CurlClient client;
  const auto got = Fetch(client, server.Url("/old"), {}, {}, {});
  ASSERT_TRUE(got) << got.error();
  EXPECT_EQ(std::get<Fetched>(*got).text, "192.0.2.1\n");
  EXPECT_THAT(Refused(server.Url("/loop")), HasSubstr("more than 5 times"));
}

TEST(Fetch, StopsAtItsLimits) {
  const http::TestServer server([](const http::ServerRequest& request) {
    auto answer = http::Respond(200, std::string(5'000, '1'));
    if (request.path == "/slow") {
      answer.delivery.stall_after = 100;
      answer.delivery.stall = Millis{60'000};
    }
    return answer;
  });
  EXPECT_NE(Refused(server.Url(), {.max_size = 4'999}), "");
  EXPECT_EQ(Refused(server.Url(), {.max_size = 5'000}), "");
  EXPECT_NE(Refused(server.Url("/slow"), {.timeout = Millis{200}}), "");
}

TEST(FollowedTo, LeavesSchemeAndServerOnlyByAPersonsHand) {
  const auto url = http::ParseUrl("https://lists.example/a/b.txt").value();
  EXPECT_EQ(FollowedTo(url, "/c.txt"), "https://lists.example:443/c.txt");
  EXPECT_EQ(FollowedTo(url, "https://LISTS.example/c.txt?x"), "https://LISTS.example/c.txt?x");
  for (const char* location :
       {"http://lists.example/c.txt", "https://other.example/", "https://lists.example:8443/",
        "//other.example/", "https://lists.example@other.example/", "file:///etc/passwd",
        "ftp://lists.example/", "c.txt", ""})
    EXPECT_FALSE(FollowedTo(url, location)) << location;
  EXPECT_THAT(FollowedTo(url, "http://127.0.0.1:9200/_all?q=secret").error(),
              testing::AllOf(HasSubstr("http://127.0.0.1:9200/_all?…"), HasSubstr("not followed")));
}

}  // namespace
}  // namespace brood::feeds
