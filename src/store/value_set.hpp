#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace brood::store {

/// 128 bits of SHA-256 over a type and a value: two different ones have the same by a chance of one in 10^26
/// among a million, and nobody can make such two.
struct Fingerprint {
  std::uint64_t high = 0, low = 0;
  bool operator==(const Fingerprint&) const = default;
};
[[nodiscard]] Fingerprint FingerprintOf(std::string_view type, std::string_view value);

/// A set of fingerprints in one piece of memory: 21 to 43 bytes for each. Not thread-safe.
class ValueSet {
 public:
  ValueSet() = default;
  /// With room for so many, so that it need not grow.
  explicit ValueSet(std::size_t entries);

  void Add(const Fingerprint& fingerprint);
  void Remove(const Fingerprint& fingerprint);
  [[nodiscard]] bool Contains(const Fingerprint& fingerprint) const;
  [[nodiscard]] std::size_t Size() const { return size_; }
  [[nodiscard]] std::size_t Bytes() const { return places_.size() * sizeof(Fingerprint); }
  /// What a set of so many takes.
  [[nodiscard]] static std::size_t BytesFor(std::size_t entries);

 private:
  [[nodiscard]] std::size_t PlaceOf(const Fingerprint& fingerprint) const;
  void Grow();

  std::vector<Fingerprint> places_;  ///< linear probing; all zero is empty; a power of two, or none at all
  std::size_t size_ = 0;
};

}  // namespace brood::store
