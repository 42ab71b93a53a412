#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/report.hpp"
#include "rules/lists.hpp"

namespace brood::rules {

struct SeenAddress {
  std::string_view text;
  IpAddress address;
};

/// The part of a report that network keys look at: without what the IP whitelist covers. A type whose values
/// are network names narrows it to the connections of one of them. Views into the report.
struct NetworkView {
  std::vector<SeenAddress> ips;  ///< ip_wl_filtered; what is no address is left out, no rule could match it
  std::vector<const model::Connection*> tcp, udp;
  std::vector<const model::HttpRequest*> http;
  std::vector<std::string_view> dead_hosts;
};

/// What a rule key looks at.
struct View {
  const model::Report& report;
  const NetworkView& network;
  const Lists& lists;
};

[[nodiscard]] NetworkView WithoutWhitelisted(const model::Report& report, const IpSet& whitelist);

}  // namespace brood::rules
