#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brood::retrohunt {

/// Stands for a blacklist entry's id: the first half of its SHA-256, so that nobody can choose values that
/// meet.
struct ValueKey {
  std::uint64_t high = 0, low = 0;
  auto operator<=>(const ValueKey&) const = default;
};

[[nodiscard]] ValueKey KeyOf(std::string_view type, std::string_view value);
[[nodiscard]] std::string ToHex(const ValueKey& key);  ///< 32 digits
[[nodiscard]] std::optional<ValueKey> KeyFromHex(std::string_view text);

struct HashOfKey {
  std::size_t operator()(const ValueKey& key) const { return key.low; }
};

}  // namespace brood::retrohunt
