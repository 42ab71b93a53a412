#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "http/message.hpp"

namespace brood::http {

/// kHttp10 answers "HTTP/1.0", closes after each answer and ignores keep-alive, as Cuckoo's servers do.
enum class Protocol { kKeepAlive, kHttp10 };
/// kOneConnection serves one connection to its end before it takes the next: an idle or slow client blocks
/// everyone, as with Cuckoo's servers.
enum class Concurrency { kMany, kOneConnection };
/// To "Expect: 100-continue": kContinue says go on once the request is admitted; kContinueUnseen does before it
/// looks who asks, as Cuckoo 2.0.7 does; kSilent never answers it.
enum class ExpectManner { kContinue, kContinueUnseen, kSilent };

struct ServerSettings {
  std::string address = "127.0.0.1";              ///< an IPv4 or IPv6 address
  std::uint16_t port = 0;                         ///< 0: the system chooses
  int threads = 2;                                ///< at least 1
  std::size_t max_body = std::size_t{256} << 20;  ///< of a request: beyond it 413
  Millis idle_timeout{60'000};                    ///< between two requests, and before the first
  Millis request_timeout{300'000};      ///< from a request's first byte to its last; 30 s for its header
  Millis stop_timeout{5'000};           ///< how long Stop lets requests in hand finish
  std::size_t max_connections = 4'096;  ///< one more is answered 503 and closed
  int backlog = 1'024;
  Protocol protocol = Protocol::kKeepAlive;
  Concurrency concurrency = Concurrency::kMany;
  ExpectManner expect = ExpectManner::kContinue;
};

/// A whole request, bounded and decoded. The path holds no NUL and no broken escape; it may hold ".." and
/// encoded slashes: whoever makes a file name of it must check.
struct ServerRequest {
  Method method = Method::kGet;
  std::string path;    ///< decoded, without the query
  std::string target;  ///< as it came
  FieldList query;     ///< decoded, order kept
  HeaderList headers;
  std::string body;
  std::string remote;  ///< the client's address, without port
};

/// How an answer travels: all zero is as fast as it goes. For the shipped sandbox's faults and for tests.
struct Delivery {
  Millis delay{0};                       ///< before the first byte
  std::size_t stall_after = 0;           ///< bytes of the body before the stall
  Millis stall{0};                       ///< 0: none
  std::optional<std::size_t> cut_after;  ///< the connection closes after so many bytes of the body
  bool no_answer = false;                ///< the connection closes without a byte
};

/// The body is `file` if that is set (read while it is sent), else `shared_body` if set (not copied), else
/// `body`. Content-Length, Connection and Date are the server's affair. Content-Type is text/plain if no header
/// names one.
struct ServerResponse {
  int status = 200;
  HeaderList headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;
  std::filesystem::path file;
  Delivery delivery;
};

/// A short answer: Respond(404, "There is no such task.").
[[nodiscard]] ServerResponse Respond(int status, std::string body,
                                     std::string_view content_type = "text/plain; charset=utf-8");

/// Called on the server's threads, several at once unless threads is 1. Must not block for long: it holds its
/// thread, and Stop waits for it. An exception is answered with 500 and logged.
using Handler = std::function<ServerResponse(const ServerRequest&)>;

/// Asked with each request whose body is still to come, so `body` is empty: who may, is there such a path?
/// Nothing: go on. A response refuses: it is sent, and the connection closes without reading the body. What
/// comes whole goes to the handler at once, which has to refuse by itself as Router does. Threads and
/// exceptions as with Handler.
using Admission = std::function<std::optional<ServerResponse>(const ServerRequest& head)>;

/// Serves HTTP/1.1 on one address. Malformed requests get 400, too large ones 413, 414 or 431, unknown methods
/// 405, all before their body is read; who is too slow is closed. Start and Stop are called by one thread; the
/// destructor stops.
class Server {
 public:
  /// Without `admission` every request is read to its end.
  Server(ServerSettings settings, Handler handler, Admission admission = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds, listens and answers from now on; the port it listens on. An error names the address. At most once.
  [[nodiscard]] Expected<std::uint16_t, Error> Start();
  /// Takes no more, closes idle connections, lets requests in hand finish within stop_timeout, then cuts them.
  /// Twice is harmless.
  void Stop();

  [[nodiscard]] std::size_t OpenConnections() const;
  [[nodiscard]] std::uint64_t AcceptedConnections() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace brood::http
