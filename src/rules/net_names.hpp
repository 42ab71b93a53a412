#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "rules/ip_set.hpp"

namespace brood::rules {

// The one form in which addresses, names and URLs are judged, stored and looked up.

inline constexpr std::size_t kMaxDomain = 253;
inline constexpr std::size_t kMaxUrl = 4'096;

/// "192.0.2.1", "2001:db8::1".
[[nodiscard]] std::string ToText(const IpAddress& address);

/// Lower case without the dot at the end. Nothing for what is not letters, digits, '-' and '_' between dots, 63
/// at most in each part; other letters are written in punycode.
[[nodiscard]] std::optional<std::string> CanonicalDomain(std::string_view text);

/// The server that a connection goes to: an address or a domain.
struct Host {
  std::string name;                  ///< canonical; an IPv6 address without brackets
  std::optional<IpAddress> address;  ///< if it is one
  bool operator==(const Host&) const = default;
};

/// Takes "host", "host:port", "[v6]", "[v6]:port" and a bare IPv6 address. Nothing if it is none of them.
[[nodiscard]] std::optional<Host> ReadHost(std::string_view text);

struct Url {
  /// http or https; the scheme and host in lower case, no user and password, no port that is the scheme's own,
  /// no fragment, at least "/" as path; bytes that are not printable ASCII as %XX. At most kMaxUrl bytes.
  std::string text;
  Host host;
  std::int64_t port = 0;
};

/// Nothing for what is no http or https URL, or longer than kMaxUrl.
[[nodiscard]] std::optional<Url> ReadUrl(std::string_view text);

using DomainSet = std::set<std::string, std::less<>>;

/// Whether the canonical domain, or one that it lies below, is in the set: "example.com" covers
/// "a.example.com", and does not cover "anexample.com".
[[nodiscard]] bool Covers(const DomainSet& domains, std::string_view domain);

}  // namespace brood::rules
