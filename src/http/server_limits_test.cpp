#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>

#include "base/log.hpp"
#include "http/server.hpp"
#include "http/test_server.hpp"

namespace brood::http {
namespace {

using namespace std::string_view_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(ServerLimits, RefusesABodyOverTheLimitBeforeItIsSent) {
  const TestServer running(Echo, {.max_body = 10});
  EXPECT_THAT(running.Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(running.Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789"),
              EndsWith("body:0123456789"));
}

TEST(ServerLimits, RefusesAChunkedBodyOverTheLimit) {
  const TestServer running(Echo, {.max_body = 10});
  EXPECT_THAT(
      running.Ask(
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n"),
      StartsWith("HTTP/1.1 413 "));
}

TEST(ServerLimits, LetsAnUploaderReadItsRefusalWhileItStillSends) {
  const TestServer running(Echo, {.max_body = 10});
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n");
  client.Send(std::string(4'000'000, 'x'));
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 413 "));
}

TEST(ServerLimits, RefusesUnreadWhatIsNotAdmitted) {
  bool handled = false;
  const TestServer running(
      [&](const ServerRequest& request) {
        handled = true;
        return Echo(request);
      },
      {}, [](const ServerRequest&) { return Respond(401, "Who are you?\n"); });
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\nthe beginning");
  EXPECT_THAT(client.ReadToEnd(), EndsWith("Who are you?\n"));
  EXPECT_FALSE(handled);
}

TEST(ServerLimits, LetsAnUploaderReadThatItMayNotWhileItStillSends) {
  const TestServer running(Echo, {}, [](const ServerRequest&) { return Respond(401, "Who are you?\n"); });
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n");
  client.Send(std::string(4'000'000, 'x'));
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 401 "));
}

TEST(ServerLimits, AnswersAThrowingAdmissionWith500) {
  log::Listen([](log::Level, const std::string&) {});
  const TestServer running(Echo, {}, [](const ServerRequest&) -> std::optional<ServerResponse> {
    throw std::runtime_error("secret cause");
  });
  const std::string answer = running.Ask("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
  log::Listen({});
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("secret cause")));
}

TEST(ServerLimits, RefusesWhatIsNoHttp) {
  const TestServer running(Echo);
  const std::string_view garbage[] = {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 tls hello\r\n\r\n"sv,
                                      "GET\r\n\r\n",
                                      "GET /a\x01 HTTP/1.1\r\nHost: h\r\n\r\n",
                                      "GET / HTTP/9.9\r\n\r\n",
                                      "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                                      "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                                      "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                                      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"};
  for (const std::string_view request : garbage) {
    EXPECT_THAT(running.Ask(request), StartsWith("HTTP/1.1 400 ")) << request;
  }
}

TEST(ServerLimits, RefusesPathsThatCannotBeDecoded) {
  const TestServer running(Echo);
  EXPECT_THAT(running.Ask("GET /a%00b HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("400 Bad Request"));
  EXPECT_THAT(running.Ask("GET /a%0 HTTP/1.1\r\nHost: h\r\n\r\n"),
              EndsWith("The path has a broken percent escape.\n"));
  EXPECT_THAT(running.Ask("GET /?q=%zz HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("400 Bad Request"));
  EXPECT_THAT(running.Ask("GET a HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("400 Bad Request"));
  EXPECT_THAT(running.Ask("GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n"sv), HasSubstr("400 Bad Request"));
}

TEST(ServerLimits, RefusesATargetOfAMillionCharactersAndEndlessHeaders) {
  const TestServer running(Echo);
  EXPECT_THAT(running.Ask("GET /" + std::string(1'000'000, 'a') + " HTTP/1.1\r\n\r\n"),
              StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(running.Ask("GET / HTTP/1.1\r\nX: " + std::string(100'000, 'a') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
}

TEST(ServerLimits, RefusesMethodsItDoesNotKnowAndStays) {
  const TestServer running(Echo);
  RawConnection client = running.Connect();
  client.Send("BREW / HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(client.ReadMessage(), EndsWith("GET /next body:"));
}

TEST(ServerLimits, AnswersAThrowingHandlerWith500AndLogsWhy) {
  std::string logged;
  log::Listen([&](log::Level, const std::string& line) { logged += line; });
  const TestServer running(
      [](const ServerRequest&) -> ServerResponse { throw std::runtime_error("secret cause"); });
  const std::string answer = running.Ask("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
  log::Listen({});
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("secret cause")));
  EXPECT_THAT(logged, HasSubstr("secret cause"));
}

TEST(ServerLimits, ClosesConnectionsThatAreIdleOrTooSlow) {
  const TestServer running(Echo, {.idle_timeout = Millis{30}, .request_timeout = Millis{30}});
  RawConnection idle = running.Connect();
  EXPECT_EQ(idle.ReadToEnd(), "");
  RawConnection slow_header = running.Connect();
  slow_header.Send("GET / HT");
  EXPECT_EQ(slow_header.ReadToEnd(), "");
  RawConnection slow_body = running.Connect();
  slow_body.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(slow_body.ReadToEnd(), "");
}

TEST(ServerLimits, AnswersBesideManyIdleAndHalfSpokenConnections) {
  const TestServer running(Echo);
  std::vector<RawConnection> crowd;
  for (int i = 0; i < 300; ++i) {
    crowd.push_back(running.Connect());
    if (i % 2 == 0) crowd.back().Send("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf");
  }
  EXPECT_THAT(running.Ask("GET /me HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("GET /me body:"));
  for (RawConnection& one : crowd) one.Close();
}

TEST(ServerLimits, RefusesOneConnectionTooMany) {
  const TestServer running(Echo, {.max_connections = 2});
  RawConnection first = running.Connect();
  RawConnection second = running.Connect();
  for (RawConnection* one : {&first, &second}) {
    one->Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(one->ReadMessage(), StartsWith("HTTP/1.1 200 "));
  }
  RawConnection third = running.Connect();
  EXPECT_THAT(third.ReadMessage(), StartsWith("HTTP/1.1 503 "));
}

TEST(ServerLimits, StopEndsIdleConnectionsAndListensNoMore) {
  TestServer running(Echo);
  RawConnection idle = running.Connect();
  idle.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  idle.ReadMessage();
  running.Stop();
  EXPECT_EQ(idle.ReadToEnd(), "");
  EXPECT_THROW(running.Connect(), std::runtime_error);
  EXPECT_EQ(running.Open(), 0U);
}

TEST(ServerLimits, StopLetsARequestInHandFinish) {
  std::latch begun(1);
  std::latch go_on(1);
  TestServer running([&](const ServerRequest& request) {
    begun.count_down();
    go_on.wait();
    return Echo(request);
  });
  RawConnection client = running.Connect();
  client.Send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  begun.wait();
  std::thread stopper([&] { running.Stop(); });
  go_on.count_down();
  EXPECT_THAT(client.ReadMessage(), EndsWith("GET /slow body:"));
  stopper.join();
}

TEST(ServerLimits, StopCutsAnUploadThatDoesNotEnd) {
  TestServer running(Echo, {.stop_timeout = Millis{20}});
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  client.ReadUntil("\r\n\r\n");
  running.Stop();
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(ServerLimits, StartNamesAnAddressItCannotUse) {
  const TestServer running(Echo);
  Server same({.port = running.Port()}, Echo);
  const auto taken = same.Start();
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().what, HasSubstr("127.0.0.1:" + std::to_string(running.Port())));
  Server nowhere({.address = "example.org"}, Echo);
  EXPECT_FALSE(nowhere.Start());
}

}  // namespace
}  // namespace brood::http
