#include "api/canonical.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "api/parameters.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "rules/ip_set.hpp"
#include "rules/types.hpp"

namespace brood::api {
namespace {

using rules::IpAddress;

constexpr std::size_t kMaxValue = 4'096, kMaxType = 64, kMaxDomain = 253, kMaxLabel = 63;

std::string ToText(const IpAddress& address) {
  std::array<unsigned char, 16> bytes{};
  const bool v4 = address.family == IpAddress::Family::kV4;
  for (unsigned i = 0; i < (v4 ? 4U : 16U); ++i) {
    const std::uint64_t half = v4 ? address.low << 32U : i < 8 ? address.high : address.low;
    bytes.at(i) = static_cast<unsigned char>(half >> (56U - 8U * (i % 8U)));
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

/// How many leading bits all addresses of the network share.
int PrefixOf(const rules::IpInterval& net) {
  const int different =
      std::popcount(net.first.high ^ net.last.high) + std::popcount(net.first.low ^ net.last.low);
  return (net.first.family == IpAddress::Family::kV4 ? 32 : 128) - different;
}

Expected<std::string, Refusal> Subnet(std::string_view value) {
  const auto net = rules::ParseSubnet(value);
  if (!net) return Refuse(400, "That is no subnet: " + net.error() + ".");
  return fmt::format("{}/{}", ToText(net->first), PrefixOf(*net));
}

Expected<std::string, Refusal> Hash(std::string_view value) {
  std::string hash = LowerAscii(value);
  const bool known = IsHex(hash, 32) || IsHex(hash, 40) || IsHex(hash, 64) || IsHex(hash, 128);
  if (!known) return Refuse(400, "A hash is an MD5, SHA-1, SHA-256 or SHA-512 in hex digits.");
  return hash;
}

bool IsLabel(std::string_view label) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  return !label.empty() && label.size() <= kMaxLabel && label.find_first_not_of(kLetters) == label.npos;
}

Expected<std::string, Refusal> Domain(std::string_view value) {
  std::string domain = LowerAscii(value);
  if (domain.ends_with('.')) domain.pop_back();
  if (domain.size() > kMaxDomain || !std::ranges::all_of(Split(domain, '.'), IsLabel)) {
    return Refuse(400,
                  "A domain is letters, digits, '-' and '_' between dots; write others in punycode (xn--…).");
  }
  return domain;
}

std::string KnownTypes() {
  std::string names;
  for (const rules::TypeInfo& type : rules::AllTypes()) {
    names += (names.empty() ? "" : ", ") + std::string(type.name);
  }
  return names;
}

}  // namespace

Expected<std::string, Refusal> CanonicalWhitelistValue(store::WhitelistKind kind, std::string_view value) {
  switch (kind) {
    case store::WhitelistKind::kSubnet:
      return Subnet(value);
    case store::WhitelistKind::kHash:
      return Hash(value);
    case store::WhitelistKind::kDomain:
      break;
  }
  return Domain(value);
}

Expected<std::string, Refusal> BlacklistKey(std::string_view type, std::string_view value) {
  if (type.empty() || type.size() > kMaxType || HasControlCharacters(type) || !IsUtf8(type)) {
    return Refuse(400, fmt::format("The type must be a word of at most {} bytes.", kMaxType));
  }
  if (value.empty() || value.size() > kMaxValue || HasControlCharacters(value) || !IsUtf8(value)) {
    return Refuse(400, fmt::format("The value must be UTF-8 text of 1 to {} bytes without control characters.",
                                   kMaxValue));
  }
  return type == "hash" ? LowerAscii(value) : std::string(value);
}

Expected<std::string, Refusal> CanonicalBlacklistValue(std::string_view type, std::string_view value) {
  auto key = BlacklistKey(type, value);
  if (!key) return key;
  if (rules::FindType(type) == nullptr) {
    return Refuse(400, "There is no such type of entry; there are: " + KnownTypes() + ".");
  }
  if (type == "hash" && !IsHex(*key, 32))
    return Refuse(400, "For type hash the value is an MD5, 32 hex digits.");
  return key;
}

}  // namespace brood::api
