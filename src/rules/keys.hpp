#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/view.hpp"

namespace brood::rules {

/// What the values of a key may be, and how a datum is compared with them.
enum class ValueKind {
  kText,         ///< fnmatch, or !REGEX! and a regular expression
  kExact,        ///< the same text
  kInteger,      ///< the same number
  kPort,         ///< the same number, 0 to 65535
  kNumberRange,  ///< "1.0-4.0", both ends included
  kCountRange,   ///< "1-5", both ends included
  kIpRange,      ///< "a.b.c.d-e.f.g.h", both ends included, or one address
  kSubnet,       ///< CIDR
  kCategory,     ///< name of a third-party list
};

/// kNetwork: looks at the connections of the value that is judged; kReport: at the whole report whatever is
/// judged.
enum class KeyScope { kReport, kNetwork };

struct Number {
  double value = 0;
  std::string text;  ///< as it stands in a reason
};

/// One key of a rule file. A new key is one row of the table in keys.cpp. Of the readers one is set: `texts`
/// for kText and kExact, `numbers` for numbers and ranges of them, none for addresses (those are
/// view.network.ips).
struct KeyInfo {
  std::string_view name;
  ValueKind kind;
  KeyScope scope;
  void (*texts)(const View&, std::vector<std::string_view>&) = nullptr;
  void (*numbers)(const View&, std::vector<Number>&) = nullptr;
};

[[nodiscard]] std::span<const KeyInfo> AllKeys();
/// Null for an unknown name.
[[nodiscard]] const KeyInfo* FindKey(std::string_view name);

}  // namespace brood::rules
