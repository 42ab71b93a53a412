#include "http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <latch>

#include "base/file.hpp"
#include "base/log.hpp"
#include "http/raw_server.hpp"

namespace brood::http {
namespace {

using namespace std::string_view_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ServerResponse Echo(const ServerRequest& request) {
  std::string text = std::string(Name(request.method)) + " " + request.path;
  for (const auto& [name, value] : request.query) text += " " + name + "=" + value;
  return Respond(200, text + " body:" + request.body);
}

/// A started server.
class Running {
 public:
  explicit Running(Handler handler, ServerSettings settings = {})
      : server(std::move(settings), std::move(handler)) {
    const auto started = server.Start();
    if (!started) throw std::runtime_error(Describe(started.error()));
    port = *started;
  }
  RawConnection Connect() const { return RawConnection::To(port); }
  std::string Ask(std::string_view request) const {
    RawConnection client = Connect();
    client.Send(request);
    return client.ReadMessage();
  }

  Server server;
  std::uint16_t port = 0;
};

TEST(Server, HandsADecodedRequestToItsHandler) {
  std::string remote;
  const Running running([&](const ServerRequest& request) {
    remote = request.remote;
    EXPECT_EQ(request.target, "/a%20b?x=1+2&y");
    EXPECT_EQ(Find(request.headers, "x-thing"), "t");
    return Echo(request);
  });
  const std::string answer =
      running.Ask("POST /a%20b?x=1+2&y HTTP/1.1\r\nHost: h\r\nX-Thing: t\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nPOST /a b x=1 2 y= body:abc"));
  EXPECT_EQ(remote, "127.0.0.1");
}

TEST(Server, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  const Running running(Echo);
  RawConnection client = running.Connect();
  client.Send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), EndsWith("GET /1 body:"));
  EXPECT_THAT(client.ReadMessage(), EndsWith("GET /2 body:"));
  client.Send("GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), EndsWith("GET /3 body:"));
  EXPECT_EQ(running.server.AcceptedConnections(), 1U);
}

