#if defined(__x86_64__)

#include <emmintrin.h>

#include "report/masks_bits.hpp"

namespace brood::report {
namespace {

struct Block {
  __m128i part[4];
};

Block Load(const char* block) {
  Block loaded{};
  for (int i = 0; i < 4; ++i)
    loaded.part[i] =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * static_cast<std::ptrdiff_t>(i)));
  return loaded;
}

/// One bit a byte, of four comparisons.
template <class Compare>
std::uint64_t Bits(const Block& block, Compare compare) {
  std::uint64_t bits = 0;
  for (int i = 3; i >= 0; --i)
    bits = bits << 16U | static_cast<std::uint32_t>(_mm_movemask_epi8(compare(block.part[i])));
  return bits;
}

RawMasks Look(const char* data) {
  const Block block = Load(data);
  const auto equal = [](char c) {
    return [v = _mm_set1_epi8(c)](__m128i bytes) { return _mm_cmpeq_epi8(bytes, v); };
  };
  // 0x20 is all that parts [ from { and ] from }.
  const auto bracket = [](char c) {
    return [v = _mm_set1_epi8(c), bit = _mm_set1_epi8(0x20)](__m128i bytes) {
      return _mm_cmpeq_epi8(_mm_or_si128(bytes, bit), v);
    };
  };
  const auto separator = [comma = equal(','), colon = equal(':')](__m128i bytes) {
    return _mm_or_si128(comma(bytes), colon(bytes));
  };
  return {Bits(block, equal('"')), Bits(block, equal('\\')), Bits(block, bracket('{')),
          Bits(block, bracket('}')), Bits(block, separator)};
}

/// The baseline processor has no instruction for it.
std::uint32_t Count(std::uint64_t bits) {
  std::uint32_t count = 0;
  for (; bits != 0; bits &= bits - 1) ++count;
  return count;
}

}  // namespace

void MaskSse2(const char* data, std::size_t blocks, MaskCarry& carry, BlockMasks* out) {
  for (std::size_t i = 0; i < blocks; ++i) {
    const RawMasks raw = Look(data + i * kBlockBytes);
    out[i].quotes = raw.quotes & ~EscapedBytes(raw.backslashes, carry);
    SettleStrings(raw, PrefixXor(out[i].quotes), carry, out[i]);
    out[i].open_count = Count(out[i].opens);
    out[i].close_count = Count(out[i].closes);
  }
}

}  // namespace brood::report

#endif
