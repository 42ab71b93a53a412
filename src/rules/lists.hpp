#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "rules/ip_set.hpp"
#include "rules/net_names.hpp"

namespace brood::rules {

/// What people and feeds say of addresses and names, handed in with each evaluation so that a change counts at
/// once. Plain values: share them read-only between threads.
struct Lists {
  IpSet ip_whitelist;
  std::map<std::string, IpSet, std::less<>> third_party;  ///< by category, as `3rd_party_blacklist` names it
  std::set<std::string, std::less<>> hash_whitelist;      ///< MD5, SHA-1, SHA-256 or SHA-512 in lower-case hex
  DomainSet domain_whitelist;                             ///< canonical; each covers what lies below it too
};

}  // namespace brood::rules
