#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "base/unique_fd.hpp"
#include "broker/amqp/settings.hpp"

namespace brood::broker::amqp::testing {

/// A real RabbitMQ that belongs to this test program (tests/support/rabbitmq.py): started on first use, shared
/// by all tests, gone with the program however that ends. Tests keep apart by vhosts. For one thread.
class RabbitMq {
 public:
  /// What its node takes at most in one message.
  static constexpr std::size_t kMaxMessage = std::size_t{8} << 20;

  [[nodiscard]] static RabbitMq& Shared();
  ~RabbitMq();
  RabbitMq(const RabbitMq&) = delete;
  RabbitMq& operator=(const RabbitMq&) = delete;

  /// A new vhost's name.
  [[nodiscard]] std::string NewVhost();
  /// Settings for a vhost, with short waits. Plain connections unless `tls`.
  [[nodiscard]] Settings SettingsFor(const std::string& vhost) const;
  [[nodiscard]] std::string TlsUrl(const std::string& host, const std::string& vhost) const;
  /// ca.pem, and stranger.pem, which has signed nothing.
  [[nodiscard]] const std::string& TlsFolder() const { return tls_; }
  [[nodiscard]] std::uint16_t Port() const { return port_; }

  /// One of the script's commands; throws std::runtime_error with its answer unless that is "ok".
  void Do(const std::string& command);

 private:
  RabbitMq();
  [[nodiscard]] std::string ReadLine();

  int pid_ = -1;
  UniqueFd to_;
  std::FILE* from_ = nullptr;
  std::uint16_t port_ = 0, tls_port_ = 0;
  std::string tls_;
  int vhosts_ = 0;
};

}  // namespace brood::broker::amqp::testing
