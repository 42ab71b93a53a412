#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace brood::sandbox::cuckoo {

/// "2026-11-21 23:49:38", with or without a fraction of a second (dropped): lists, and views of 1.x.
/// "Sat, 21 Nov 2026 23:49:38 GMT" (RFC 1123): views of 2.x, HTTP headers. Read as UTC, whatever the server
/// meant: a view of 2.x says GMT of its local time.
[[nodiscard]] std::optional<Time> ParseDate(std::string_view text);

}  // namespace brood::sandbox::cuckoo
