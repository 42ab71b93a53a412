#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "http/curl/curl_client.hpp"
#include "http/test_server.hpp"

namespace brood::http::curl {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

HttpError ErrorOf(Client& client, const Request& request, std::stop_token stop = {}) {
  const auto response = client.Send(request, std::move(stop));
  return response ? HttpError{Errc::kBadRequest, "answered " + std::to_string(response->status)}
                  : response.error();
}

TEST(CurlClientFailures, NoticesACutBody) {
  const TestServer running([](const ServerRequest&) {
    ServerResponse response = Respond(200, "0123456789");
    response.delivery.cut_after = 9;
    return response;
  });
  CurlClient client;
  std::string got;
  const auto response = client.Stream({.url = running.Url()}, [&](std::string_view piece) { got += piece; });
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::kClosed);
  EXPECT_EQ(response.error().reached, Reached::kMaybe);
  EXPECT_EQ(got, "012345678");
}

TEST(CurlClientFailures, NoticesACutChunkedBody) {
  RawServer server([](RawConnection& connection) {
    connection.ReadMessage();
    connection.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n");
  });
  CurlClient client;
  EXPECT_EQ(ErrorOf(client, {.url = server.Url()}).code, Errc::kClosed);
}

TEST(CurlClientFailures, SaysWhetherTheRequestMayHaveArrived) {
  const TestServer running([](const ServerRequest&) {
    ServerResponse response;
    response.delivery.no_answer = true;
    return response;
  });
  CurlClient client;
  const HttpError lost = ErrorOf(client, {.method = Method::kPost, .url = running.Url(), .body = "x"});
  EXPECT_EQ(lost.code, Errc::kClosed);
  EXPECT_EQ(lost.reached, Reached::kMaybe);

  std::uint16_t port = 0;
  {
    port = RawServer([](RawConnection&) {}).Port();
  }
  const HttpError refused =
      ErrorOf(client, {.url = "http://me:hunter2@127.0.0.1:" + std::to_string(port) + "/?key=k"});
  EXPECT_EQ(refused.code, Errc::kConnect);
  EXPECT_EQ(refused.reached, Reached::kNo);
  EXPECT_THAT(refused.what, StartsWith("GET http://127.0.0.1:" + std::to_string(port) + "/?…: "));
  EXPECT_EQ(ErrorOf(client, {.url = "http://no-such-host.invalid/"}).code, Errc::kConnect);
}

/// Answers the first request, and takes the second on the same connection without answering it.
void AnswerOnceThenDie(RawConnection& connection, std::atomic<int>& requests) {
  if (!connection.ReadMessage().empty()) ++requests;
  connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  if (!connection.ReadMessage().empty()) ++requests;
  connection.ResetOnClose();
}

TEST(CurlClientFailures, NeverSendsAPostTwiceOnItsOwn) {
  std::atomic<int> requests{0};
  RawServer server([&](RawConnection& connection) { AnswerOnceThenDie(connection, requests); });
  CurlClient client;
  ASSERT_TRUE(client.Send({.method = Method::kPost, .url = server.Url(), .body = "first"}));
  const HttpError error = ErrorOf(client, {.method = Method::kPost, .url = server.Url(), .body = "second"});
  EXPECT_EQ(error.code, Errc::kClosed) << error.what;
  EXPECT_EQ(error.reached, Reached::kMaybe);
  EXPECT_EQ(requests, 2);
}

TEST(CurlClientFailures, SendsAGetAgainWhenAKeptConnectionTurnsOutDead) {
  std::atomic<int> requests{0};
  RawServer server([&](RawConnection& connection) { AnswerOnceThenDie(connection, requests); });
  CurlClient client;
  ASSERT_TRUE(client.Send({.url = server.Url()}));
  EXPECT_TRUE(client.Send({.url = server.Url()}));
  EXPECT_EQ(requests, 3);
}

TEST(CurlClientFailures, GivesUpWhenAnAnswerStalls) {
  const TestServer running([](const ServerRequest& request) {
    ServerResponse response = Respond(200, "0123456789");
    if (request.path == "/late") response.delivery.delay = std::chrono::hours{1};
    if (request.path == "/stall") response.delivery = {.stall_after = 3, .stall = std::chrono::hours{1}};
    return response;
  });
  CurlClient client;
  for (const char* path : {"/late", "/stall"}) {
    const HttpError stalled = ErrorOf(client, {.url = running.Url(path), .deadlines = {.stall = Millis{50}}});
    EXPECT_EQ(stalled.code, Errc::kTimeout) << stalled.what;
    EXPECT_THAT(stalled.what, HasSubstr("stall"));
    const HttpError total = ErrorOf(client, {.url = running.Url(path), .deadlines = {.total = Millis{50}}});
    EXPECT_EQ(total.code, Errc::kTimeout) << total.what;
    EXPECT_EQ(total.reached, Reached::kMaybe);
  }
}

