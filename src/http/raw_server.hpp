#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace brood::http {

/// Tests: one TCP connection in plain bytes, from either side. Reads give up after 20 s, so that a test fails
/// rather than hangs.
class RawConnection {
 public:
  explicit RawConnection(UniqueFd fd) : fd_(std::move(fd)) {
    const timeval limit{20, 0};
    ::setsockopt(fd_.Get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }

  /// A client of a server on 127.0.0.1.
  static RawConnection To(std::uint16_t port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.Get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect to the server under test");
    }
    return RawConnection(std::move(fd));
  }

  /// False if the other side has gone.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_.Get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// All up to and with `end`, or what came before the connection ended.
  std::string ReadUntil(std::string_view end) {
    auto found = seen_.find(end);
    while (found == seen_.npos && Receive()) found = seen_.find(end);
    return Take(found == seen_.npos ? seen_.size() : found + end.size());
  }
  std::string ReadBytes(std::size_t count) {
    while (seen_.size() < count && Receive()) {
    }
    return Take(std::min(count, seen_.size()));
  }
  std::string ReadToEnd() {
    while (Receive()) {
    }
    return Take(seen_.size());
  }
  /// A head and as many bytes as its Content-Length says: a whole request or answer; "" if there is none.
  std::string ReadMessage() {
    std::string message = ReadUntil("\r\n\r\n");
    const std::string lower = LowerAscii(message);
    const auto length = lower.find("\r\ncontent-length:");
    if (length == lower.npos) return message;
    const auto digits = length + std::string_view("\r\ncontent-length:").size();
    const auto count = ParseInt(TrimAscii(lower.substr(digits, lower.find("\r\n", digits) - digits)));
    return message += ReadBytes(static_cast<std::size_t>(count.value_or(0)));
  }

  /// What the next close does: a reset in place of an orderly end.
  void ResetOnClose() {
    const linger hard{1, 0};
    ::setsockopt(fd_.Get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  void Close() { fd_.Reset(); }
  void Shutdown() { ::shutdown(fd_.Get(), SHUT_RDWR); }
  int Descriptor() const { return fd_.Get(); }

 private:
  bool Receive() {
    char buffer[16 * 1024];
    const ssize_t got = ::recv(fd_.Get(), buffer, sizeof buffer, 0);
    if (got > 0) seen_.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }
  std::string Take(std::size_t count) {
    std::string taken = seen_.substr(0, count);
    seen_.erase(0, count);
    return taken;
  }

  UniqueFd fd_;
  std::string seen_;
};

/// Tests: listens on 127.0.0.1 and runs the script for one connection after the other, on a thread of its own.
/// The connection closes when the script returns. The destructor ends the running script's connection and waits
/// for it.
class RawServer {
 public:
  using Script = std::function<void(RawConnection&)>;

  explicit RawServer(Script script)
      : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.Get(), plain, size) != 0 || ::listen(listener_.Get(), 64) != 0 ||
        ::getsockname(listener_.Get(), plain, &size) != 0) {
      throw std::runtime_error("cannot listen on 127.0.0.1");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~RawServer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      if (current_ != nullptr) current_->Shutdown();
    }
    ::shutdown(listener_.Get(), SHUT_RDWR);
    thread_.join();
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::uint16_t Port() const { return port_; }
  std::string Url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  int Connections() const { return connections_; }

 private:
  void Serve() {
    for (;;) {
      UniqueFd fd(::accept4(listener_.Get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!fd) return;
      ++connections_;
      RawConnection connection(std::move(fd));
      if (!SetCurrent(&connection)) return;
      script_(connection);
      SetCurrent(nullptr);
    }
  }
  bool SetCurrent(RawConnection* connection) {
    const std::lock_guard lock(mutex_);
    current_ = connection;
    return !stopping_;
  }

  Script script_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  RawConnection* current_ = nullptr;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace brood::http
