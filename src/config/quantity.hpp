#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace brood::config {

inline constexpr std::int64_t kKiB = 1024;
inline constexpr std::int64_t kMiB = 1024 * kKiB;
inline constexpr std::int64_t kGiB = 1024 * kMiB;

/// "250ms", "5s", "10m", "2h", "7d", joined as in "1h30m"; a bare number is seconds. Nothing if it is none of
/// these, is negative or does not fit.
[[nodiscard]] std::optional<Millis> ParseDuration(std::string_view text);
/// The largest unit that is exact: 90'000 → "90s", 3'600'000 → "1h".
[[nodiscard]] std::string FormatDuration(Millis duration);

/// "512", "512B", "10KB" (1000), "10KiB" (1024), up to TB and TiB, in any case, a blank before the unit
/// allowed.
[[nodiscard]] std::optional<std::int64_t> ParseBytes(std::string_view text);
/// Exact, in the unit that reads shortest: 104'857'600 → "100MiB", 2'000'000'000 → "2GB".
[[nodiscard]] std::string FormatBytes(std::int64_t bytes);

}  // namespace brood::config