TEST(CurlClientFailures, EndsAtOnceWhenStopped) {
  std::latch begun(1);
  const TestServer running([&](const ServerRequest&) {
    begun.count_down();
    ServerResponse response;
    response.delivery.delay = std::chrono::hours{1};
    return response;
  });
  CurlClient client;
  std::stop_source source;
  std::chrono::steady_clock::time_point stopped;
  std::thread stopper([&] {
    begun.wait();
    stopped = std::chrono::steady_clock::now();
    source.request_stop();
  });
  const HttpError error = ErrorOf(client, {.url = running.Url()}, source.get_token());
  const auto took = std::chrono::steady_clock::now() - stopped;
  stopper.join();
  EXPECT_EQ(error.code, Errc::kStopped);
  EXPECT_EQ(error.reached, Reached::kMaybe);
  EXPECT_LT(took, Millis{500});
  const HttpError before = ErrorOf(client, {.url = running.Url()}, source.get_token());
  EXPECT_EQ(before.code, Errc::kStopped);
  EXPECT_EQ(before.reached, Reached::kNo);
}

TEST(CurlClientFailures, RefusesAnAnswerOverItsLimit) {
  const TestServer running([](const ServerRequest&) { return Respond(200, std::string(1'001, 'x')); });
  CurlClient client;
  EXPECT_EQ(ErrorOf(client, {.url = running.Url(), .max_body = 1'000}).code, Errc::kTooLarge);
  EXPECT_TRUE(client.Send({.url = running.Url(), .max_body = 1'001}));
}

TEST(CurlClientFailures, RefusesHeadersWithoutEnd) {
  RawServer server([](RawConnection& connection) {
    connection.ReadMessage();
    connection.Send("HTTP/1.1 200 OK\r\n");
    while (connection.Send("X-More: " + std::string(10'000, 'x') + "\r\n")) {
    }
  });
  CurlClient client;
  EXPECT_EQ(ErrorOf(client, {.url = server.Url()}).code, Errc::kTooLarge);
}

TEST(CurlClientFailures, ReadsARefusalThatComesBeforeItsUploadIsOver) {
  const TestServer running([](const ServerRequest&) { return Respond(200, ""); }, {.max_body = 1'000});
  CurlClient client;
  const auto response =
      client.Send({.method = Method::kPost, .url = running.Url(), .body = ManyBytes(20'000'000)});
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->status, 413);
}

TEST(CurlClientFailures, TakesAClosedConnectionDuringAnUploadForClosed) {
  RawServer server([](RawConnection& connection) { connection.ReadBytes(1'000); });
  CurlClient client;
  const HttpError error =
      ErrorOf(client, {.method = Method::kPost, .url = server.Url(), .body = ManyBytes(20'000'000)});
  EXPECT_EQ(error.code, Errc::kClosed) << error.what;
}

TEST(CurlClientFailures, RefusesAnAnswerThatIsNoHttp) {
  RawServer server([](RawConnection& connection) {
    connection.ReadMessage();
    connection.Send("220 ftp.example.org ready\r\n\r\n");
  });
  CurlClient client;
  EXPECT_EQ(ErrorOf(client, {.url = server.Url()}).code, Errc::kBadAnswer);
}

TEST(CurlClientFailures, SendsNothingMalformed) {
  RawServer server([](RawConnection&) {});
  CurlClient client;
  EXPECT_EQ(ErrorOf(client, {.url = "file:///etc/passwd"}).code, Errc::kBadRequest);
  EXPECT_EQ(ErrorOf(client, {.url = server.Url(), .headers = {{"X-A", "a\r\nX-B: b"}}}).code,
            Errc::kBadRequest);
  EXPECT_EQ(ErrorOf(client, {.url = server.Url(), .headers = {{"X A", "a"}}}).code, Errc::kBadRequest);
  const HttpError missing = ErrorOf(
      client, {.method = Method::kPost, .url = server.Url(), .form = {{.name = "f", .file = "/nowhere/x"}}});
  EXPECT_EQ(missing.code, Errc::kBadRequest);
  EXPECT_THAT(missing.what, EndsWith("/nowhere/x"));
  EXPECT_EQ(missing.reached, Reached::kNo);
  EXPECT_EQ(server.Connections(), 0);
  EXPECT_EQ(client.Counted().requests, 4U);
  EXPECT_EQ(client.Counted().failures, 4U);
}

}  // namespace
}  // namespace brood::http::curl
