#pragma once

#include <cstdint>
#include <string_view>

namespace brood::rules {

/// True only if every text that the pattern matches has a character beyond ASCII. `pattern` and `flags` are as
/// fnmatch and python_regex write them for PCRE2. A pattern that is too involved counts as one that may match
/// any text.
[[nodiscard]] bool NeedsBeyondAscii(std::string_view pattern, std::uint32_t flags);

}  // namespace brood::rules
