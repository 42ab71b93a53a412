#include "feeds/whitelist_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feeds/lists_in_force.hpp"
#include "feeds/shipped.hpp"

namespace brood::feeds {
namespace {

using store::WhitelistEntry;
using store::WhitelistKind;
using testing::ElementsAre;
using testing::SizeIs;

TEST(ReadWhitelist, TellsFromAValuesLookWhatItIs) {
  const auto entries = ReadWhitelist("w.txt",
                                     "# ours\n10.1.2.3/8 head office\n192.0.2.1\n2001:DB8::/32  us # v6\n"
                                     "44D88612FEA8A8F36DE82E1278ABB02F installer\nUpdate.Example.\n",
                                     "someone");
  ASSERT_TRUE(entries) << rules::FormatProblems(entries.error());
  EXPECT_THAT(*entries,
              ElementsAre(WhitelistEntry{WhitelistKind::kSubnet, "10.0.0.0/8", "head office"},
                          WhitelistEntry{WhitelistKind::kSubnet, "192.0.2.1/32", "someone"},
                          WhitelistEntry{WhitelistKind::kSubnet, "2001:db8::/32", "us"},
                          WhitelistEntry{WhitelistKind::kHash, "44d88612fea8a8f36de82e1278abb02f", "installer"},
                          WhitelistEntry{WhitelistKind::kDomain, "update.example", "someone"}));
}

TEST(ReadWhitelist, TellsEveryBadLine) {
  const auto entries = ReadWhitelist("w.txt", "10.0.0.0/33\n10.0.0.1\na..b\n10.0.0.300\n10.0.0.2 \x01\n", "me");
  ASSERT_FALSE(entries);
  std::vector<std::size_t> lines;
  for (const auto& problem : entries.error()) lines.push_back(problem.line);
  EXPECT_THAT(lines, ElementsAre(1, 3, 4, 5));
  EXPECT_THAT(rules::FormatProblems(entries.error()), testing::StartsWith("w.txt:1: That is no subnet"));
}

TEST(ShippedWhitelist, HidesPrivateNetsResolversAndTheHostsOfUpdatesTimeAndConnectivityChecks) {
  const rules::Lists lists = ToRules(ShippedWhitelist(), {});
  for (const char* address :
       {"10.1.2.3", "172.31.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "255.255.255.255",
        "239.255.255.250", "fe80::1", "fd00::1", "ff02::fb", "8.8.8.8", "1.1.1.1", "9.9.9.9"})
    EXPECT_TRUE(lists.ip_whitelist.Contains(address)) << address;
  for (const char* address : {"8.8.8.9", "172.32.0.1", "198.51.100.7", "203.0.113.1", "2001:db8::1"})
    EXPECT_FALSE(lists.ip_whitelist.Contains(address)) << address;
  for (const char* name : {"ctldl.windowsupdate.com", "time.windows.com", "www.msftncsi.com", "deb.debian.org",
                           "2.pool.ntp.org", "captive.apple.com"})
    EXPECT_TRUE(rules::Covers(lists.domain_whitelist, name)) << name;
  for (const char* name : {"microsoft.com", "evil.example", "notwindowsupdate.com", "google.com"})
    EXPECT_FALSE(rules::Covers(lists.domain_whitelist, name)) << name;
  for (const WhitelistEntry& entry : ShippedWhitelist())
    EXPECT_THAT(entry.owner, testing::StartsWith("default: ")) << entry.value;
}

}  // namespace
}  // namespace brood::feeds
