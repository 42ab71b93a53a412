#include "api/canonical.hpp"

#include <gtest/gtest.h>

#include "rules/types.hpp"

namespace brood::api {
namespace {

using store::WhitelistKind;

std::string Canonical(WhitelistKind kind, std::string_view value) {
  return CanonicalWhitelistValue(kind, value).value_or("refused");
}

TEST(CanonicalValue, ASubnetIsItsNetworkAndPrefix) {
  EXPECT_EQ(Canonical(WhitelistKind::kSubnet, "10.1.2.3/8"), "10.0.0.0/8");
  EXPECT_EQ(Canonical(WhitelistKind::kSubnet, "192.0.2.1"), "192.0.2.1/32");
  EXPECT_EQ(Canonical(WhitelistKind::kSubnet, "192.0.2.129/25"), "192.0.2.128/25");
  EXPECT_EQ(Canonical(WhitelistKind::kSubnet, "0.0.0.0/0"), "0.0.0.0/0");
  EXPECT_EQ(Canonical(WhitelistKind::kSubnet, "2001:0DB8:0:0::1/32"), "2001:db8::/32");
  EXPECT_EQ(Canonical(WhitelistKind::kSubnet, "::1"), "::1/128");
  EXPECT_EQ(Canonical(WhitelistKind::kSubnet, "2001:db8::ffff/127"), "2001:db8::fffe/127");
  EXPECT_EQ(Canonical(WhitelistKind::kSubnet, "10.0.0.0/33"), "refused");
  EXPECT_EQ(Canonical(WhitelistKind::kSubnet, "example.com"), "refused");
}

TEST(CanonicalValue, AHashIsLowerCaseHexOfAKnownLength) {
  EXPECT_EQ(Canonical(WhitelistKind::kHash, std::string(32, 'A')), std::string(32, 'a'));
  EXPECT_EQ(Canonical(WhitelistKind::kHash, std::string(64, 'b')), std::string(64, 'b'));
  EXPECT_EQ(Canonical(WhitelistKind::kHash, std::string(33, 'a')), "refused");
  EXPECT_EQ(Canonical(WhitelistKind::kHash, std::string(32, 'g')), "refused");
}

TEST(CanonicalValue, ADomainIsLowerCaseWithoutTheLastDot) {
  EXPECT_EQ(Canonical(WhitelistKind::kDomain, "Example.COM."), "example.com");
  EXPECT_EQ(Canonical(WhitelistKind::kDomain, "_dmarc.xn--bcher-kva.example"), "_dmarc.xn--bcher-kva.example");
  for (const std::string wrong : {"", ".", "a..b", "a b", "m\xC3\xBCnchen.example", "http://a.b", "*.a.b"}) {
    EXPECT_EQ(Canonical(WhitelistKind::kDomain, wrong), "refused") << wrong;
  }
  EXPECT_EQ(Canonical(WhitelistKind::kDomain, std::string(64, 'a') + ".b"), "refused");
}

TEST(CanonicalValue, ABlacklistHashIsFoundInEitherCase) {
  const std::string upper(32, 'A');
  EXPECT_EQ(*BlacklistKey("hash", upper), *CanonicalBlacklistValue("hash", upper));
}

TEST(CanonicalValue, ABlacklistValueIsTheSameHoweverItIsWritten) {
  const auto put = [](std::string_view type, std::string_view value) {
    const auto canonical = CanonicalBlacklistValue(type, value);
    EXPECT_TRUE(!canonical || *canonical == *BlacklistKey(type, value)) << value;
    return canonical.value_or("refused");
  };
  EXPECT_EQ(put("ip", "2001:DB8:0::1"), "2001:db8::1");
  EXPECT_EQ(put("ip", "::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(put("domain", "Evil.Example."), "evil.example");
  EXPECT_EQ(put("url", "HTTP://me:secret@Evil.example:80#x"), "http://evil.example/");
  EXPECT_EQ(put("url", "https://evil.example/\xC3\xA9"), "https://evil.example/%C3%A9");
  EXPECT_EQ(put("ip", "192.0.2.0/24"), "refused");
  EXPECT_EQ(put("ip", "evil.example"), "refused");
  EXPECT_EQ(put("domain", "192.0.2.1"), "refused");
  EXPECT_EQ(put("domain", "a b"), "refused");
  EXPECT_EQ(put("url", "evil.example"), "refused");
  EXPECT_EQ(put("url", "ftp://evil.example/"), "refused");
}

TEST(CanonicalValue, EachTypeOfTheRulesHasAForm) {
  for (const rules::TypeInfo& type : rules::AllTypes()) {
    EXPECT_FALSE(CanonicalBlacklistValue(type.name, "no value of any type")) << type.name;
  }
}

}  // namespace
}  // namespace brood::api
