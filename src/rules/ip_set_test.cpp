#include "rules/ip_set.hpp"

#include <gtest/gtest.h>

#include <random>

namespace brood::rules {
namespace {

IpSet SetOf(std::initializer_list<const char*> subnets) {
  std::vector<IpInterval> intervals;
  for (const char* subnet : subnets) intervals.push_back(ParseSubnet(subnet).value());
  return IpSet(intervals);
}

TEST(ParseIp, TakesDottedQuadsAndIpv6) {
  EXPECT_EQ(ParseIp("1.2.3.4")->low, 0x01020304U);
  EXPECT_EQ(ParseIp("2001:db8::1")->high, 0x20010db800000000U);
  EXPECT_EQ(ParseIp("2001:db8::1")->low, 1U);
}

TEST(ParseIp, RefusesEverythingElse) {
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", " 1.2.3.4", "1.2.3.4 ",
                           "::1%eth0", "12345::", "1::2::3", "host", "0x7f.1", "2130706433"}) {
    EXPECT_FALSE(ParseIp(text)) << text;
  }
  EXPECT_FALSE(ParseIp(std::string_view("1.2.3.4\0", 8)));
}

TEST(ParseIp, TakesAnIpv4AddressInIpv6DressAsIpv4) { EXPECT_EQ(ParseIp("::ffff:1.2.3.4"), ParseIp("1.2.3.4")); }

TEST(ParseSubnet, HasTheFirstAndTheLastAddress) {
  EXPECT_EQ(*ParseSubnet("10.0.0.0/8"), (IpInterval{*ParseIp("10.0.0.0"), *ParseIp("10.255.255.255")}));
  EXPECT_EQ(*ParseSubnet("0.0.0.0/0"), (IpInterval{*ParseIp("0.0.0.0"), *ParseIp("255.255.255.255")}));
  EXPECT_EQ(*ParseSubnet("192.0.2.7"), (IpInterval{*ParseIp("192.0.2.7"), *ParseIp("192.0.2.7")}));
  EXPECT_EQ(*ParseSubnet("2001:db8::/32"),
            (IpInterval{*ParseIp("2001:db8::"), *ParseIp("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")}));
  EXPECT_EQ(*ParseSubnet("2001:db8::4/127"), (IpInterval{*ParseIp("2001:db8::4"), *ParseIp("2001:db8::5")}));
  EXPECT_EQ(*ParseSubnet("::/0"),
            (IpInterval{*ParseIp("::"), *ParseIp("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")}));
  EXPECT_EQ(*ParseSubnet("::ffff:1.2.3.0/120"), *ParseSubnet("1.2.3.0/24"));
}

TEST(ParseSubnet, MasksBitsBehindThePrefixAndTellsThem) {
  EXPECT_EQ(*ParseSubnet("10.1.2.3/8"), *ParseSubnet("10.0.0.0/8"));
  EXPECT_TRUE(HasHostBits("10.1.2.3/8"));
  EXPECT_FALSE(HasHostBits("10.0.0.0/8"));
  EXPECT_TRUE(HasHostBits("2001:db8::1/64"));
}

TEST(ParseSubnet, SaysWhatIsWrong) {
  EXPECT_EQ(ParseSubnet("10.0.0/8").error(), "'10.0.0' is no IP address");
  for (const char* text : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8",
                           "10.0.0.0/ 8", "::/129", "::ffff:1.2.3.0/24", "10.0.0.0/255.0.0.0"}) {
    EXPECT_FALSE(ParseSubnet(text)) << text;
  }
  EXPECT_EQ(ParseSubnet("10.0.0.0/33").error(), "'33' is no prefix length from 0 to 32");
}

TEST(ParseIpRange, HasBothEnds) {
  EXPECT_EQ(*ParseIpRange("10.0.0.1-10.0.0.9"), (IpInterval{*ParseIp("10.0.0.1"), *ParseIp("10.0.0.9")}));
  EXPECT_EQ(*ParseIpRange("10.0.0.1 - 10.0.0.9"), *ParseIpRange("10.0.0.1-10.0.0.9"));
  EXPECT_EQ(*ParseIpRange("::1"), (IpInterval{*ParseIp("::1"), *ParseIp("::1")}));
  EXPECT_TRUE(ParseIpRange("2001:db8::1-2001:db8::ff")->Contains(*ParseIp("2001:db8::ff")));
}

TEST(ParseIpRange, SaysWhatIsWrong) {
  EXPECT_EQ(ParseIpRange("10.0.0.9-10.0.0.1").error(), "the range ends at 10.0.0.1, before it begins");
  EXPECT_EQ(ParseIpRange("10.0.0.1-").error(), "'' is no IP address");
  EXPECT_EQ(ParseIpRange("10.0.0.1-::1").error(), "a range has two IPv4 or two IPv6 addresses");
  EXPECT_FALSE(ParseIpRange("10.0.0.0/8"));
}

TEST(IpSet, MergesWhatOverlapsOrTouches) {
  EXPECT_EQ(SetOf({"10.0.0.0/25", "10.0.0.128/25", "10.0.0.7"}).Size(), 1U);
  EXPECT_EQ(SetOf({"10.0.0.0/25", "10.0.0.129"}).Size(), 2U);
  EXPECT_EQ(SetOf({"2001:db8::/65", "2001:db8::8000:0:0:0/65", "0.0.0.0/0", "::/0"}).Size(), 2U);
}

TEST(IpSet, ContainsTheEndsAndNotTheirNeighbours) {
  const IpSet set = SetOf({"10.0.0.0/24", "2001:db8::/64", "255.255.255.255"});
  for (const char* in :
       {"10.0.0.0", "10.0.0.255", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", "255.255.255.255"}) {
    EXPECT_TRUE(set.Contains(in)) << in;
  }
  for (const char* out : {"9.255.255.255", "10.0.1.0", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
                          "2001:db8:0:1::", "0.0.0.0", "no address"}) {
    EXPECT_FALSE(set.Contains(out)) << out;
  }
}

TEST(IpSet, AgreesWithALinearSearch) {
  std::mt19937 random(7);
  std::vector<IpInterval> intervals;
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t first = random() % 4000;
    intervals.push_back(
        {{IpAddress::Family::kV4, 0, first}, {IpAddress::Family::kV4, 0, first + random() % 12}});
  }
  const IpSet set(intervals);
  for (std::uint64_t n = 0; n < 4100; ++n) {
    const IpAddress address{IpAddress::Family::kV4, 0, n};
    bool expected = false;
    for (const auto& interval : intervals) expected = expected || interval.Contains(address);
    EXPECT_EQ(set.Contains(address), expected) << n;
  }
}

}  // namespace
}  // namespace brood::rules
