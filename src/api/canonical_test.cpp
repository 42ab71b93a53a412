#include "api/canonical.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace brood::api
