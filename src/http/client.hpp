#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "http/message.hpp"

namespace brood::http {

/// One part of a multipart/form-data body: a field (`value`), bytes sent as a file (`value` and `file_name`),
/// or a file streamed from disk (`file`; `file_name` defaults to its last component). Control characters in
/// names become '_'.
struct FormPart {
  std::string name;
  std::string value;
  std::filesystem::path file;
  std::string file_name;
};

/// 0 is no limit.
struct Deadlines {
  Millis connect{5'000};  ///< look-up, TCP and TLS together
  Millis total{60'000};   ///< everything, to the last byte of the answer
  Millis stall{30'000};   ///< without a byte in either direction; waiting for the answer to begin counts
};

struct Request {
  Method method = Method::kGet;
  std::string url;
  HeaderList headers;          ///< no Content-Length, Host or Expect: the client sets what is needed
  std::string body;            ///< sent with every method if it is not empty; ignored if `form` has parts
  std::vector<FormPart> form;  ///< sent as multipart/form-data
  Deadlines deadlines;
  std::size_t max_body = std::size_t{64} << 20;  ///< of the answer; beyond it kTooLarge
};

struct Response {
  int status = 0;
  HeaderList headers;
  std::string body;

  bool Ok() const { return status >= 200 && status < 300; }
};

enum class Errc {
  kBadRequest,  ///< cannot be sent at all: URL, a line break in a header, a form file that cannot be read
  kConnect,     ///< no connection: name unknown, refused, connect deadline over
  kTimeout,     ///< total or stall deadline over
  kClosed,      ///< the connection ended early; also a body shorter than its Content-Length
  kTls,         ///< no trust in the other side, or its TLS is broken
  kTooLarge,    ///< the answer is over max_body
  kBadAnswer,   ///< what came is no HTTP
  kStopped,     ///< the stop token said so
};

/// May the server have received, and acted on, the request?
enum class Reached { kNo, kMaybe };

/// A request that got no (whole) answer. Any status is an answer, not an error. `what` shows no secret.
struct HttpError {
  Errc code = Errc::kConnect;
  std::string what;
  Reached reached = Reached::kMaybe;
};

[[nodiscard]] std::string_view Name(Errc code);  ///< "connect", "timeout", …
/// For people and for the pipeline: kBadRequest and kTooLarge are permanent, everything else is transient.
[[nodiscard]] Error ToError(const HttpError& error);

/// Takes the next bytes of a body. May throw: the transfer ends and the exception comes out of Stream.
using BodySink = std::function<void(std::string_view)>;

/// Sends requests, each within its deadlines, and never follows a redirect. A POST or PATCH that may have
/// reached the server is never sent a second time by itself. Thread-safe; each call blocks its caller until
/// answer, error or stop (within 100 ms).
class Client {
 public:
  struct Counts {
    std::uint64_t requests = 0, failures = 0, bytes_received = 0;
  };

  virtual ~Client() = default;
  Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The whole answer in memory.
  [[nodiscard]] Expected<Response, HttpError> Send(const Request& request, std::stop_token stop = {});

  /// The body of a 2xx answer goes to `sink` chunk by chunk, on the caller's thread, and Response.body stays
  /// empty; of another answer the first 64 KiB go to Response.body. After an error the sink may have seen a
  /// part.
  [[nodiscard]] Expected<Response, HttpError> Stream(const Request& request, const BodySink& sink,
                                                     std::stop_token stop = {});

  [[nodiscard]] Counts Counted() const;

 protected:
  /// Called on the caller's thread for each piece of the body of the final answer, whose status it is told.
  /// False ends the transfer with kTooLarge; an exception ends it and is passed on.
  using Accept = std::function<bool(int status, std::string_view bytes)>;

 private:
  Expected<Response, HttpError> Perform(const Request& request, const BodySink* sink, std::stop_token stop);

  /// The request is checked already. The Response holds status and headers alone.
  virtual Expected<Response, HttpError> DoSend(const Request& request, const Accept& accept,
                                               std::stop_token stop) = 0;

  std::atomic<std::uint64_t> requests_{0}, failures_{0}, bytes_received_{0};
};

}  // namespace brood::http
