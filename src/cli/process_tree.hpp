#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/report_details.hpp"

namespace brood::cli {

struct TreeLine {
  std::size_t process;  ///< index
  std::size_t depth;
};

/// Processes below the one that started them, as far as the report names it; siblings in the report's order.
/// Each is there once, whatever ids the report claims.
[[nodiscard]] std::vector<TreeLine> ProcessTree(std::span<const model::SeenProcess> processes);

}  // namespace brood::cli
