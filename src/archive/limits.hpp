#pragma once

#include <cstddef>
#include <cstdint>

namespace brood::archive {

/// Bounds on what one archive may cost.
struct Limits {
  std::uint64_t max_members = 10'000;                          ///< folders and refused ones count
  std::uint64_t max_member_bytes = std::uint64_t{256} << 20U;  ///< unpacked, of one member
  std::uint64_t max_total_bytes = std::uint64_t{1} << 30U;     ///< unpacked, of all, what is left out too
  /// Unpacked bytes for one packed byte, over the whole archive. The first `ratio_free` bytes are not held
  /// against it, because a small file of nothing but zeros packs a thousandfold.
  std::uint64_t max_ratio = 500;
  std::uint64_t ratio_free = std::uint64_t{16} << 20U;
  std::size_t max_name_bytes = 1'024;
  std::size_t max_depth = 16;  ///< folders above a member
};

}  // namespace brood::archive
