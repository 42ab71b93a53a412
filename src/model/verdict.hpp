#pragma once

#include <string>
#include <vector>

namespace brood::model {

/// One datum that matched a rule of `key`. `value` is the rule's value that matched it (for people; not
/// stored).
struct Reason {
  std::string key, data, value;
  bool operator==(const Reason&) const = default;
};

/// What the rules of one type say of one candidate value.
struct Verdict {
  std::string type;   ///< "hash", "ip", …
  std::string value;  ///< for hash: the sample's MD5
  double score = 0.0;
  bool blacklisted = false;
  std::vector<Reason> reasons;
  bool operator==(const Verdict&) const = default;
};

}  // namespace brood::model
