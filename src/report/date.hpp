#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace brood::report {

/// Seconds since 1970 as UTC "YYYY-MM-DD HH:MM:SS", the fraction dropped; nothing outside the years 1 to 9999.
[[nodiscard]] std::optional<std::string> DateFromEpoch(double seconds);
/// "YYYY-MM-DD HH:MM:SS", or with T, a fraction, Z or ±HH:MM behind it (turned into UTC); nothing if it is no
/// date.
[[nodiscard]] std::optional<std::string> DateFromText(std::string_view text);

}  // namespace brood::report
