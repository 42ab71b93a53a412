#include "report/masks.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace brood::report {
namespace {

/// JSON's rules a byte at a time.
class Slow {
 public:
  BlockMasks Next(const char* block) {
    BlockMasks masks{};
    for (unsigned i = 0; i < kBlockBytes; ++i) Byte(block[i], std::uint64_t{1} << i, masks);
    return masks;
  }

 private:
  void Byte(char c, std::uint64_t bit, BlockMasks& masks) {
    const bool escaped = escape_;
    escape_ = c == '\\' && !escaped;
    if (c == '"' && !escaped) {
      masks.quotes |= bit;
      in_string_ = !in_string_;
    }
    if (in_string_) masks.strings |= bit;
    if (in_string_ || c == '"') return;
    if (c == '{' || c == '[') masks.opens |= bit, ++masks.open_count;
    if (c == '}' || c == ']') masks.closes |= bit, ++masks.close_count;
    if (c == ',' || c == ':') masks.separators |= bit;
  }

  bool escape_ = false, in_string_ = false;
};

std::string RandomBytes(std::size_t size, std::mt19937& random) {
  constexpr std::string_view kLikely = "\"\"\"\\\\\\{}[],: a\n";
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) {
    const auto die = random();
    bytes += die % 4 == 0 ? static_cast<char>(die >> 8U) : kLikely[(die >> 8U) % kLikely.size()];
  }
  return bytes;
}

void ExpectSame(MaskFunction function) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    const std::size_t blocks = 1 + random() % 40;
    const std::string bytes = RandomBytes(blocks * kBlockBytes, random);
    std::vector<BlockMasks> got(blocks);
    MaskCarry carry;
    const std::size_t half = blocks / 2;  // the carry crosses calls too
    function(bytes.data(), half, carry, got.data());
    function(bytes.data() + half * kBlockBytes, blocks - half, carry, got.data() + half);
    Slow slow;
    for (std::size_t i = 0; i < blocks; ++i) {
      const BlockMasks wanted = slow.Next(bytes.data() + i * kBlockBytes);
      ASSERT_EQ(got[i].quotes, wanted.quotes);
      ASSERT_EQ(got[i].strings, wanted.strings);
      ASSERT_EQ(got[i].opens, wanted.opens);
      ASSERT_EQ(got[i].closes, wanted.closes);
      ASSERT_EQ(got[i].separators, wanted.separators);
      ASSERT_EQ(got[i].open_count, wanted.open_count);
      ASSERT_EQ(got[i].close_count, wanted.close_count);
    }
  }
}

TEST(Masks, EveryVersionFindsWhatAByteWiseReaderFinds) {
  for (const MaskFunction function : MaskFunctions()) ExpectSame(function);
}

TEST(Masks, TheChosenVersionIsTheFirstThatThisProcessorRuns) {
  EXPECT_EQ(BestMaskFunction(), MaskFunctions().front());
  EXPECT_EQ(MaskFunctions().back(), MaskPortable);
}

}  // namespace
}  // namespace brood::report
