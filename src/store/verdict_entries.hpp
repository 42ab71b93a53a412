#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/verdict.hpp"
#include "store/blacklist.hpp"

namespace brood::store {

/// What a report's verdicts put on the blacklist, as rules put it there: one entry for each that blacklists.
/// `sha256` is the report's.
[[nodiscard]] std::vector<BlacklistEntry> EntriesOf(std::span<const model::Verdict> verdicts,
                                                    const std::string& sha256, Time now);

}  // namespace brood::store
