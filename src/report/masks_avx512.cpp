#if defined(__x86_64__)

#include <immintrin.h>

#include "report/masks_bits.hpp"
#include "report/masks_clmul.hpp"

// By attribute and not by compiler flag, as in masks_avx2.cpp.
#define BROOD_AVX512 "avx512f,avx512bw,pclmul,popcnt"

namespace brood::report {
namespace {

/// A comparison of a whole block gives its mask at once.
__attribute__((target(BROOD_AVX512), always_inline)) inline RawMasks Look(const char* data) {
  const __m512i block = _mm512_loadu_si512(data);
  // 0x20 is all that parts [ from { and ] from }.
  const __m512i folded = _mm512_or_si512(block, _mm512_set1_epi8(0x20));
  return {_mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('"')),
          _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\\')),
          _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('{')),
          _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('}')),
          _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(',')) |
              _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(':'))};
}

}  // namespace

__attribute__((target(BROOD_AVX512))) void MaskAvx512(const char* data, std::size_t blocks, MaskCarry& carry,
                                                      BlockMasks* out) {
  for (std::size_t i = 0; i < blocks; ++i) {
    const RawMasks raw = Look(data + i * kBlockBytes);
    out[i].quotes = raw.quotes & ~EscapedBytes(raw.backslashes, carry);
    SettleStrings(raw, PrefixXorByMultiplication(out[i].quotes), carry, out[i]);
    out[i].open_count = static_cast<std::uint32_t>(__builtin_popcountll(out[i].opens));
    out[i].close_count = static_cast<std::uint32_t>(__builtin_popcountll(out[i].closes));
  }
}

}  // namespace brood::report

#endif
