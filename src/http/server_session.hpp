#pragma once

// The server's own: names Boost, so only server.cpp and server_session.cpp include it.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/answer.hpp"
#include "http/server.hpp"

namespace brood::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;

using Strand = asio::strand<asio::io_context::executor_type>;
template <class T>
using Task = asio::awaitable<T, Strand>;
using Socket = asio::basic_stream_socket<tcp, Strand>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Strand>;

/// Errors of an operation come as values: `const auto [error, bytes] = co_await …`.
inline constexpr auto kResult = asio::as_tuple(asio::use_awaitable_t<Strand>{});

/// One connection, from accept to close. All but the constructor runs on its strand.
///
/// A small request costs one wait: what came with its first bytes is parsed where it lies, and an answer that
/// the socket takes at once is written without one. Deadlines are a time that Watch looks at, not a timer for
/// each wait.
class Session {
 public:
  /// What is referred to outlives the session.
  Session(Socket socket, const ServerSettings& settings, const Handler& handler, const Admission& admission);

  Task<void> Run();
  /// Closes the connection when a deadline has passed; ends when it is closed. Runs beside the rest.
  static Task<void> Watch(std::shared_ptr<Session> session);
  Task<void> RefuseAsBusy();
  void Stop();
  Strand Executor() { return socket_.get_executor(); }

 private:
  using Steady = std::chrono::steady_clock;
  using Parser = wire::request_parser<wire::string_body>;

  /// What follows an answer. kDrain first takes what the client is still sending, so that the answer is not
  /// lost to a reset.
  enum class Then { kNext, kClose, kDrain };

  void ExpireAfter(Millis duration);
  void NeverExpire() { deadline_ = Steady::time_point::max(); }
  void Close();
  Task<bool> AwaitFirstByte();
  Task<beast::error_code> ReadHeader(Parser& parser);
  Task<Then> ServeOne();
  Expected<ServerRequest, ServerResponse> Admit(const Parser& parser);
  Task<void> SayContinue(const Parser& parser, ExpectManner manner);
  Task<beast::error_code> ReadBody(Parser& parser);
  Then AfterWhole(const Parser& parser);
  Task<Then> Refuse(beast::error_code error, const Parser& parser);
  Task<Then> Deliver(ServerResponse& response, Method method, Then then);
  Task<bool> DeliverBody(std::string& head, AnswerBody& body, const Delivery& delivery);
  Task<bool> Write(std::string_view head, std::string_view piece);
  Task<bool> Pause(Millis duration);
  Task<void> Drain();

  Socket socket_;
  Timer pause_, watch_;
  Steady::time_point deadline_ = Steady::time_point::max(), watched_ = Steady::time_point::max();
  std::string remote_;
  beast::flat_buffer buffer_;
  const ServerSettings& settings_;
  const Handler& handler_;
  const Admission& admission_;
  bool keep_alive_header_ = false;
  bool idle_ = false;
  bool stopping_ = false;
};

}  // namespace brood::http
