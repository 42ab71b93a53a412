#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_bench.hpp"

namespace brood::api {
namespace {

using testing::AnyOf;
using testing::StartsWith;

const std::vector<std::string>& HostileTexts() {
  static const std::vector<std::string> texts = {
      "..%2F..%2F..%2Fetc%2Fpasswd",
      "%27%3B%20DROP%20TABLE%20blacklist%3B--",
      "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
      "%00",
      "a%00b",
      "%0D%0ASet-Cookie%3A%20a%3Db",
      "%FF%FE",
      "%E2%80%AE",
      "%25n%25s",
      std::string(8'000, 'A'),
  };
  return texts;
}

const std::vector<std::string>& ReadPaths() {
  static const std::vector<std::string> paths = {
      "/hash/get/{}",
      "/blacklist/exist/{}?id=x",
      "/blacklist/exist/hash?id={}",
      "/api/v1/submissions/{}",
      "/api/v1/submissions?state={}",
      "/api/v1/submissions?sha256={}",
      "/api/v1/submissions?limit={}",
      "/api/v1/submissions?after={}",
      "/api/v1/submissions?{}=1",
      "/api/v1/reports/{}",
      "/api/v1/blacklist?type={}",
      "/api/v1/blacklist?since={}",
      "/api/v1/blacklist?after={}",
      "/api/v1/whitelist?kind={}",
      "/api/v1/dead?state={}",
      "/api/v1/dead?after={}",
      "/{}",
  };
  return paths;
}

bool IsJson(const std::string& text) {
  boost::system::error_code error;
  (void)boost::json::parse(text, error);
  return !error;
}

std::string WithText(std::string path, const std::string& text) {
  return path.replace(path.find("{}"), 2, text);
}

TEST(HostileRequests, NoTextIsReflectedAsMarkupOrHeaderAndNoneBreaksTheServer) {
  ApiBench bench;
  bench.Start();
  for (const std::string& path : ReadPaths()) {
    for (const std::string& text : HostileTexts()) {
      const std::string target = WithText(path, text);
      const auto answer = bench.Get(target);
      EXPECT_THAT(answer.status, AnyOf(200, 400, 404)) << target;
      const bool never_came_to_us = target.substr(0, target.find('?')).find("%00") != target.npos;
      if (!never_came_to_us) {
        EXPECT_EQ(http::Find(answer.headers, "X-Content-Type-Options"), "nosniff") << target;
      }
      EXPECT_FALSE(http::Find(answer.headers, "Set-Cookie")) << target;
      EXPECT_FALSE(http::Find(answer.headers, "Access-Control-Allow-Origin")) << target;
      const std::string type(http::Find(answer.headers, "Content-Type").value_or(""));
      EXPECT_THAT(type, AnyOf("application/json", StartsWith("text/plain"))) << target;
      EXPECT_TRUE(type != "application/json" || IsJson(answer.body)) << answer.body;
    }
  }
}

TEST(HostileRequests, AMillionCharactersAreRefusedInPathQueryAndHeader) {
  ApiBench bench;
  bench.Start();
  const std::string million(1'000'000, 'x');
  for (const std::string& request :
       {fmt::format("GET /hash/get/{} HTTP/1.1\r\nHost: a\r\n\r\n", million),
        fmt::format("GET /blacklist/exist/hash?id={} HTTP/1.1\r\nHost: a\r\n\r\n", million),
        fmt::format("GET /api/v1/status HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\r\n", million)}) {
    EXPECT_THAT(bench.Raw(request), AnyOf(StartsWith("HTTP/1.1 414 "), StartsWith("HTTP/1.1 431 ")));
  }
  EXPECT_EQ(bench.Get("/api/v1/status").status, 200);
}

TEST(HostileRequests, BrokenEscapesAndRawBytesAreRefused) {
  ApiBench bench;
  bench.Start();
  for (const std::string target : {"/hash/get/%", "/hash/get/%zz", "/blacklist/exist/hash?id=%4",
                                   "/api/v1/submissions?state=%G1", "/api/v1/blacklist/hash/%"}) {
    EXPECT_THAT(bench.Raw("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 400 "))
        << target;
  }
  std::string nul = "GET /hash/get/6N HTTP/1.1\r\nHost: a\r\n\r\n";
  nul[nul.find('N')] = '\0';
  EXPECT_THAT(bench.Raw(nul), Not(StartsWith("HTTP/1.1 200")));
}

TEST(HostileRequests, ABodyFarOverTheLimitIsRefusedBeforeItIsRead) {
  ApiBench bench;
  bench.settings.max_sample = 1'000;
  bench.Start();
  const auto head = fmt::format(
      "POST /api/v1/submissions?name=a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n"
      "Content-Length: 99999999999\r\n\r\n",
      ApiBench::kToken);
  EXPECT_THAT(bench.Raw(head), StartsWith("HTTP/1.1 413 "));
}

TEST(HostileRequests, AnUnknownPathAndMethodAreJsonUnderTheApiAndTextElsewhere) {
  ApiBench bench;
  bench.Start();
  const auto unknown = bench.Get("/api/v1/nothing");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_FALSE(ErrorIn(unknown).empty());
  const auto method = bench.Change(http::Method::kPost, "/api/v1/status");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(http::Find(method.headers, "Allow"), "GET");
  EXPECT_EQ(bench.Get("/nothing").body, "There is nothing under this path.\n");
  EXPECT_EQ(bench.Send(http::Method::kHead, "/api/v1/status").status, 200);
}

}  // namespace
}  // namespace brood::api
