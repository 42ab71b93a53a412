#include "report/masks_bits.hpp"

namespace brood::report {
namespace {

RawMasks Look(const char* block) {
  RawMasks raw{};
  for (unsigned i = 0; i < kBlockBytes; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    switch (block[i]) {
      case '"':
        raw.quotes |= bit;
        break;
      case '\\':
        raw.backslashes |= bit;
        break;
      case '{':
      case '[':
        raw.opens |= bit;
        break;
      case '}':
      case ']':
        raw.closes |= bit;
        break;
      case ',':
      case ':':
        raw.separators |= bit;
        break;
      default:
        break;
    }
  }
  return raw;
}

}  // namespace

void MaskPortable(const char* data, std::size_t blocks, MaskCarry& carry, BlockMasks* out) {
  for (std::size_t i = 0; i < blocks; ++i) {
    const RawMasks raw = Look(data + i * kBlockBytes);
    out[i].quotes = raw.quotes & ~EscapedBytes(raw.backslashes, carry);
    SettleStrings(raw, PrefixXor(out[i].quotes), carry, out[i]);
    out[i].open_count = static_cast<std::uint32_t>(std::popcount(out[i].opens));
    out[i].close_count = static_cast<std::uint32_t>(std::popcount(out[i].closes));
  }
}

}  // namespace brood::report
