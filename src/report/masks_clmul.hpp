#pragma once

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstdint>

namespace brood::report {

/// Carry-less multiplication by all ones is a prefix xor.
__attribute__((target("pclmul"), always_inline)) inline std::uint64_t PrefixXorByMultiplication(
    std::uint64_t bits) {
  const __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(bits)), _mm_set1_epi8('\xFF'), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

}  // namespace brood::report

#endif
