#include "broker/amqp/address.hpp"

#include <fmt/format.h>

#include <charconv>

namespace brood::broker::amqp {
namespace {

constexpr std::uint16_t kPlainPort = 5672;
constexpr std::uint16_t kTlsPort = 5671;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A '%' that no two hexadecimal digits follow stays as it is.
std::string PercentDecoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? HexDigit(text[i + 1]) : -1;
    const int low = escape ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      out += text[i];
    } else {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

Error Bad(std::string what) { return Permanent(std::move(what)); }

}  // namespace

std::string Shown(const Host& host) {
  const bool v6 = host.name.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", host.name, host.port) : fmt::format("{}:{}", host.name, host.port);
}

Expected<Host, Error> ParseHost(std::string_view text, std::uint16_t default_port) {
  Host host{.name = {}, .port = default_port};
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return Unexpected(Bad("the address after '[' has no ']'"));
    host.name = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    host.name = text.substr(0, colon);
    if (colon != std::string_view::npos) rest = text.substr(colon);
  }
  if (host.name.empty()) return Unexpected(Bad("the host's name is missing"));
  if (rest.empty()) return host;
  rest.remove_prefix(1);
  const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), host.port);
  if (problem != std::errc{} || end != rest.data() + rest.size() || host.port == 0) {
    return Unexpected(Bad(fmt::format("the port of {} is no number from 1 to 65535", host.name)));
  }
  return host;
}

Expected<Address, Error> ParseUrl(std::string_view url) {
  Address address;
  if (url.starts_with("amqps://")) {
    address.tls = true;
  } else if (!url.starts_with("amqp://")) {
    return Unexpected(Bad("the URL must begin with amqp:// or amqps://"));
  }
  std::string_view rest = url.substr(url.find("//") + 2);
  const std::size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (slash != std::string_view::npos && slash + 1 < rest.size()) {
    std::string_view vhost = rest.substr(slash + 1);
    if (vhost.find('/') != std::string_view::npos) {
      return Unexpected(Bad("the vhost has a slash in it; write it as %2f"));
    }
    address.vhost = PercentDecoded(vhost.substr(0, vhost.find('?')));
  }
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = authority.substr(0, at);
    const std::size_t colon = login.find(':');
    address.user = PercentDecoded(login.substr(0, colon));
    address.password =
        Secret(colon == std::string_view::npos ? std::string() : PercentDecoded(login.substr(colon + 1)));
    authority = authority.substr(at + 1);
  }
  auto host = ParseHost(authority, address.tls ? kTlsPort : kPlainPort);
  if (!host) return Unexpected(std::move(host.error()));
  address.host = std::move(*host);
  return address;
}

}  // namespace brood::broker::amqp
