#include "http/url.hpp"

#include <gtest/gtest.h>

namespace brood::http {
namespace {

TEST(ParseUrl, TakesAUrlApart) {
  const auto url = ParseUrl("HTTPS://User:pw@Example.COM:8443/a%20b/c?x=1&y#frag");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->user_info, "User:pw");
  EXPECT_EQ(url->host, "example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/a%20b/c");
  EXPECT_EQ(url->query, "x=1&y");
}

TEST(ParseUrl, GivesTheSchemesOwnPortAndAPathOfOneSlash) {
  const auto http = ParseUrl("http://h");
  const auto https = ParseUrl("https://h?q");
  ASSERT_TRUE(http && https);
  EXPECT_EQ(http->port, 80);
  EXPECT_EQ(http->path, "/");
  EXPECT_EQ(https->port, 443);
  EXPECT_EQ(https->query, "q");
}

TEST(ParseUrl, ReadsAnIpv6Host) {
  const auto url = ParseUrl("http://[::1]:8090/x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "[::1]");
  EXPECT_EQ(url->port, 8090);
}

TEST(ParseUrl, RefusesWhatIsNoHttpUrl) {
  for (const char* text :
       {"", "h/x", "ftp://h/", "file:///etc/passwd", "http://", "http://:80/", "http://h:0/", "http://h:65536/",
        "http://h:8a/", "http://h/a b", "http://h/\r\nX: y", "http://h\\x/", "http://[::1/", "http://[]/"}) {
    EXPECT_FALSE(ParseUrl(text)) << text;
  }
}

TEST(ShownUrl, HidesUserPasswordAndQuery) {
  EXPECT_EQ(ShownUrl("http://me:hunter2@h:8080/api?api_key=abc"), "http://h:8080/api?…");
  EXPECT_EQ(ShownUrl("https://h/api"), "https://h/api");
  EXPECT_EQ(ShownUrl("nonsense hunter2"), "(malformed URL)");
}

TEST(PercentEncode, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(PercentEncode("aZ9-._~ /?&=+%\xC3\xA4"), "aZ9-._~%20%2F%3F%26%3D%2B%25%C3%A4");
}

TEST(PercentDecode, UndoesPercentEncode) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(PercentDecode(PercentEncode(all)), all);
  EXPECT_EQ(PercentDecode("%41%62+"), "Ab+");
}

TEST(PercentDecode, RefusesBrokenEscapes) {
  for (const char* text : {"%", "%4", "%4g", "%g4", "abc%", "%%41"}) EXPECT_FALSE(PercentDecode(text)) << text;
}

TEST(JoinUrl, PutsOneSlashBetween) {
  EXPECT_EQ(JoinUrl("http://h/api/", "/tasks"), "http://h/api/tasks");
  EXPECT_EQ(JoinUrl("http://h", "tasks"), "http://h/tasks");
}

TEST(ParseFields, DecodesInOrderAndTakesBareNames) {
  const FieldList expected{{"a", "1 2"}, {"b", ""}, {"a", "x=y"}, {"\xC3\xA4", "&"}, {"c", ""}};
  EXPECT_EQ(ParseFields("a=1+2&b&&a=x=y&%C3%A4=%26&c="), expected);
  EXPECT_EQ(ParseFields(""), FieldList{});
}

TEST(ParseFields, UndoesEncodeFields) {
  const FieldList fields{{"reason", "a&b=c +%"}, {"", "x"}};
  EXPECT_EQ(ParseFields(EncodeFields(fields)), fields);
}

TEST(ParseFields, RefusesBrokenEscapesAndTooManyFields) {
  EXPECT_FALSE(ParseFields("a=%zz"));
  EXPECT_FALSE(ParseFields("a&b&c", 2));
  EXPECT_TRUE(ParseFields("a&b", 2));
}

}  // namespace
}  // namespace brood::http
