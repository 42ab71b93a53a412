#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

namespace brood::rules {

/// An IPv4 or IPv6 address. An IPv4 address in IPv6 dress (::ffff:1.2.3.4) is the IPv4 address.
struct IpAddress {
  enum class Family : std::uint8_t { kV4, kV6 };
  Family family = Family::kV4;
  std::uint64_t high = 0;  ///< the upper 64 bits of an IPv6 address; 0 for IPv4
  std::uint64_t low = 0;
  auto operator<=>(const IpAddress&) const = default;
};

/// Both ends included; both of one family, first <= last.
struct IpInterval {
  IpAddress first, last;
  bool Contains(const IpAddress& address) const { return first <= address && address <= last; }
  bool operator==(const IpInterval&) const = default;
};

/// Strict: dotted quad without leading zeros, or RFC 4291 without a zone. Nothing for anything else.
[[nodiscard]] std::optional<IpAddress> ParseIp(std::string_view text);

/// "10.0.0.0/8". An address with bits behind the prefix stands for its network; one without prefix for itself.
/// The error is a sentence.
[[nodiscard]] Expected<IpInterval, std::string> ParseSubnet(std::string_view text);
/// "10.0.0.1-10.0.0.9", both ends included, or one address.
[[nodiscard]] Expected<IpInterval, std::string> ParseIpRange(std::string_view text);
/// True for "10.0.0.1/8": the address has bits behind the prefix. The text must have passed ParseSubnet.
[[nodiscard]] bool HasHostBits(std::string_view subnet);

/// A set of addresses as sorted, merged intervals: look-up is a binary search. Immutable once built.
class IpSet {
 public:
  IpSet() = default;
  /// In any order, overlapping or not.
  explicit IpSet(const std::vector<IpInterval>& intervals);

  [[nodiscard]] bool Contains(const IpAddress& address) const;
  /// False for text that is no address.
  [[nodiscard]] bool Contains(std::string_view address) const;
  /// Intervals after merging.
  [[nodiscard]] std::size_t Size() const { return v4_.size() + v6_.size(); }

 private:
  template <class Number>
  struct Span {
    Number first, last;
  };
  using V6 = std::array<std::uint64_t, 2>;

  std::vector<Span<std::uint32_t>> v4_;
  std::vector<Span<V6>> v6_;
};

}  // namespace brood::rules
