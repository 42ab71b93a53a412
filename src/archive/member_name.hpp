#pragma once

#include <string>
#include <string_view>

#include "archive/limits.hpp"

namespace brood::archive {

/// Why a member of this name is refused: empty, absolute, with "..", too long or too deep; "" if it is not.
/// Both slashes part it. Nobody makes a path of a name; what lies is refused all the same, because it was made
/// to harm.
[[nodiscard]] std::string WhyRefused(std::string_view name, const Limits& limits);

/// What stands behind the last slash of either kind.
[[nodiscard]] std::string_view LastPart(std::string_view name);

}  // namespace brood::archive
