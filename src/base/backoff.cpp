#include "base/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace brood {

Millis Backoff::After(int failures) const {
  if (failures <= 0) return Millis{0};
  const double delay = static_cast<double>(first.count()) * std::pow(factor, failures - 1);
  const double bounded = std::min(delay, static_cast<double>(max.count()));
  return Millis{static_cast<Millis::rep>(bounded)};
}

}  // namespace brood
