#pragma once

#include <string_view>

#include "model/report.hpp"

namespace brood::report {

/// The same rules as Reader's, written a second time in the plainest way: the whole document as a tree of
/// Boost.JSON. For tests: valid JSON only, no limits, no notes.
[[nodiscard]] model::Report PlainRead(std::string_view document);

}  // namespace brood::report
