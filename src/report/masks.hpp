#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace brood::report {

inline constexpr std::size_t kBlockBytes = 64;

/// What stands where in 64 bytes of JSON; bit i is byte i.
struct BlockMasks {
  std::uint64_t quotes;      ///< that begin or end a string
  std::uint64_t strings;     ///< from a string's first quote up to, without, its last
  std::uint64_t opens;       ///< { and [ outside strings
  std::uint64_t closes;      ///< } and ] outside strings
  std::uint64_t separators;  ///< , and : outside strings
  std::uint32_t open_count;
  std::uint32_t close_count;
};

/// What one block tells the next.
struct MaskCarry {
  std::uint64_t escaped = 0;    ///< 1: the next block's first byte stands behind a backslash
  std::uint64_t in_string = 0;  ///< all ones: the next block begins inside a string
};

/// Masks of `blocks` whole blocks from `data` (any alignment) into `out`. All versions give the same.
using MaskFunction = void (*)(const char* data, std::size_t blocks, MaskCarry& carry, BlockMasks* out);

void MaskPortable(const char* data, std::size_t blocks, MaskCarry& carry, BlockMasks* out);
#if defined(__x86_64__)
void MaskSse2(const char* data, std::size_t blocks, MaskCarry& carry, BlockMasks* out);
/// Needs AVX2, PCLMULQDQ and POPCNT.
void MaskAvx2(const char* data, std::size_t blocks, MaskCarry& carry, BlockMasks* out);
/// Needs AVX-512 F and BW, PCLMULQDQ and POPCNT.
void MaskAvx512(const char* data, std::size_t blocks, MaskCarry& carry, BlockMasks* out);
#endif

/// All that this processor runs, the fastest first.
[[nodiscard]] std::vector<MaskFunction> MaskFunctions();
/// The fastest version that this processor runs.
[[nodiscard]] MaskFunction BestMaskFunction();

}  // namespace brood::report
