#include "feeds/subnet.hpp"

#include <fmt/format.h>

#include <bit>

#include "rules/net_names.hpp"

namespace brood::feeds {

int PrefixOf(const rules::IpInterval& subnet) {
  const int different =
      std::popcount(subnet.first.high ^ subnet.last.high) + std::popcount(subnet.first.low ^ subnet.last.low);
  return (subnet.first.family == rules::IpAddress::Family::kV4 ? 32 : 128) - different;
}

std::string SubnetText(const rules::IpInterval& subnet) {
  return fmt::format("{}/{}", rules::ToText(subnet.first), PrefixOf(subnet));
}

std::string EntryText(const rules::IpInterval& subnet) {
  return subnet.first == subnet.last ? rules::ToText(subnet.first) : SubnetText(subnet);
}

}  // namespace brood::feeds
