#pragma once

#include <string_view>

namespace brood::sandboxd::inspect {

/// Shannon's entropy in bits a byte: 0 for nothing and for one byte repeated, 8 for noise.
[[nodiscard]] double Entropy(std::string_view bytes);

}  // namespace brood::sandboxd::inspect
