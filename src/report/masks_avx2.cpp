#if defined(__x86_64__)

#include <immintrin.h>

#include "report/masks_bits.hpp"
#include "report/masks_clmul.hpp"

// By attribute and not by compiler flag: a flag would also give AVX2 code to inline functions of headers, which
// the linker might then choose for the whole program.
#define BROOD_AVX2 __attribute__((target("avx2,pclmul,popcnt"), always_inline)) inline

namespace brood::report {
namespace {

struct Block {
  __m256i low, high;
};

BROOD_AVX2 Block Load(const char* data) {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(data)),
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 32))};
}

BROOD_AVX2 std::uint64_t Bits(__m256i low, __m256i high) {
  const auto low_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
  const auto high_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(high));
  return std::uint64_t{high_bits} << 32U | low_bits;
}

BROOD_AVX2 std::uint64_t Equal(const Block& block, char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  return Bits(_mm256_cmpeq_epi8(block.low, wanted), _mm256_cmpeq_epi8(block.high, wanted));
}

BROOD_AVX2 std::uint64_t Either(const Block& block, char one, char other) {
  const __m256i first = _mm256_set1_epi8(one), second = _mm256_set1_epi8(other);
  return Bits(_mm256_or_si256(_mm256_cmpeq_epi8(block.low, first), _mm256_cmpeq_epi8(block.low, second)),
              _mm256_or_si256(_mm256_cmpeq_epi8(block.high, first), _mm256_cmpeq_epi8(block.high, second)));
}

BROOD_AVX2 RawMasks Look(const char* data) {
  const Block block = Load(data);
  // 0x20 is all that parts [ from { and ] from }.
  const __m256i bit = _mm256_set1_epi8(0x20);
  const Block folded = {_mm256_or_si256(block.low, bit), _mm256_or_si256(block.high, bit)};
  return {Equal(block, '"'), Equal(block, '\\'), Equal(folded, '{'), Equal(folded, '}'),
          Either(block, ',', ':')};
}

}  // namespace

__attribute__((target("avx2,pclmul,popcnt"))) void MaskAvx2(const char* data, std::size_t blocks,
                                                            MaskCarry& carry, BlockMasks* out) {
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
