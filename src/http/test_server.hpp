#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "http/raw_server.hpp"
#include "http/server.hpp"

namespace brood::http {

/// Tests: answers with what was asked: "GET /path name=value body:…".
inline ServerResponse Echo(const ServerRequest& request) {
  std::string text = std::string(Name(request.method)) + " " + request.path;
  for (const auto& [name, value] : request.query) text.append(" ").append(name).append("=").append(value);
  return Respond(200, text + " body:" + request.body);
}

/// Tests: bytes in which a piece that is lost, doubled or moved shows.
inline std::string ManyBytes(std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>(i * 2'654'435'761U >> 13U);
  return bytes;
}

/// Tests: a started server on a port of its own.
class TestServer {
 public:
  explicit TestServer(Handler handler, ServerSettings settings = {}, Admission admission = {})
      : server_(std::move(settings), std::move(handler), std::move(admission)) {
    const auto started = server_.Start();
    if (!started) throw std::runtime_error(Describe(started.error()));
    port_ = *started;
  }

  std::uint16_t Port() const { return port_; }
  std::string Url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  RawConnection Connect() const { return RawConnection::To(port_); }
  /// Sends these bytes on a new connection and gives the first answer.
  std::string Ask(std::string_view request) const {
    RawConnection client = Connect();
    client.Send(request);
    return client.ReadMessage();
  }
  void Stop() { server_.Stop(); }
  std::size_t Open() const { return server_.OpenConnections(); }
  std::uint64_t Accepted() const { return server_.AcceptedConnections(); }

 private:
  Server server_;
  std::uint16_t port_ = 0;
};

}  // namespace brood::http
