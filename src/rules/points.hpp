#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>

namespace brood::rules {

/// A score in whole millionths, so that sums are exact. Saturates instead of overflowing.
class Points {
 public:
  Points() = default;
  explicit Points(double score) : millionths_(std::llround(score * 1e6)) {}

  double AsScore() const { return static_cast<double>(millionths_) / 1e6; }

  Points& operator+=(Points other) {
    if (__builtin_add_overflow(millionths_, other.millionths_, &millionths_)) Saturate(other.millionths_);
    return *this;
  }
  [[nodiscard]] Points Times(std::int64_t count) const {
    Points product;
    if (__builtin_mul_overflow(millionths_, count, &product.millionths_)) product.Saturate(millionths_);
    return product;
  }
  auto operator<=>(const Points&) const = default;

 private:
  void Saturate(std::int64_t sign) {
    millionths_ =
        sign < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  }

  std::int64_t millionths_ = 0;
};

}  // namespace brood::rules
