#include "rules/contacts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace brood::rules {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Two domains at one address, one at two; one contacted by its address.
model::Report Site() {
  model::Report report;
  report.ip = {"192.0.2.1", "192.0.2.2", "192.0.2.1", "2001:DB8::7", "10.0.0.1"};
  report.domain = {{"192.0.2.1", "Evil.example."},   {"192.0.2.2", "evil.example"},
                   {"192.0.2.1", "other.example"},   {"10.0.0.1", "inside.example"},
                   {"203.0.113.9", "never.example"}, {"", "not a domain"}};
  report.tcp = {{"10.0.0.9", "192.0.2.1", 80},
                {"10.0.0.9", "192.0.2.1", 6667},
                {"10.0.0.9", "192.0.2.2", 443},
                {"10.0.0.9", "10.0.0.1", 22}};
  report.udp = {{"10.0.0.9", "192.0.2.2", 53}};
  report.dead_host = {"192.0.2.2"};
  report.http = {{"http://evil.example/a", "agent", "GET", "", "evil.example", "/a"},
                 {"/b", "agent", "GET", "", "other.example", "/b"},
                 {"http://evil.example:80/a", "agent", "POST", "", "evil.example", "/a"},
                 {"http://[2001:db8::7]:8080/c", "agent", "GET", "", "[2001:db8::7]:8080", "/c"}};
  report.http_ex = {{"10.0.0.9", "192.0.2.2", "tls.example", 443, "/d", "", ""},
                    {"10.0.0.9", "192.0.2.2", "odd.example", 8443, "/e", "", ""}};
  return report;
}

class ContactsTest : public testing::Test {
 protected:
  static std::vector<std::string> Values(const std::vector<Contacts::Target>& targets) {
    std::vector<std::string> values;
    for (const auto& target : targets) values.push_back(target.value);
    return values;
  }
  static const Contacts::Target& Named(const std::vector<Contacts::Target>& targets, std::string_view value) {
    const auto found = std::ranges::find(targets, value, &Contacts::Target::value);
    if (found == targets.end()) throw std::runtime_error("not contacted: " + std::string(value));
    return *found;
  }
  static std::vector<std::int64_t> Ports(const std::vector<const model::Connection*>& connections) {
    std::vector<std::int64_t> ports;
    for (const auto* connection : connections) ports.push_back(connection->dport);
    return ports;
  }
  static std::vector<std::string> Paths(const NetworkView& view) {
    std::vector<std::string> paths;
    for (const auto* request : view.http) paths.push_back(request->path);
    return paths;
  }
  static std::vector<std::string_view> Ips(const NetworkView& view) {
    std::vector<std::string_view> ips;
    for (const SeenAddress& ip : view.ips) ips.push_back(ip.text);
    return ips;
  }

  model::Report report_ = Site();
  NetworkView network_ = WithoutWhitelisted(report_, IpSet({*ParseSubnet("10.0.0.0/8")}));
  Contacts contacts_{report_, network_};
};

TEST_F(ContactsTest, EachIsNamedOnceAndInItsOneForm) {
  EXPECT_THAT(Values(contacts_.Addresses()), ElementsAre("192.0.2.1", "192.0.2.2", "2001:db8::7"));
  EXPECT_THAT(Values(contacts_.Domains()), ElementsAre("evil.example", "other.example", "inside.example",
                                                       "never.example", "tls.example", "odd.example"));
  EXPECT_THAT(Values(contacts_.Urls()), ElementsAre("http://evil.example/a", "http://other.example/b",
                                                    "http://[2001:db8::7]:8080/c", "https://tls.example/d"));
}

TEST_F(ContactsTest, AnAddressHasItsConnectionsAndTheRequestsThatLedToIt) {
  const NetworkView own = contacts_.OfAddress(Named(contacts_.Addresses(), "192.0.2.1"));
  EXPECT_THAT(Ips(own), ElementsAre("192.0.2.1", "192.0.2.1"));
  EXPECT_THAT(Ports(own.tcp), ElementsAre(80, 6667));
  EXPECT_THAT(own.udp, IsEmpty());
  EXPECT_THAT(own.dead_hosts, IsEmpty());
  EXPECT_THAT(Paths(own), ElementsAre("/a", "/a", "/b"));
  EXPECT_THAT(Paths(contacts_.OfAddress(Named(contacts_.Addresses(), "2001:db8::7"))), ElementsAre("/c"));
}

TEST_F(ContactsTest, ADomainHasTheConnectionsOfItsAddressesAndItsOwnRequests) {
  const NetworkView own = contacts_.OfDomain(Named(contacts_.Domains(), "evil.example"));
  EXPECT_THAT(Ips(own), ElementsAre("192.0.2.1", "192.0.2.1", "192.0.2.2"));
  EXPECT_THAT(Ports(own.tcp), ElementsAre(80, 6667, 443));
  EXPECT_THAT(Ports(own.udp), ElementsAre(53));
  EXPECT_THAT(own.dead_hosts, ElementsAre("192.0.2.2"));
  EXPECT_THAT(Paths(own), ElementsAre("/a", "/a"));
}

TEST_F(ContactsTest, ADomainOfWhichNothingWasContactedHasNothing) {
  for (const char* name : {"never.example", "inside.example"}) {
    const NetworkView own = contacts_.OfDomain(Named(contacts_.Domains(), name));
    EXPECT_THAT(own.ips, IsEmpty()) << name;
    EXPECT_THAT(own.tcp, IsEmpty()) << name;
  }
}

TEST_F(ContactsTest, AUrlHasTheConnectionsAtItsPortAndTheRequestsForIt) {
  const NetworkView own = contacts_.OfUrl(Named(contacts_.Urls(), "http://evil.example/a"));
  EXPECT_THAT(Ports(own.tcp), ElementsAre(80));
  EXPECT_THAT(own.udp, IsEmpty());
  EXPECT_THAT(Paths(own), ElementsAre("/a", "/a"));
  const NetworkView tls = contacts_.OfUrl(Named(contacts_.Urls(), "https://tls.example/d"));
  EXPECT_THAT(Ips(tls), ElementsAre("192.0.2.2"));
  EXPECT_THAT(Ports(tls.tcp), ElementsAre(443));
  EXPECT_THAT(tls.http, IsEmpty());
}

}  // namespace
}  // namespace brood::rules
