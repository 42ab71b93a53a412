#include "sandboxd/inspect/signature.hpp"

#include <algorithm>

namespace brood::sandboxd::inspect {

double Score(const std::vector<Signature>& signatures) {
  int highest = 0, sum = 0;
  for (const Signature& signature : signatures) {
    highest = std::max(highest, signature.severity);
    sum += signature.severity;
  }
  return std::min(10.0, 2.0 * highest + 0.5 * (sum - highest));
}

}  // namespace brood::sandboxd::inspect
