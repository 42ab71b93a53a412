#include "http/curl/curl_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "http/multipart.hpp"
#include "http/test_server.hpp"

namespace brood::http::curl {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(CurlClient, SendsMethodHeadersAndBodyAndReadsTheAnswer) {
  const TestServer running([](const ServerRequest& request) {
    ServerResponse response = Respond(201, std::string(Name(request.method)) + " " + request.body);
    response.headers.emplace_back("X-Echo", std::string(Find(request.headers, "x-thing").value_or("none")));
    return response;
  });
  CurlClient client;
  for (const Method method : {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete, Method::kGet}) {
    const auto response = client.Send(
        {.method = method, .url = running.Url(), .headers = {{"X-Thing", "t"}}, .body = "some body"});
    ASSERT_TRUE(response) << response.error().what;
    EXPECT_EQ(response->status, 201);
    EXPECT_EQ(Find(response->headers, "x-echo"), "t");
    EXPECT_EQ(response->body, std::string(Name(method)) + " some body");
  }
  const auto head = client.Send({.method = Method::kHead, .url = running.Url()});
  ASSERT_TRUE(head);
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(Find(head->headers, "content-length"), "5");
}

TEST(CurlClient, KeepsItsConnectionAlive) {
  const TestServer running([](const ServerRequest&) { return Respond(200, "x"); });
  CurlClient client;
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(client.Send({.method = Method::kPost, .url = running.Url(), .body = "b"}));
  EXPECT_EQ(running.Accepted(), 1U);
}

TEST(CurlClient, KeepsNoConnectionWhenToldSo) {
  const TestServer running([](const ServerRequest&) { return Respond(200, "x"); },
                           {.concurrency = Concurrency::kOneConnection});
  CurlClient client({.keep_alive = KeepAlive::kOff});
  CurlClient other({.keep_alive = KeepAlive::kOff});
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send({.url = running.Url()}));
    ASSERT_TRUE(other.Send({.url = running.Url()}));
  }
  EXPECT_EQ(running.Accepted(), 6U);
}

