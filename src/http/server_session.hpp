#pragma once

// The server's own: names Boost, so only server.cpp and server_session.cpp include it.

#include <chrono>
#include <string>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
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
class Session {
 public:
  /// What is referred to outlives the session.
  Session(Socket socket, const ServerSettings& settings, const Handler& handler, const Admission& admission)
      : stream_(std::move(socket)),
        pause_(stream_.get_executor()),
        settings_(settings),
        handler_(handler),
        admission_(admission) {}

  Task<void> Run();
  Task<void> RefuseAsBusy();
  void Stop();
  Strand Executor() { return stream_.get_executor(); }

 private:
  using Stream = beast::basic_stream<tcp, Strand>;
  using Parser = wire::request_parser<wire::string_body>;

  /// What follows an answer. kDrain first takes what the client is still sending, so that the answer is not
  /// lost to a reset.
  enum class Then { kNext, kClose, kDrain };

  Task<bool> AwaitFirstByte();
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

  Stream stream_;
  Timer pause_;
  beast::flat_buffer buffer_;
  const ServerSettings& settings_;
  const Handler& handler_;
  const Admission& admission_;
  bool keep_alive_header_ = false;
  bool idle_ = false;
  bool stopping_ = false;
};

}  // namespace brood::http
