#pragma once

#include <string_view>
#include <vector>

#include "rules/rule_set.hpp"

namespace brood::rules {

/// Keys of the stored document that no rule of the set looks at: without them an evaluation says the same. The
/// names live for ever. What any type may look at (hashes, the network) is not among them.
[[nodiscard]] std::vector<std::string_view> UnusedFields(const RuleSet& rules);

}  // namespace brood::rules
