#include "rules/ip_set.hpp"

#include <arpa/inet.h>
#include <endian.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/text.hpp"

namespace brood::rules {
namespace {

using Family = IpAddress::Family;

struct Subnet {
  IpAddress address;
  unsigned prefix = 0;
};

unsigned Bits(Family family) { return family == Family::kV4 ? 32 : 128; }

/// The lowest `count` bits set, of 64.
std::uint64_t LowBits(unsigned count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

IpInterval Network(const Subnet& subnet) {
  const unsigned free = Bits(subnet.address.family) - subnet.prefix;
  const std::uint64_t low = LowBits(free);
  const std::uint64_t high = free > 64 ? LowBits(free - 64) : 0;
  IpInterval network{subnet.address, subnet.address};
  network.first.high &= ~high;
  network.first.low &= ~low;
  network.last.high |= high;
  network.last.low |= low;
  return network;
}

Expected<Subnet, std::string> ReadSubnet(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = ParseIp(text.substr(0, slash));
  if (!address) return Unexpected(fmt::format("'{}' is no IP address", text.substr(0, slash)));
  const unsigned bits = Bits(address->family);
  if (slash == std::string_view::npos) return Subnet{*address, bits};
  // An IPv4 address in IPv6 dress has its prefix counted from the dress's 96 bits on.
  const bool dressed = bits == 32 && text.substr(0, slash).find(':') != std::string_view::npos;
  const unsigned skipped = dressed ? 96 : 0;
  const std::string_view digits = text.substr(slash + 1);
  const auto prefix = ParseInt(digits);
  if (!prefix || digits.front() < '0' || *prefix < skipped || *prefix > bits + skipped) {
    return Unexpected(fmt::format("'{}' is no prefix length from {} to {}", digits, skipped, bits + skipped));
  }
  return Subnet{*address, static_cast<unsigned>(*prefix) - skipped};
}

std::uint32_t Previous(std::uint32_t number) { return number - 1; }

std::array<std::uint64_t, 2> Previous(std::array<std::uint64_t, 2> number) {
  if (number[1]-- == 0) --number[0];
  return number;
}

/// Sorts and merges what overlaps or touches.
template <class Span>
void Merge(std::vector<Span>& spans) {
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (const Span& span : spans) {
    const bool touches =
        kept > 0 && (span.first <= spans[kept - 1].last || Previous(span.first) == spans[kept - 1].last);
    if (touches) {
      spans[kept - 1].last = std::max(spans[kept - 1].last, span.last);
    } else {
      spans[kept++] = span;
    }
  }
  spans.resize(kept);
  spans.shrink_to_fit();
}

template <class Span, class Number>
bool Find(const std::vector<Span>& spans, const Number& number) {
  const auto after = std::upper_bound(spans.begin(), spans.end(), number,
                                      [](const Number& n, const Span& span) { return n < span.first; });
  return after != spans.begin() && number <= std::prev(after)->last;
}

}  // namespace

std::optional<IpAddress> ParseIp(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> copy{};
  if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::copy(text.begin(), text.end(), copy.begin());
  std::array<std::uint64_t, 2> words{};
  if (std::uint32_t v4 = 0; ::inet_pton(AF_INET, copy.data(), &v4) == 1) {
    return IpAddress{Family::kV4, 0, be32toh(v4)};
  }
  if (::inet_pton(AF_INET6, copy.data(), words.data()) != 1) return std::nullopt;
  const std::uint64_t high = be64toh(words[0]);
  const std::uint64_t low = be64toh(words[1]);
  if (high == 0 && low >> 32 == 0xffff) return IpAddress{Family::kV4, 0, low & 0xffffffff};
  return IpAddress{Family::kV6, high, low};
}

Expected<IpInterval, std::string> ParseSubnet(std::string_view text) { return ReadSubnet(text).map(Network); }

bool HasHostBits(std::string_view subnet) {
  const auto read = ReadSubnet(subnet);
  return read && Network(*read).first != read->address;
}

Expected<IpInterval, std::string> ParseIpRange(std::string_view text) {
  const std::size_t dash = text.find('-');
  const std::string_view from = TrimAscii(text.substr(0, dash));
  const std::string_view to = dash == std::string_view::npos ? from : TrimAscii(text.substr(dash + 1));
  const auto first = ParseIp(from);
  if (!first) return Unexpected(fmt::format("'{}' is no IP address", from));
  const auto last = ParseIp(to);
  if (!last) return Unexpected(fmt::format("'{}' is no IP address", to));
  if (first->family != last->family)
    return Unexpected(std::string("a range has two IPv4 or two IPv6 addresses"));
  if (*last < *first) return Unexpected(fmt::format("the range ends at {}, before it begins", to));
  return IpInterval{*first, *last};
}

IpSet::IpSet(const std::vector<IpInterval>& intervals) {
  for (const auto& [first, last] : intervals) {
    if (first.family == Family::kV4) {
      v4_.push_back({static_cast<std::uint32_t>(first.low), static_cast<std::uint32_t>(last.low)});
    } else {
      v6_.push_back({{first.high, first.low}, {last.high, last.low}});
    }
  }
  Merge(v4_);
  Merge(v6_);
}

bool IpSet::Contains(const IpAddress& address) const {
  if (address.family == Family::kV4) return Find(v4_, static_cast<std::uint32_t>(address.low));
  return Find(v6_, V6{address.high, address.low});
}

bool IpSet::Contains(std::string_view address) const {
  const auto parsed = ParseIp(address);
  return parsed && Contains(*parsed);
}

}  // namespace brood::rules
