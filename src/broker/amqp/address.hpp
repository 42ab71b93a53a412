#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "base/secret.hpp"

namespace brood::broker::amqp {

/// Where a RabbitMQ node listens.
struct Host {
  std::string name;  ///< a host name or an address; IPv6 without its brackets
  std::uint16_t port = 5672;
  bool operator==(const Host&) const = default;
};

/// "name:port".
[[nodiscard]] std::string Shown(const Host& host);

/// What an `amqp://user:password@host:port/vhost` says.
struct Address {
  bool tls = false;  ///< amqps://
  Host host;
  std::string user = "guest";
  Secret password{"guest"};
  std::string vhost = "/";
};

/// Reads amqp:// and amqps:// as the Go services and RabbitMQ's own clients do: no path is the vhost "/", and
/// "%2f" is a slash in a name. The error is a sentence without the URL's password.
[[nodiscard]] Expected<Address, Error> ParseUrl(std::string_view url);

/// Reads "host", "host:port" or "[::1]:port".
[[nodiscard]] Expected<Host, Error> ParseHost(std::string_view text, std::uint16_t default_port);

}  // namespace brood::broker::amqp
