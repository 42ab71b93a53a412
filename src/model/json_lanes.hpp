#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace brood::model {

inline constexpr std::size_t kLaneBytes = 16;

/// Sixteen bytes of text, asked all at once. In a mask bit i is byte i.
class Lane {
 public:
#if defined(__SSE2__)
  explicit Lane(const char* from) : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))) {}
  /// Fewer than sixteen bytes, and zeros behind them. Put together in registers: to copy them into a buffer
  /// first would stall the processor, which cannot load what several short writes have just stored.
  Lane(const char* from, std::size_t size)
      : bytes_(_mm_set_epi64x(static_cast<long long>(High(from, size)),
                              static_cast<long long>(Low(from, size)))) {}
  void Store(char* to) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_); }
  [[nodiscard]] std::uint32_t Equal(char c) const { return Mask(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c))); }
  [[nodiscard]] std::uint32_t NotAscii() const { return Mask(bytes_); }
  /// Quotes, backslashes, control characters.
  [[nodiscard]] std::uint32_t Escapable() const {
    const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes_, _mm_set1_epi8(0x1F)), _mm_set1_epi8(0x1F));
    const __m128i quote = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('"'));
    return Mask(_mm_or_si128(_mm_or_si128(control, quote), _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('\\'))));
  }

 private:
  template <class Word>
  static std::uint64_t Load(const char* from) {
    Word word = 0;
    std::memcpy(&word, from, sizeof(word));
    return word;
  }
  static std::uint64_t Low(const char* from, std::size_t size) {
    if (size >= 8) return Load<std::uint64_t>(from);
    if (size >= 4) return Load<std::uint32_t>(from) | Load<std::uint32_t>(from + size - 4) << (8 * (size - 4));
    if (size == 0) return 0;
    const auto byte = [from](std::size_t i) { return Load<std::uint8_t>(from + i) << (8 * i); };
    return byte(0) | byte(size / 2) | byte(size - 1);
  }
  static std::uint64_t High(const char* from, std::size_t size) {
    return size <= 8 ? 0 : Load<std::uint64_t>(from + size - 8) >> (8 * (16 - size));
  }
  static std::uint32_t Mask(__m128i bytes) { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)); }
  __m128i bytes_;
#else
  explicit Lane(const char* from) { std::memcpy(bytes_, from, kLaneBytes); }
  /// Fewer than sixteen bytes, and zeros behind them.
  Lane(const char* from, std::size_t size) { std::memcpy(bytes_, from, size); }
  void Store(char* to) const { std::memcpy(to, bytes_, kLaneBytes); }
  [[nodiscard]] std::uint32_t Equal(char wanted) const {
    return Mask([wanted](char c) { return c == wanted; });
  }
  [[nodiscard]] std::uint32_t NotAscii() const {
    return Mask([](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  }
  /// Quotes, backslashes, control characters.
  [[nodiscard]] std::uint32_t Escapable() const {
    return Mask([](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
  }

 private:
  template <class Test>
  std::uint32_t Mask(Test test) const {
    std::uint32_t mask = 0;
    for (unsigned i = 0; i < kLaneBytes; ++i) mask |= static_cast<std::uint32_t>(test(bytes_[i])) << i;
    return mask;
  }
  char bytes_[kLaneBytes] = {};
#endif
};

/// The lane at the front of [at, end), which is not empty: a whole one, or what there is.
inline Lane LaneAt(const char* at, const char* end) {
  const auto left = static_cast<std::size_t>(end - at);
  return left >= kLaneBytes ? Lane(at) : Lane(at, left);
}

}  // namespace brood::model
