#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace brood::sandboxd::inspect {

enum class Endian { kLittle, kBig };

/// Bytes of a hostile file, read only where there are some: every look outside gives nothing. The bytes must
/// outlive it.
class ByteView {
 public:
  explicit ByteView(std::string_view bytes, Endian endian = Endian::kLittle) : bytes_(bytes), endian_(endian) {}

  std::uint64_t Size() const { return bytes_.size(); }

  template <std::unsigned_integral T>
  [[nodiscard]] std::optional<T> Read(std::uint64_t offset) const {
    if (!Holds(offset, sizeof(T))) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      const std::size_t at = endian_ == Endian::kLittle ? sizeof(T) - 1 - i : i;
      value = value << 8U | static_cast<unsigned char>(bytes_[offset + at]);
    }
    return static_cast<T>(value);
  }
  /// 0 where there are no bytes: for fields whose absence means nothing.
  template <std::unsigned_integral T>
  [[nodiscard]] T Get(std::uint64_t offset) const {
    return Read<T>(offset).value_or(T{0});
  }

  /// The part of [offset, offset + size) that is there; may be empty.
  [[nodiscard]] std::string_view Slice(std::uint64_t offset, std::uint64_t size) const {
    return offset < bytes_.size() ? bytes_.substr(offset, size) : std::string_view{};
  }
  /// The text from offset to the next NUL, cut at max_length; nothing if no NUL or other than printable ASCII
  /// is met before.
  [[nodiscard]] std::optional<std::string_view> Text(std::uint64_t offset, std::size_t max_length = 256) const {
    const std::string_view rest = Slice(offset, max_length + 1);
    for (std::size_t i = 0; i < rest.size(); ++i) {
      if (rest[i] == '\0') return rest.substr(0, i);
      if (rest[i] < ' ' || rest[i] > '~') return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  bool Holds(std::uint64_t offset, std::uint64_t size) const {
    return offset <= bytes_.size() && size <= bytes_.size() - offset;
  }

  std::string_view bytes_;
  Endian endian_;
};

}  // namespace brood::sandboxd::inspect
