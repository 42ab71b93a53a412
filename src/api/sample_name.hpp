#pragma once

#include <string>
#include <string_view>

namespace brood::api {

/// The last component of a name that came from outside, as the sandbox and people shall see it: UTF-8 without
/// control characters, at most 255 bytes, never a path. Empty if nothing of it is left.
[[nodiscard]] std::string CleanName(std::string_view name);

}  // namespace brood::api
