#pragma once

#include <string>

#include "rules/ip_set.hpp"

namespace brood::feeds {

// Intervals that ParseSubnet gave, and their one form as text.

/// How many leading bits all addresses of the network share.
[[nodiscard]] int PrefixOf(const rules::IpInterval& subnet);
/// "10.0.0.0/8", "192.0.2.1/32".
[[nodiscard]] std::string SubnetText(const rules::IpInterval& subnet);
/// "10.0.0.0/8"; a single address stands alone: "192.0.2.1".
[[nodiscard]] std::string EntryText(const rules::IpInterval& subnet);

}  // namespace brood::feeds
