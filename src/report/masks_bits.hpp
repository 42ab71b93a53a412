#pragma once

#include <bit>
#include <cstdint>

#include "report/masks.hpp"

namespace brood::report {

/// Where each byte stands, strings and escapes not yet considered.
struct RawMasks {
  std::uint64_t quotes, backslashes, opens, closes, separators;
};

/// The bytes that stand behind an odd number of backslashes. A run of backslashes is followed to its end by one
/// addition whose carry ripples through it, one run starting on an odd bit at a time.
inline std::uint64_t EscapedBytes(std::uint64_t backslashes, MaskCarry& carry) {
  if (backslashes == 0) {
    const std::uint64_t escaped = carry.escaped;
    carry.escaped = 0;
    return escaped;
  }
  constexpr std::uint64_t kEvenBits = 0x5555555555555555U;
  backslashes &= ~carry.escaped;
  const std::uint64_t follows = backslashes << 1U | carry.escaped;
  const std::uint64_t odd_starts = backslashes & ~kEvenBits & ~follows;
  const std::uint64_t even_runs = odd_starts + backslashes;
  carry.escaped = even_runs < backslashes ? 1 : 0;
  return (kEvenBits ^ (even_runs << 1U)) & follows;
}

/// Bit i of the result is the parity of bits 0..i.
inline std::uint64_t PrefixXor(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift <<= 1U) bits ^= bits << shift;
  return bits;
}

/// `parity` is the prefix xor of out.quotes, by whatever means the processor has.
inline void SettleStrings(const RawMasks& raw, std::uint64_t parity, MaskCarry& carry, BlockMasks& out) {
  out.strings = parity ^ carry.in_string;
  carry.in_string = (out.strings >> 63U) != 0 ? ~std::uint64_t{0} : 0;
  out.opens = raw.opens & ~out.strings;
  out.closes = raw.closes & ~out.strings;
  out.separators = raw.separators & ~out.strings;
}

}  // namespace brood::report
