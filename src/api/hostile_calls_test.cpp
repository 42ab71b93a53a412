#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_bench.hpp"
#include "http/url.hpp"

// Every call that the router knows, one added tomorrow too, against everything that one may throw at it.

namespace brood::api {
namespace {

using http::Method;
using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

/// Raw: each is percent-encoded where it is put into a path or a query.
const std::vector<std::string>& HostileTexts() {
  static const std::vector<std::string> texts = {
      "../../../../etc/passwd",
      "..\\..\\boot.ini",
      "'; DROP TABLE blacklist; --",
      "\" OR \"\"=\"",
      R"({"query":{"match_all":{}}})",
      "<script>alert(1)</script>",
      "\"><img src=x onerror=alert(1)>",
      std::string("a\0b", 3),
      "a\r\nSet-Cookie: a=b\r\n\r\n<html>",
      "\xFF\xFE\xC0\x80",
      "\xE2\x80\xAE",
      "%00%n%s${jndi:ldap://x}{{7*7}}",
      "-1",
      "1e309",
      "99999999999999999999",
      "[]",
      "true",
      std::string(8'000, 'A'),
  };
  return texts;
}

/// Bodies of the wrong type and shape, as JSON and as forms.
const std::vector<std::string>& HostileBodies() {
  static const std::vector<std::string> bodies = {
      "null",
      "[]",
      "5",
      "{",
      R"({"reason":5,"kind":7,"value":[1],"owner":{}})",
      R"({"reason":null,"kind":null,"value":null,"owner":null})",
      R"({"kind":"subnet","value":"<script>alert(1)</script>","owner":"<b>"})",
      R"({"reason":"a\u0000b","kind":"hash","value":"a\u0000b","owner":"\u0000"})",
      "{\"reason\":\"\xFF\xFE\"}",
      R"({"__proto__":{"a":1}})",
      "{\"reason\":\"" + std::string(60'000, 'x') + "\"}",
      std::string(50'000, '['),
      "subnet=%&owner=%zz",
      "subnet=%3Cscript%3E&owner=%3Cscript%3E",
      "subnet=10.0.0.0/8&owner=%00",
      "subnet=10.0.0.0/8&owner=" + std::string(60'000, 'x'),
      "--b\r\nContent-Disposition: form-data; name=\"subnet\"\r\n\r\n<b>",
      std::string("\0\0\0", 3),
  };
  return bodies;
}

/// What any call may look at in its query.
constexpr auto kParameters = std::to_array<std::string_view>(
    {"id",  "reason", "name",  "type",  "since",   "limit",    "after",   "state", "sha256", "queue",
     "key", "kind",   "value", "again", "timeout", "priority", "options", "owner", "subnet", "no_such"});

/// The call's path with `text` in the place of each {name}.
std::string PathWith(const Call& call, const std::string& text) {
  std::string path;
  for (std::size_t at = 0; at < call.pattern.size();) {
    const std::size_t open = call.pattern.find('{', at);
    path += call.pattern.substr(at, open - at);
    if (open == std::string::npos) break;
    path += text;
    at = call.pattern.find('}', open) + 1;
  }
  return path;
}

std::string Shown(const Call& call) { return fmt::format("{} {}", http::Name(call.method), call.pattern); }

/// Everything that a call could have changed.
struct Traces {
  std::vector<std::uint64_t> counts;
  store::BlacklistGeneration blacklist;
  std::int64_t lists = 0;
  std::size_t letters = 0, files = 0;
  bool operator==(const Traces&) const = default;
};

Traces TracesIn(ApiBench& bench) {
  Traces traces;
  for (int index = 0; index < 6; ++index) {
    traces.counts.push_back(*bench.store.Counts().Of(static_cast<store::Index>(index), ""));
  }
  traces.blacklist = *bench.store.Blacklist().Generation();
  traces.lists = *bench.store.Lists().Generation();
  traces.letters = bench.store.DeadLetters().List({}, {})->items.size();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(bench.folder / "samples")) {
    traces.files += entry.is_regular_file() ? 1 : 0;
  }
  return traces;
}

void ExpectASentence(const http::Response& answer, const std::string& where) {
  const bool json = http::Find(answer.headers, "Content-Type") == "application/json";
  const std::string sentence = json ? ErrorIn(answer) + "\n" : answer.body;
  EXPECT_THAT(sentence, testing::EndsWith(".\n")) << where;
  EXPECT_GT(sentence.size(), 15U) << where;
}

/// Nothing that a browser could take for a page or a header, whatever was asked.
void ExpectNothingReflected(const http::Response& answer, const std::string& where) {
  const std::string type(http::Find(answer.headers, "Content-Type").value_or(""));
  EXPECT_EQ(http::Find(answer.headers, "X-Content-Type-Options"), "nosniff") << where;
  EXPECT_FALSE(http::Find(answer.headers, "Set-Cookie")) << where;
  EXPECT_FALSE(http::Find(answer.headers, "Access-Control-Allow-Origin")) << where;
  if (answer.status == 204) return;
  EXPECT_THAT(type, AnyOf("application/json", StartsWith("text/plain"))) << where;
  boost::system::error_code error;
  if (type == "application/json") (void)boost::json::parse(answer.body, error);
  EXPECT_FALSE(error) << where << ": " << answer.body;
  const std::string shown = type == "application/json" ? "" : answer.body;
  EXPECT_THAT(shown, Not(AnyOf(HasSubstr("<"), HasSubstr("etc/passwd"), HasSubstr("DROP TABLE")))) << where;
}

/// Sends it with the token, and looks what came of it.
void ExpectHarmless(ApiBench& bench, const Call& call, const std::string& target, const std::string& body,
                    const std::string& type) {
  const Traces before = TracesIn(bench);
  const auto answer = bench.Change(call.method, target, body, {{"Content-Type", type}});
  const std::string where = fmt::format("{} {:.200} {:.100} -> {} {:.200}", http::Name(call.method), target,
                                        body, answer.status, answer.body);
  EXPECT_THAT(answer.status, AnyOf(200, 201, 204, 400, 404, 409)) << where;
  ExpectNothingReflected(answer, where);
  if (answer.status < 400) return;
  ExpectASentence(answer, where);
  EXPECT_TRUE(TracesIn(bench) == before) << where;
}

class EveryCall : public testing::Test {
 protected:
  EveryCall() {
    bench_.settings.max_sample = 100'000;
    bench_.Start();
    bench_.List("hash", "44d88612fea8a8f36de82e1278abb02f");
  }
  /// The head and nothing after it.
  std::string Raw(const Call& call, const std::string& target, const std::string& headers) {
    return bench_.Raw(
        fmt::format("{} {} HTTP/1.1\r\nHost: a\r\n{}\r\n", http::Name(call.method), target, headers));
  }

  ApiBench bench_;
  const std::string token_ = fmt::format("Authorization: Bearer {}\r\n", ApiBench::kToken);
};

TEST_F(EveryCall, IsKnownToThisTest) {
  std::vector<std::string> calls;
  for (const Call& call : bench_.Calls()) calls.push_back(Shown(call));
  EXPECT_THAT(calls, testing::IsSupersetOf({"GET /hash/get/{since}", "GET /blacklist/create/{type}",
                                            "POST /whitelist/subnet/add", "POST /api/v1/submissions",
                                            "PUT /api/v1/blacklist/{type}/{value*}", "GET /metrics"}));
}

TEST_F(EveryCall, ThatIsNoGetChangesThings) {
  for (const Call& call : bench_.Calls()) {
    EXPECT_TRUE(call.method == Method::kGet || call.does == Call::Does::kChange) << Shown(call);
  }
}

TEST_F(EveryCall, ThatChangesThingsNeedsTheToken) {
  const Traces before = TracesIn(bench_);
  for (const Call& call : bench_.Calls()) {
    if (call.does == Call::Does::kRead) continue;
    const std::string target = PathWith(call, "hash") + "?id=a&reason=b&name=c&kind=subnet&value=10.0.0.0/8";
    for (const auto& headers :
         {http::HeaderList{}, {{"Authorization", "Bearer wrong"}}, {{"Authorization", "Bearer"}}}) {
      const auto answer = bench_.Send(call.method, target, "{}", headers);
      EXPECT_EQ(answer.status, 401) << Shown(call);
      EXPECT_THAT(answer.headers, Contains(testing::Pair("WWW-Authenticate", HasSubstr("Bearer"))))
          << Shown(call);
      ExpectASentence(answer, Shown(call));
    }
  }
  EXPECT_TRUE(TracesIn(bench_) == before);
  EXPECT_TRUE(bench_.Published().empty());
}

TEST_F(EveryCall, IsAskedForTheTokenBeforeItsBodyIsLookedAt) {
  for (const Call& call : bench_.Calls()) {
    if (call.does == Call::Does::kRead) continue;
    EXPECT_THAT(Raw(call, PathWith(call, "hash"), "Content-Length: 100000\r\n"), StartsWith("HTTP/1.1 401 "))
        << Shown(call);
  }
}

TEST_F(EveryCall, NeedsTheTokenWhereReadsDo) {
  ApiBench closed;
  closed.settings.anonymous_read = false;
  closed.Start();
  for (const Call& call : closed.Calls()) {
    EXPECT_EQ(closed.Send(call.method, PathWith(call, "hash")).status, 401) << Shown(call);
  }
}

TEST_F(EveryCall, RefusesABodyThatIsTooLargeBeforeItIsRead) {
  const Traces before = TracesIn(bench_);
  for (const Call& call : bench_.Calls()) {
    for (const std::string length : {"1000000", "99999999999"}) {
      const std::string answer =
          Raw(call, PathWith(call, "hash"), token_ + "Content-Length: " + length + "\r\n");
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 ")) << Shown(call);
      EXPECT_THAT(answer, AnyOf(testing::EndsWith(".\n"), testing::EndsWith(".\"}"))) << Shown(call);
    }
  }
  EXPECT_TRUE(TracesIn(bench_) == before);
}

TEST_F(EveryCall, RefusesABodyThatTurnsOutTooLarge) {
  const std::string chunk = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", 70'000, std::string(70'000, 'x'));
  for (const Call& call : bench_.Calls()) {
    if (call.pattern == "/api/v1/submissions" || call.pattern.starts_with("/api/v1/samples")) continue;
    const std::string answer =
        bench_.Raw(fmt::format("{} {} HTTP/1.1\r\nHost: a\r\n{}Transfer-Encoding: chunked\r\n\r\n{}",
                               http::Name(call.method), PathWith(call, "hash"), token_, chunk));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 ")) << Shown(call);
  }
}

TEST_F(EveryCall, TakesHostileTextsInItsPath) {
  for (const Call& call : bench_.Calls()) {
    if (call.pattern.find('{') == call.pattern.npos) continue;
    for (const std::string& text : HostileTexts()) {
      const bool nul = text.find('\0') != text.npos;  // refused before there is a call
      if (!nul)
        ExpectHarmless(bench_, call, PathWith(call, http::PercentEncode(text)) + "?id=x", "", "text/plain");
    }
  }
}

TEST_F(EveryCall, TakesHostileTextsInItsQuery) {
  for (const Call& call : bench_.Calls()) {
    for (const std::string& text : HostileTexts()) {
      const std::string value = http::PercentEncode(text);
      std::string all = "?";
      for (const std::string_view name : kParameters)
        all += fmt::format("{}={}&", name, value.substr(0, 1'000));
      ExpectHarmless(bench_, call, PathWith(call, "hash") + all, "", "text/plain");
      ExpectHarmless(bench_, call, PathWith(call, "hash") + "?id=" + value + "&reason=" + value, "",
                     "text/plain");
      ExpectHarmless(bench_, call, PathWith(call, "hash") + "?" + value + "=1", "", "text/plain");
    }
  }
}

TEST_F(EveryCall, TakesHostileBodies) {
  for (const Call& call : bench_.Calls()) {
    const std::string target =
        PathWith(call, "hash") + (call.pattern == "/api/v1/submissions" ? "?name=a" : "");
    for (const std::string& body : HostileBodies()) {
      for (const std::string type : {"application/json", "application/x-www-form-urlencoded",
                                     "multipart/form-data; boundary=b", "text/html", "\xFF"}) {
        ExpectHarmless(bench_, call, target, body, type);
      }
    }
  }
}

TEST_F(EveryCall, RefusesAMillionCharacters) {
  const std::string million(1'000'000, 'x');
  const Traces before = TracesIn(bench_);
  for (const Call& call : bench_.Calls()) {
    EXPECT_THAT(Raw(call, PathWith(call, "hash") + "?id=" + million, token_), StartsWith("HTTP/1.1 414 "))
        << Shown(call);
    EXPECT_THAT(Raw(call, PathWith(call, "hash"), token_ + "X: " + million + "\r\n"),
                StartsWith("HTTP/1.1 431 "))
        << Shown(call);
    if (call.pattern.find('{') == call.pattern.npos) continue;
    EXPECT_THAT(Raw(call, PathWith(call, million), token_), StartsWith("HTTP/1.1 414 ")) << Shown(call);
  }
  EXPECT_TRUE(TracesIn(bench_) == before);
}

TEST_F(EveryCall, RefusesBrokenPercentSignsAndNulAndLeavesTheFolder) {
  const Traces before = TracesIn(bench_);
  for (const Call& call : bench_.Calls()) {
    const std::string path = PathWith(call, "hash");
    for (const std::string& target :
         {path + "?id=%", path + "?id=%4", path + "?%zz=1", path + "/%", path + "/%00"}) {
      const std::string answer = Raw(call, target, token_);
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << target;
      EXPECT_THAT(answer, testing::EndsWith(".\n")) << target;
    }
    EXPECT_THAT(Raw(call, path + std::string("\0", 1), token_), StartsWith("HTTP/1.1 400 ")) << path;
    EXPECT_THAT(Raw(call, "/.." + path, token_), StartsWith("HTTP/1.1 404 ")) << path;
  }
  EXPECT_TRUE(TracesIn(bench_) == before);
}

}  // namespace
}  // namespace brood::api
