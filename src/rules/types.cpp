#include "rules/types.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "rules/contacts.hpp"

namespace brood::rules {
namespace {

void Md5OfSample(const View& view, const OnCandidate& judge) {
  if (!view.report.md5.empty()) judge({view.report.md5, view.network});
}

bool SampleIsWhitelisted(const Candidate&, const model::Report& report, const Lists& lists) {
  const auto listed = [&](const std::string& hash) {
    return !hash.empty() && lists.hash_whitelist.contains(LowerAscii(hash));
  };
  return listed(report.md5) || listed(report.sha1) || listed(report.sha256) || listed(report.sha512);
}

bool HostIsWhitelisted(const Host& host, const Lists& lists) {
  return host.address ? lists.ip_whitelist.Contains(*host.address) : Covers(lists.domain_whitelist, host.name);
}

using Targets = std::vector<Contacts::Target>;

/// Each target of a kind that no whitelist covers, with its own part of the report's network.
template <const Targets& (Contacts::*All)() const, NetworkView (Contacts::*Own)(const Contacts::Target&) const>
void Contacted(const View& view, const OnCandidate& judge) {
  const Contacts contacts(view.report, view.network);
  for (const Contacts::Target& target : (contacts.*All)()) {
    if (HostIsWhitelisted(target.host, view.lists)) continue;
    if (!judge({target.value, (contacts.*Own)(target)})) return;
  }
}

constexpr std::array kOfAddresses{
    KeyRemark{"dead_host_amount", "counts the address itself alone: the number is 0 or 1"}};
constexpr std::array kOfUrls{
    KeyRemark{"udp_port", "never matches: a URL's own connections are those over TCP"}};

constexpr auto kIfContacted = Listing::kIfANetworkKeyMatched;

constexpr auto kTypes = std::to_array<TypeInfo>({
    {"hash", Listing::kAlways, Md5OfSample, SampleIsWhitelisted, {}},
    {"ip", kIfContacted, Contacted<&Contacts::Addresses, &Contacts::OfAddress>, nullptr, kOfAddresses},
    {"domain", kIfContacted, Contacted<&Contacts::Domains, &Contacts::OfDomain>, nullptr, {}},
    {"url", kIfContacted, Contacted<&Contacts::Urls, &Contacts::OfUrl>, nullptr, kOfUrls},
});

}  // namespace

std::span<const TypeInfo> AllTypes() { return kTypes; }

const TypeInfo* FindType(std::string_view name) {
  const auto found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeInfo& type) { return type.name == name; });
  return found == kTypes.end() ? nullptr : &*found;
}

}  // namespace brood::rules
