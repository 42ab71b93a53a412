#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brood::sandboxd::inspect {

struct StringLimits {
  std::size_t shortest = 5;
  std::size_t longest = 1'024;  ///< the rest of a longer one is left out
  std::size_t count = 2'000;
};

/// Runs of printable ASCII, then runs of the same as UTF-16LE, each in the order of the file and without
/// repeats. At most half of the count is ASCII where there is enough of both.
[[nodiscard]] std::vector<std::string> FindStrings(std::string_view bytes, const StringLimits& limits = {});

}  // namespace brood::sandboxd::inspect
