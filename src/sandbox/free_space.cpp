#include "sandbox/free_space.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace brood::sandbox {

std::optional<std::uint64_t> LeastFree(const NodeStatus& status) {
  constexpr std::array<std::string_view, 5> kPlaces = {"analyses", "binaries", "samples", "reports", "storage"};
  std::optional<std::uint64_t> least;
  for (const auto& [place, space] : status.disk) {
    if (std::find(kPlaces.begin(), kPlaces.end(), place) == kPlaces.end()) continue;
    least = std::min(least.value_or(space.free), space.free);
  }
  return least;
}

}  // namespace brood::sandbox
