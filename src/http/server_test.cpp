#include "http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "http/test_server.hpp"

namespace brood::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Server, HandsADecodedRequestToItsHandler) {
  std::string remote;
  const TestServer running([&](const ServerRequest& request) {
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
  const TestServer running(Echo);
  RawConnection client = running.Connect();
  client.Send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), EndsWith("GET /1 body:"));
  EXPECT_THAT(client.ReadMessage(), EndsWith("GET /2 body:"));
  client.Send("GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), EndsWith("GET /3 body:"));
  EXPECT_EQ(running.Accepted(), 1U);
}

TEST(Server, ReadsAChunkedBody) {
  const TestServer running(Echo);
  EXPECT_THAT(
      running.Ask(
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
      EndsWith("body:abcde"));
}

TEST(Server, AnswersOnePointZeroAndClosesInThatPersona) {
  const TestServer running(Echo, {.protocol = Protocol::kHttp10});
  RawConnection client = running.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
  const std::string answer = client.ReadToEnd();
  EXPECT_THAT(answer, StartsWith("HTTP/1.0 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Server, AnswersAnOldClientThatWantsToStay) {
  const TestServer running(Echo);
  RawConnection client = running.Connect();
  client.Send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), HasSubstr("\r\nConnection: keep-alive\r\n"));
  client.Send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Server, ServesOneConnectionAfterTheOtherInThatPersona) {
  const TestServer running(Echo, {.concurrency = Concurrency::kOneConnection});
  RawConnection first = running.Connect();
  first.Send("GET /first HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(first.ReadMessage(), EndsWith("GET /first body:"));
  RawConnection second = running.Connect();
  second.Send("GET /second HTTP/1.1\r\nHost: h\r\n\r\n");
  first.Send("GET /again HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(first.ReadMessage(), EndsWith("GET /again body:"));
  EXPECT_EQ(running.Accepted(), 1U);
  first.Close();
  EXPECT_THAT(second.ReadMessage(), EndsWith("GET /second body:"));
}

TEST(Server, TellsAnUploaderToContinue) {
  const TestServer running(Echo);
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ab");
  EXPECT_THAT(client.ReadMessage(), EndsWith("body:ab"));
}

TEST(Server, TellsAnUploaderToContinueOnlyAfterItIsAdmitted) {
  int asked = 0;
  const TestServer running(Echo, {}, [&](const ServerRequest& head) -> std::optional<ServerResponse> {
    ++asked;
    EXPECT_EQ(head.body, "");
    if (Find(head.headers, "X-May") == "yes") return std::nullopt;
    return Respond(403, "You may not.\n");
  });
  RawConnection client = running.Connect();
  client.Send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  const std::string refusal = client.ReadToEnd();
  EXPECT_THAT(refusal, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(refusal, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(refusal, EndsWith("You may not.\n"));
  RawConnection admitted = running.Connect();
  admitted.Send(
      "POST /b HTTP/1.1\r\nHost: h\r\nX-May: yes\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(admitted.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  admitted.Send("ab");
  EXPECT_THAT(admitted.ReadMessage(), EndsWith("body:ab"));
  EXPECT_EQ(asked, 2);
}

TEST(Server, SaysContinueBeforeItLooksWhoAsksInThatPersona) {
  const TestServer running(Echo, {.expect = ExpectManner::kContinueUnseen},
                           [](const ServerRequest&) { return Respond(401, "Who are you?\n"); });
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 "));
}

TEST(Server, LeavesItToTheHandlerWhoMayWhereARequestComesWhole) {
  const TestServer running(Echo, {}, [](const ServerRequest&) { return Respond(401, "Who are you?\n"); });
  RawConnection client = running.Connect();
  client.Send("GET /a HTTP/1.1\r\nHost: h\r\n\r\nPOST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_THAT(client.ReadMessage(), EndsWith("GET /a body:"));
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 401 "));
}

TEST(Server, LeavesAnUploaderWithoutContinueInThatPersona) {
  const TestServer running(Echo, {.expect = ExpectManner::kSilent});
  RawConnection client = running.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 200 "));
}

TEST(Server, SendsNoBodyToHead) {
  const TestServer running(Echo);
  RawConnection client = running.Connect();
  client.Send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string answer = client.ReadToEnd();
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 12\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(Server, SendsNeitherBodyNorLengthWith204) {
  const TestServer running([](const ServerRequest&) { return Respond(204, "ignored"); });
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
  const TestServer running([&](const ServerRequest& request) {
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
  const TestServer running([](const ServerRequest&) {
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
  const TestServer running([](const ServerRequest& request) {
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
  TestServer running([](const ServerRequest&) {
    ServerResponse response = Respond(200, "0123456789");
    response.delivery = {.stall_after = 3, .stall = std::chrono::hours{1}};
    return response;
  });
  RawConnection client = running.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  client.ReadUntil("\r\n\r\n");
  EXPECT_EQ(client.ReadBytes(3), "012");
  running.Stop();
  EXPECT_EQ(client.ReadToEnd(), "");
}

}  // namespace
}  // namespace brood::http
