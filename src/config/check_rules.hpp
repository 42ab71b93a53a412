#pragma once

#include <span>

#include "config/problem.hpp"
#include "config/section.hpp"

namespace brood::config {

/// Adds what the sections' rules (Section::Require) and those of their lists' elements complain about. A key
/// that already has a problem is not told again. Inside this room only.
void CheckRules(std::span<const Section> sections, Problems& problems);

}  // namespace brood::config