TEST(CurlClient, UnderstandsOnePointZeroServers) {
  const TestServer running([](const ServerRequest& request) { return Respond(200, request.body); },
                           {.protocol = Protocol::kHttp10, .expect = ExpectManner::kSilent});
  CurlClient client;
  for (int i = 0; i < 3; ++i) {
    const auto response =
        client.Send({.method = Method::kPost, .url = running.Url(), .body = ManyBytes(200'000)});
    ASSERT_TRUE(response) << response.error().what;
    EXPECT_EQ(response->body, ManyBytes(200'000));
  }
  EXPECT_EQ(running.Accepted(), 3U);
}

TEST(CurlClient, TakesABodyThatEndsWithTheConnection) {
  RawServer server([](RawConnection& connection) {
    connection.ReadMessage();
    connection.Send("HTTP/1.0 200 OK\r\n\r\nwithout a length");
  });
  CurlClient client;
  const auto response = client.Send({.url = server.Url()});
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->body, "without a length");
}

TEST(CurlClient, NeverSendsExpectNorWhatNobodyAskedFor) {
  std::string seen;
  RawServer server([&](RawConnection& connection) {
    seen = connection.ReadMessage();
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  CurlClient client;
  ASSERT_TRUE(
      client.Send({.method = Method::kPost, .url = server.Url("/x/../y?a=b"), .body = ManyBytes(3'000'000)}));
  EXPECT_THAT(seen, StartsWith("POST /x/../y?a=b HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nContent-Length: 3000000\r\n"));
  EXPECT_THAT(seen, Not(HasSubstr("Expect")));
  EXPECT_THAT(seen, Not(HasSubstr("Content-Type")));
}

TEST(CurlClient, UploadsAFileByteByByteWithItsFields) {
  const TempDir dir;
  const std::string bytes = ManyBytes(5'000'000);
  ASSERT_TRUE(WriteFileDurably(dir / "sample", bytes));
  std::vector<std::string> seen;
  const TestServer running([&](const ServerRequest& request) {
    const auto parts = ParseMultipart(Find(request.headers, "content-type").value_or(""), request.body);
    if (!parts) return Respond(400, parts.error());
    for (const MultipartPart& part : *parts) {
      seen.push_back(part.name + "|" + part.file_name.value_or("-") + "|" + Sha256Hex(part.data));
    }
    return Respond(200, "");
  });
  CurlClient client;
  Request request{.method = Method::kPost, .url = running.Url()};
  request.form = {{.name = "package", .value = "exe"},
                  {.name = "file", .file = dir / "sample", .file_name = "a \"b\"\\c\r\nX-Evil: 1;.exe"},
                  {.name = "other", .value = std::string("\0\r\n--", 5), .file_name = "bytes.bin"},
                  {.name = "plain", .file = dir / "sample"}};
  const auto response = client.Send(request);
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->status, 200) << response->body;
  const std::vector<std::string> expected = {
      "package|-|" + Sha256Hex("exe"), "file|a \"b\"\\c__X-Evil: 1;.exe|" + Sha256Hex(bytes),
      "other|bytes.bin|" + Sha256Hex(std::string_view("\0\r\n--", 5)), "plain|sample|" + Sha256Hex(bytes)};
  EXPECT_EQ(seen, expected);
}

TEST(CurlClient, StreamsABodyAndKeepsItOutOfTheResponse) {
  const auto bytes = std::make_shared<const std::string>(ManyBytes(8'000'000));
  const TestServer running([&](const ServerRequest&) {
    ServerResponse response;
    response.shared_body = bytes;
    return response;
  });
  CurlClient client;
  std::string got;
  int pieces = 0;
  const auto response = client.Stream({.url = running.Url()}, [&](std::string_view piece) {
    got += piece;
    ++pieces;
  });
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->body, "");
  EXPECT_TRUE(got == *bytes);
  EXPECT_GT(pieces, 8);
  EXPECT_EQ(client.Counted().bytes_received, bytes->size());
}

TEST(CurlClient, GivesTheHeadOfAnErrorsBodyInTheResponse) {
  const TestServer running([](const ServerRequest&) { return Respond(404, ManyBytes(100'000)); });
  CurlClient client;
  const auto response = client.Stream({.url = running.Url()}, [](std::string_view) { FAIL(); });
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body, ManyBytes(100'000).substr(0, 64 * 1024));
}

TEST(CurlClient, PassesASinksExceptionOnAndWorksAfterwards) {
  const TestServer running([](const ServerRequest&) { return Respond(200, ManyBytes(1'000'000)); });
  CurlClient client;
  const auto thrower = [](std::string_view) { throw std::runtime_error("enough"); };
  EXPECT_THROW(static_cast<void>(client.Stream({.url = running.Url()}, thrower)), std::runtime_error);
  EXPECT_TRUE(client.Send({.url = running.Url()}));
}

TEST(CurlClient, FollowsNoRedirect) {
  const TestServer running([](const ServerRequest&) {
    ServerResponse response = Respond(302, "");
    response.headers.emplace_back("Location", "http://127.0.0.1:1/");
    return response;
  });
  CurlClient client;
  const auto response = client.Send({.url = running.Url()});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
}

TEST(CurlClient, DropsTheHeadersOfAnEarlierContinue) {
  RawServer server([](RawConnection& connection) {
    connection.ReadMessage();
    connection.Send(
        "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  CurlClient client;
  const auto response = client.Send({.url = server.Url()});
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->status, 200);
  EXPECT_FALSE(Find(response->headers, "x-early"));
  EXPECT_EQ(response->body, "ok");
}

TEST(CurlClient, ServesManyThreadsAtOnce) {
  const TestServer running([](const ServerRequest& request) { return Respond(200, request.body); });
  CurlClient client;
  std::atomic<int> right{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string body = std::to_string(t) + "/" + std::to_string(i);
        const auto response = client.Send({.method = Method::kPost, .url = running.Url(), .body = body});
        right += response && response->body == body ? 1 : 0;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(right, 400);
  EXPECT_LE(running.Accepted(), 8U * 8U);
}

}  // namespace
}  // namespace brood::http::curl
