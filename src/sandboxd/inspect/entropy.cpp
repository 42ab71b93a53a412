#include "sandboxd/inspect/entropy.hpp"

#include <array>
#include <cmath>
#include <cstddef>

namespace brood::sandboxd::inspect {

double Entropy(std::string_view bytes) {
  std::array<std::size_t, 256> counts{};
  for (const char c : bytes) ++counts[static_cast<unsigned char>(c)];
  double entropy = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(bytes.size());
    entropy -= share * std::log2(share);
  }
  return entropy;
}

}  // namespace brood::sandboxd::inspect
