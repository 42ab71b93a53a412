#pragma once

#include "base/clock.hpp"

namespace brood {

/// How long to wait before the next try. Pure: the same number of failures gives the same delay.
struct Backoff {
  Millis first{1'000};
  Millis max{60'000};
  double factor = 2.0;

  /// `failures` ≥ 1 gives first, first·factor, … up to max; 0 gives 0.
  [[nodiscard]] Millis After(int failures) const;
};

}  // namespace brood