TEST(Server, ReadsAChunkedBody) {
  const Running running(Echo);
  EXPECT_THAT(
      running.Ask(
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
      EndsWith("body:abcde"));
}

TEST(Server, AnswersOnePointZeroAndClosesInThatPersona) {
  const Running running(Echo, {.protocol = Protocol::kHttp10});
  RawConnection client = running.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
  const std::string answer = client.ReadToEnd();
  EXPECT_THAT(answer, StartsWith("HTTP/1.0 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Server, AnswersAnOldClientThatWantsToStay) {
  const Running running(Echo);
  RawConnection client = running.Connect();
  client.Send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), HasSubstr("\r\nConnection: keep-alive\r\n"));
  client.Send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Server, ServesOneConnectionAfterTheOtherInThatPersona) {
  const Running running(Echo, {.concurrency = Concurrency::kOneConnection});
  RawConnection first = running.Connect();
  first.Send("GET /first HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(first.ReadMessage(), EndsWith("GET /first body:"));
  RawConnection second = running.Connect();
  second.Send("GET /second HTTP/1.1\r\nHost: h\r\n\r\n");
  first.Send("GET /again HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(first.ReadMessage(), EndsWith("GET /again body:"));
  EXPECT_EQ(running.server.AcceptedConnections(), 1U);
  first.Close();
  EXPECT_THAT(second.ReadMessage(), EndsWith("GET /second body:"));
}

TEST(Server, RefusesABodyOverTheLimitBeforeItIsSent) {
  const Running running(Echo, {.max_body = 10});
  EXPECT_THAT(running.Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(running.Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789"),
              EndsWith("body:0123456789"));
}

TEST(Server, RefusesAChunkedBodyOverTheLimit) {
  const Running running(Echo, {.max_body = 10});
  EXPECT_THAT(
      running.Ask(
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n"),
      StartsWith("HTTP/1.1 413 "));
}

TEST(Server, LetsAnUploaderReadItsRefusalWhileItStillSends) {
  const Running running(Echo, {.max_body = 10});
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n");
  client.Send(std::string(4'000'000, 'x'));
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 413 "));
}

TEST(Server, RefusesWhatIsNoHttp) {
  const Running running(Echo);
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

TEST(Server, RefusesPathsThatCannotBeDecoded) {
  const Running running(Echo);
  EXPECT_THAT(running.Ask("GET /a%00b HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("400 Bad Request"));
  EXPECT_THAT(running.Ask("GET /a%0 HTTP/1.1\r\nHost: h\r\n\r\n"),
              EndsWith("The path has a broken percent escape.\n"));
  EXPECT_THAT(running.Ask("GET /?q=%zz HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("400 Bad Request"));
  EXPECT_THAT(running.Ask("GET a HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("400 Bad Request"));
  EXPECT_THAT(running.Ask("GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n"sv),
              HasSubstr("400 Bad Request"));
}

TEST(Server, RefusesATargetOfAMillionCharactersAndEndlessHeaders) {
  const Running running(Echo);
  EXPECT_THAT(running.Ask("GET /" + std::string(1'000'000, 'a') + " HTTP/1.1\r\n\r\n"),
              StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(running.Ask("GET / HTTP/1.1\r\nX: " + std::string(100'000, 'a') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
}

TEST(Server, RefusesMethodsItDoesNotKnowAndStays) {
  const Running running(Echo);
  RawConnection client = running.Connect();
  client.Send("BREW / HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(client.ReadMessage(), EndsWith("GET /next body:"));
}

TEST(Server, AnswersAThrowingHandlerWith500AndLogsWhy) {
  std::string logged;
  log::Listen([&](log::Level, const std::string& line) { logged += line; });
  const Running running(
      [](const ServerRequest&) -> ServerResponse { throw std::runtime_error("secret cause"); });
  const std::string answer = running.Ask("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
  log::Listen({});
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("secret cause")));
  EXPECT_THAT(logged, HasSubstr("secret cause"));
}

TEST(Server, TellsAnUploaderToContinue) {
  const Running running(Echo);
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ab");
  EXPECT_THAT(client.ReadMessage(), EndsWith("body:ab"));
}

TEST(Server, LeavesAnUploaderWithoutContinueInThatPersona) {
  const Running running(Echo, {.expect = ExpectManner::kSilent});
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 200 "));
}

TEST(Server, SendsNoBodyToHead) {
  const Running running(Echo);
  RawConnection client = running.Connect();
  client.Send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string answer = client.ReadToEnd();
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 12\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(Server, SendsNeitherBodyNorLengthWith204) {
  const Running running([](const ServerRequest&) { return Respond(204, "ignored"); });
  const std::string answer = running.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(Server, SendsFilesAndSharedBodiesExactly) {
  const TempDir dir;
  std::string bytes;
  for (int i = 0; i < 1'000'000; ++i) bytes += static_cast<char>(i * 31 / 7);
  ASSERT_TRUE(WriteFileDurably(dir / "f", bytes));
  const auto shared = std::make_shared<const std::string>(bytes);
  const Running running([&](const ServerRequest& request) {
    ServerResponse response;
    if (request.path == "/file") response.file = dir / "f";
    if (request.path == "/shared") response.shared_body = shared;
    if (request.path == "/missing") response.file = dir / "none";
    return response;
  });
  EXPECT_THAT(running.Ask("GET /file HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("\r\n\r\n" + bytes));
  EXPECT_THAT(running.Ask("GET /shared HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("\r\n\r\n" + bytes));
  EXPECT_THAT(running.Ask("GET /missing HTTP/1.1\r\nHost: h\r\n\r\n"), StartsWith("HTTP/1.1 500 "));
}

TEST(Server, LetsNoHeaderValueBreakALine) {
  const Running running([](const ServerRequest&) {
    ServerResponse response = Respond(200, "x");
    response.headers.emplace_back("X-Name", "a\r\nX-Evil: 1");
    response.headers.emplace_back("Content-Length", "99");
    return response;
  });
  const std::string answer = running.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("\r\nX-Name: a  X-Evil: 1\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 1\r\n"));
}

TEST(Server, DeliversFaultsAsTold) {
  const Running running([](const ServerRequest& request) {
    ServerResponse response = Respond(200, "0123456789");
    if (request.path == "/cut") response.delivery.cut_after = 4;
    if (request.path == "/none") response.delivery.no_answer = true;
    if (request.path == "/late") response.delivery = {.delay = Millis{1}, .stall_after = 3, .stall = Millis{1}};
    return response;
  });
  RawConnection cut = running.Connect();
  cut.Send("GET /cut HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string answer = cut.ReadToEnd();
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 10\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n0123"));
  RawConnection none = running.Connect();
  none.Send("GET /none HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(none.ReadToEnd(), "");
  EXPECT_THAT(running.Ask("GET /late HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("\r\n\r\n0123456789"));
}

TEST(Server, StallsAtTheByteItIsTold) {
  const Running running([](const ServerRequest&) {
    ServerResponse response = Respond(200, "0123456789");
    response.delivery = {.stall_after = 3, .stall = std::chrono::hours{1}};
    return response;
  });
  RawConnection client = running.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  client.ReadUntil("\r\n\r\n");
  EXPECT_EQ(client.ReadBytes(3), "012");
  const_cast<Running&>(running).server.Stop();
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(Server, ClosesConnectionsThatAreIdleOrTooSlow) {
  const Running running(Echo, {.idle_timeout = Millis{30}, .request_timeout = Millis{30}});
  RawConnection idle = running.Connect();
  EXPECT_EQ(idle.ReadToEnd(), "");
  RawConnection slow_header = running.Connect();
  slow_header.Send("GET / HT");
  EXPECT_EQ(slow_header.ReadToEnd(), "");
  RawConnection slow_body = running.Connect();
  slow_body.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(slow_body.ReadToEnd(), "");
}

TEST(Server, AnswersBesideManyIdleAndHalfSpokenConnections) {
  const Running running(Echo);
  std::vector<RawConnection> crowd;
  for (int i = 0; i < 300; ++i) {
    crowd.push_back(running.Connect());
    if (i % 2 == 0) crowd.back().Send("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf");
  }
  EXPECT_THAT(running.Ask("GET /me HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("GET /me body:"));
  for (RawConnection& one : crowd) one.Close();
}

TEST(Server, RefusesOneConnectionTooMany) {
  const Running running(Echo, {.max_connections = 2});
  RawConnection first = running.Connect();
  RawConnection second = running.Connect();
  for (RawConnection* one : {&first, &second}) {
    one->Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(one->ReadMessage(), StartsWith("HTTP/1.1 200 "));
  }
  RawConnection third = running.Connect();
  EXPECT_THAT(third.ReadMessage(), StartsWith("HTTP/1.1 503 "));
}

TEST(Server, StopEndsIdleConnectionsAndListensNoMore) {
  Running running(Echo);
  RawConnection idle = running.Connect();
  idle.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  idle.ReadMessage();
  running.server.Stop();
  EXPECT_EQ(idle.ReadToEnd(), "");
  EXPECT_THROW(running.Connect(), std::runtime_error);
  EXPECT_EQ(running.server.OpenConnections(), 0U);
}

TEST(Server, StopLetsARequestInHandFinish) {
  std::latch begun(1);
  std::latch go_on(1);
  Running running([&](const ServerRequest& request) {
    begun.count_down();
    go_on.wait();
    return Echo(request);
  });
  RawConnection client = running.Connect();
  client.Send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  begun.wait();
  std::thread stopper([&] { running.server.Stop(); });
  go_on.count_down();
  EXPECT_THAT(client.ReadMessage(), EndsWith("GET /slow body:"));
  stopper.join();
}

TEST(Server, StopCutsAnUploadThatDoesNotEnd) {
  Running running(Echo, {.stop_timeout = Millis{20}});
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  client.ReadUntil("\r\n\r\n");
  running.server.Stop();
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(Server, StartNamesAnAddressItCannotUse) {
  const Running running(Echo);
  Server same({.port = running.port}, Echo);
  const auto taken = same.Start();
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().what, HasSubstr("127.0.0.1:" + std::to_string(running.port)));
  Server nowhere({.address = "example.org"}, Echo);
  EXPECT_FALSE(nowhere.Start());
}

}  // namespace
}  // namespace brood::http
