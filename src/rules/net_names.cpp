#include "rules/net_names.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace brood::rules {
namespace {

constexpr std::size_t kMaxLabel = 63;
constexpr std::int64_t kMaxPort = 65'535;

bool IsLabel(std::string_view label) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  return !label.empty() && label.size() <= kMaxLabel && label.find_first_not_of(kLetters) == label.npos;
}

/// "host:port" in its two parts, the host without the brackets of an IPv6 address.
struct HostAndPort {
  std::string_view host, port;
};

HostAndPort SplitPort(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos) return {};
    const std::string_view rest = text.substr(end + 1);
    return {text.substr(1, end - 1), rest.starts_with(':') ? rest.substr(1) : rest};
  }
  const std::size_t colon = text.find(':');
  const bool bare_v6 = colon != text.npos && text.find(':', colon + 1) != text.npos;
  if (colon == text.npos || bare_v6) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

/// Nothing for a bad one; `fallback` where there is none.
std::optional<std::int64_t> ReadPort(std::string_view digits, std::int64_t fallback) {
  if (digits.empty()) return fallback;
  const auto port = ParseInt(digits);
  if (!port || *port < 1 || *port > kMaxPort) return std::nullopt;
  return *port;
}

std::optional<Host> HostFrom(std::string_view text) {
  if (const auto address = ParseIp(text)) return Host{ToText(*address), address};
  auto domain = CanonicalDomain(text);
  if (!domain) return std::nullopt;
  return Host{std::move(*domain), std::nullopt};
}

/// What stands behind the authority, without fragment: "/" at least, printable.
std::string PathOf(std::string_view rest) {
  std::string path = rest.starts_with('/') ? "" : "/";
  for (const char c : rest.substr(0, rest.find('#'))) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F) {
      path += c;
    } else {
      path += fmt::format("%{:02X}", byte);
    }
  }
  return path;
}

struct Scheme {
  std::string_view prefix;
  std::int64_t port;
};

const Scheme* SchemeOf(std::string_view text) {
  static constexpr std::array kSchemes{Scheme{"http://", 80}, Scheme{"https://", 443}};
  for (const Scheme& scheme : kSchemes) {
    if (LowerAscii(text.substr(0, scheme.prefix.size())) == scheme.prefix) return &scheme;
  }
  return nullptr;
}

}  // namespace

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

std::optional<std::string> CanonicalDomain(std::string_view text) {
  std::string domain = LowerAscii(text.substr(0, kMaxDomain + 2));
  if (domain.ends_with('.')) domain.pop_back();
  if (domain.size() > kMaxDomain || !std::ranges::all_of(Split(domain, '.'), IsLabel)) return std::nullopt;
  return domain;
}

std::optional<Host> ReadHost(std::string_view text) {
  const auto [host, port] = SplitPort(text);
  if (!ReadPort(port, 1)) return std::nullopt;
  return HostFrom(host);
}

std::optional<Url> ReadUrl(std::string_view text) {
  const Scheme* scheme = SchemeOf(text);
  if (scheme == nullptr || text.size() > kMaxUrl) return std::nullopt;
  text.remove_prefix(scheme->prefix.size());
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  authority.remove_prefix(authority.rfind('@') + 1);  // npos + 1 is 0
  const auto [host_text, port_text] = SplitPort(authority);
  const auto port = ReadPort(port_text, scheme->port);
  auto host = HostFrom(host_text);
  if (!port || !host) return std::nullopt;
  const bool v6 = host->address && host->address->family == IpAddress::Family::kV6;
  Url url;
  url.text = fmt::format("{}{}{}", scheme->prefix, v6 ? fmt::format("[{}]", host->name) : host->name,
                         *port == scheme->port ? "" : fmt::format(":{}", *port));
  url.text += PathOf(text.substr(end));
  url.host = std::move(*host);
  url.port = *port;
  if (url.text.size() > kMaxUrl) return std::nullopt;
  return url;
}

bool Covers(const DomainSet& domains, std::string_view domain) {
  for (;;) {
    if (domains.contains(domain)) return true;
    const std::size_t dot = domain.find('.');
    if (dot == domain.npos) return false;
    domain.remove_prefix(dot + 1);
  }
}

}  // namespace brood::rules
