#include "rules/net_names.hpp"

#include <gtest/gtest.h>

namespace brood::rules {
namespace {

std::string UrlText(std::string_view text) {
  const auto url = ReadUrl(text);
  return url ? url->text : "none";
}

std::string HostName(std::string_view text) {
  const auto host = ReadHost(text);
  return host ? host->name : "none";
}

TEST(Urls, AreTheSameHoweverTheyAreWritten) {
  EXPECT_EQ(UrlText("http://Evil.Example.COM"), "http://evil.example.com/");
  EXPECT_EQ(UrlText("HTTP://evil.example.com.:80/#top"), "http://evil.example.com/");
  EXPECT_EQ(UrlText("https://evil.example.com:443/A?b=C"), "https://evil.example.com/A?b=C");
  EXPECT_EQ(UrlText("https://evil.example.com:80/"), "https://evil.example.com:80/");
  EXPECT_EQ(UrlText("http://evil.example.com:?q"), "http://evil.example.com/?q");
  EXPECT_EQ(UrlText("http://[2001:DB8:0::1]:8080/x"), "http://[2001:db8::1]:8080/x");
}

TEST(Urls, KeepNoUserAndPassword) {
  EXPECT_EQ(UrlText("http://bank.example@evil.example/x@y"), "http://evil.example/x@y");
  EXPECT_EQ(UrlText("http://me:secret@evil.example/"), "http://evil.example/");
}

TEST(Urls, ArePrintable) {
  EXPECT_EQ(UrlText("http://a.example/a b\n\xC3\xA9?\x7F"), "http://a.example/a%20b%0A%C3%A9?%7F");
}

TEST(Urls, AreHttpOrHttpsWithAHost) {
  for (const std::string wrong :
       {"", "http://", "http:///x", "ftp://a.example/", "/gate.php", "a.example/x", "http://a b.example/",
        "http://a.example:0/", "http://a.example:65536/", "http://a.example:x/", "http://[::1/", "http://a..b/",
        "http://[::1]x/", "http://@/", "http://m\xC3\xBCnchen.example/"}) {
    EXPECT_EQ(UrlText(wrong), "none") << wrong;
  }
}

TEST(Urls, HaveABound) {
  const std::string start = "http://a.example/";
  EXPECT_EQ(UrlText(start + std::string(kMaxUrl - start.size(), 'x')).size(), kMaxUrl);
  EXPECT_EQ(UrlText(start + std::string(kMaxUrl - start.size() + 1, 'x')), "none");
  EXPECT_EQ(UrlText(start + std::string(kMaxUrl / 2, ' ')), "none") << "three bytes for each blank";
}

TEST(Hosts, AreAddressesOrDomainsWithAndWithoutPort) {
  EXPECT_EQ(HostName("Evil.example:8080"), "evil.example");
  EXPECT_EQ(HostName("192.0.2.1:80"), "192.0.2.1");
  EXPECT_EQ(HostName("[2001:DB8::1]:80"), "2001:db8::1");
  EXPECT_EQ(HostName("2001:DB8::1"), "2001:db8::1");
  EXPECT_EQ(HostName("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_TRUE(ReadHost("192.0.2.1")->address);
  EXPECT_FALSE(ReadHost("evil.example")->address);
  for (const std::string wrong : {"", ":80", "a.example:x", "a b", "[::1", "a.example:99999"}) {
    EXPECT_EQ(HostName(wrong), "none") << wrong;
  }
}

TEST(DomainSets, CoverWhatLiesBelow) {
  const DomainSet domains{"example.com", "net"};
  EXPECT_TRUE(Covers(domains, "example.com"));
  EXPECT_TRUE(Covers(domains, "a.b.example.com"));
  EXPECT_TRUE(Covers(domains, "x.net"));
  EXPECT_FALSE(Covers(domains, "anexample.com"));
  EXPECT_FALSE(Covers(domains, "com"));
  EXPECT_FALSE(Covers(domains, "example.com.evil.org"));
}

}  // namespace
}  // namespace brood::rules
