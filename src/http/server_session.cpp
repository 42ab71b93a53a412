#include "http/server_session.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_suffix.hpp>
#include <boost/beast/http/read.hpp>

#include "base/log.hpp"
#include "base/text.hpp"
#include "http/target.hpp"

namespace brood::http {
namespace {

constexpr std::size_t kMaxHeader = 32 * 1024;
constexpr std::size_t kWritePiece = 256 * 1024;
constexpr std::size_t kFirstRead = 4 * 1024;
constexpr std::size_t kDrainPiece = 64 * 1024;
constexpr Millis kHeaderTimeout{30'000};
constexpr Millis kLinger{2'000};
constexpr std::string_view kServerFailed = "The server failed to answer; its log says why.\n";

/// The status that tells the client what was wrong with its bytes; 0 if it is gone or was too slow.
int RefusalStatus(beast::error_code error, const wire::request_parser<wire::string_body>& parser) {
  if (error == wire::error::body_limit) return 413;
  if (error == wire::error::header_limit) return parser.get().target().empty() ? 414 : 431;
  if (error == wire::error::end_of_stream || error == wire::error::partial_message) return 0;
  return error.category() == wire::make_error_code(wire::error::bad_target).category() ? 400 : 0;
}

std::string_view RefusalSentence(int status) {
  switch (status) {
    case 413:
      return "The body is larger than this server takes.\n";
    case 414:
      return "The path and its parameters are longer than this server takes.\n";
    case 431:
      return "The headers are longer than this server takes.\n";
    default:
      return "The request is malformed.\n";
  }
}

/// What `work` gives; 500 for what it throws, and the log says why.
template <class Work>
auto OrServerFailed(const ServerRequest& request, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& failure) {
    log::Error("answering a request failed",
               {{"method", Name(request.method)}, {"path", request.path}, {"why", failure.what()}});
    return Respond(500, std::string(kServerFailed));
  }
}

/// Opens the body; if its file cannot be read, `response` becomes a 500.
AnswerBody OpenBody(ServerResponse& response) {
  try {
    return AnswerBody(response);
  } catch (const std::exception& failure) {
    log::Error("answering a request failed", {{"why", failure.what()}});
    response = Respond(500, std::string(kServerFailed));
    return AnswerBody(response);
  }
}

}  // namespace

Session::Session(Socket socket, const ServerSettings& settings, const Handler& handler,
                 const Admission& admission)
    : socket_(std::move(socket)),
      pause_(socket_.get_executor()),
      watch_(socket_.get_executor()),
      settings_(settings),
      handler_(handler),
      admission_(admission) {
  beast::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
  remote_ = socket_.remote_endpoint(ignored).address().to_string();
}

void Session::Stop() {
  stopping_ = true;
  pause_.cancel();
  beast::error_code ignored;
  if (idle_) socket_.cancel(ignored);
}

void Session::Close() {
  beast::error_code ignored;
  socket_.close(ignored);
  watch_.cancel();
}

void Session::ExpireAfter(Millis duration) {
  deadline_ = Steady::now() + duration;
  if (deadline_ < watched_) watch_.cancel();  // else Watch sees when it wakes that it was too early
}

Task<void> Session::Watch(std::shared_ptr<Session> session) {
  while (session->socket_.is_open()) {
    session->watched_ = session->deadline_;
    session->watch_.expires_at(session->watched_);
    co_await session->watch_.async_wait(kResult);
    if (session->socket_.is_open() && Steady::now() >= session->deadline_) session->Close();
  }
}

Task<void> Session::Run() {
  Then then = Then::kNext;
  while (then == Then::kNext && !stopping_) {
    const bool begun = co_await AwaitFirstByte();
    if (!begun) break;
    then = co_await ServeOne();
  }
  if (then == Then::kDrain) co_await Drain();
  Close();
}

Task<void> Session::RefuseAsBusy() {
  ServerResponse busy = Respond(503, "The server has too many connections.\n");
  const Then then = co_await Deliver(busy, Method::kGet, Then::kDrain);
  if (then == Then::kDrain) co_await Drain();
  Close();
}

Task<bool> Session::AwaitFirstByte() {
  if (buffer_.size() > 0) co_return true;  // the next request came along with the last
  idle_ = true;
  ExpireAfter(settings_.idle_timeout);
  const auto [error, bytes] = co_await socket_.async_read_some(buffer_.prepare(kFirstRead), kResult);
  idle_ = false;
  buffer_.commit(bytes);
  co_return !error;
}

Task<Session::Then> Session::ServeOne() {
  Parser parser;
  parser.header_limit(kMaxHeader);
  parser.body_limit(settings_.max_body);
  const beast::error_code header_error = co_await ReadHeader(parser);
  if (header_error) co_return co_await Refuse(header_error, parser);
  co_await SayContinue(parser, ExpectManner::kContinueUnseen);
  auto request = Admit(parser);
  if (!request) {
    const auto method = MethodFrom(parser.get().method_string()).value_or(Method::kGet);
    co_return co_await Deliver(request.error(), method, parser.is_done() ? AfterWhole(parser) : Then::kDrain);
  }
  co_await SayContinue(parser, ExpectManner::kContinue);
  const beast::error_code error = co_await ReadBody(parser);
  if (error) co_return co_await Refuse(error, parser);
  request->body = std::move(parser.get().body());
  ServerResponse response = OrServerFailed(*request, [&] { return handler_(*request); });
  co_return co_await Deliver(response, request->method, AfterWhole(parser));
}

/// Most headers are there with their first byte.
Task<beast::error_code> Session::ReadHeader(Parser& parser) {
  beast::error_code error;
  buffer_.consume(parser.put(buffer_.data(), error));
  if (parser.is_header_done() || (error && error != wire::error::need_more)) co_return error;
  ExpireAfter(std::min(kHeaderTimeout, settings_.request_timeout));
  const auto [read_error, bytes] = co_await wire::async_read_header(socket_, buffer_, parser, kResult);
  co_return read_error;
}

/// What follows the answer to a request that was read to its end.
Session::Then Session::AfterWhole(const Parser& parser) {
  const bool keep = parser.keep_alive() && settings_.protocol == Protocol::kKeepAlive && !stopping_;
  keep_alive_header_ = keep && parser.get().version() < 11;
  return keep ? Then::kNext : Then::kClose;
}

/// The request without its body, or the answer that refuses it.
Expected<ServerRequest, ServerResponse> Session::Admit(const Parser& parser) {
  const auto method = MethodFrom(parser.get().method_string());
  if (!method) return Unexpected(Respond(405, "The server does not know this method.\n"));
  ServerRequest request;
  request.method = *method;
  request.target = parser.get().target();
  if (auto read = ReadTarget(request); !read) return Unexpected(Respond(400, read.error()));
  for (const auto& field : parser.get()) request.headers.emplace_back(field.name_string(), field.value());
  request.remote = remote_;
  if (!admission_ || parser.is_done()) return request;
  auto refusal = OrServerFailed(request, [&] { return admission_(request); });
  if (refusal) return Unexpected(std::move(*refusal));
  return request;
}

/// Tells a client that asks whether to send its body to go on, if that is this server's manner.
Task<void> Session::SayContinue(const Parser& parser, ExpectManner manner) {
  const std::string_view expect = parser.get()[wire::field::expect];
  const bool asks = !parser.is_done() && EqualsIgnoringCase(expect, "100-continue");
  if (asks && settings_.expect == manner) co_await Write("HTTP/1.1 100 Continue\r\n\r\n", {});
}

Task<beast::error_code> Session::ReadBody(Parser& parser) {
  if (parser.is_done()) co_return beast::error_code{};
  ExpireAfter(settings_.request_timeout);
  const auto [error, bytes] = co_await wire::async_read(socket_, buffer_, parser, kResult);
  co_return error;
}

Task<Session::Then> Session::Refuse(beast::error_code error, const Parser& parser) {
  const int status = RefusalStatus(error, parser);
  if (status == 0) co_return Then::kClose;
  ServerResponse refusal = Respond(status, std::string(RefusalSentence(status)));
  co_return co_await Deliver(refusal, Method::kGet, Then::kDrain);
}

Task<Session::Then> Session::Deliver(ServerResponse& response, Method method, Then then) {
  if (response.delivery.delay > Millis{0}) {
    const bool waited = co_await Pause(response.delivery.delay);
    if (!waited) co_return Then::kClose;
  }
  if (response.delivery.no_answer) co_return Then::kClose;
  AnswerBody body = OpenBody(response);
  const auto connection = then != Then::kNext  ? ConnectionHeader::kClose
                          : keep_alive_header_ ? ConnectionHeader::kKeepAlive
                                               : ConnectionHeader::kImplied;
  std::string head = AnswerHead(response, body.Size(), settings_.protocol, connection);
  const bool delivered =
      method == Method::kHead ? co_await Write(head, {}) : co_await DeliverBody(head, body, response.delivery);
  co_return delivered ? then : Then::kClose;
}

/// False when the connection must be closed: it broke, or the answer is cut here.
Task<bool> Session::DeliverBody(std::string& head, AnswerBody& body, const Delivery& delivery) {
  const std::uint64_t end = std::min<std::uint64_t>(body.Size(), delivery.cut_after.value_or(body.Size()));
  bool stall_due = delivery.stall > Millis{0};
  for (std::uint64_t sent = 0;;) {
    const std::uint64_t until = stall_due ? std::min<std::uint64_t>(delivery.stall_after, end) : end;
    const std::string_view piece = body.Next(std::min<std::uint64_t>(kWritePiece, until - sent));
    const bool written = co_await Write(head, piece);
    if (!written || (piece.empty() && sent < until)) co_return false;
    head.clear();
    sent += piece.size();
    if (sent < until) continue;
    if (!stall_due) co_return end == body.Size();
    stall_due = false;
    const bool waited = co_await Pause(delivery.stall);
    if (!waited) co_return false;
  }
}

Task<bool> Session::Write(std::string_view head, std::string_view piece) {
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(piece)};
  beast::error_code error;
  const std::size_t taken = socket_.write_some(buffers, error);
  if (error && error != asio::error::would_block) co_return false;
  if (taken == head.size() + piece.size()) co_return true;
  beast::buffers_suffix rest(buffers);
  rest.consume(taken);
  ExpireAfter(settings_.idle_timeout);
  const auto [write_error, bytes] = co_await asio::async_write(socket_, rest, kResult);
  co_return !write_error;
}

Task<bool> Session::Pause(Millis duration) {
  if (stopping_) co_return false;
  NeverExpire();
  pause_.expires_after(duration);
  const auto [error] = co_await pause_.async_wait(kResult);
  co_return !error;
}

Task<void> Session::Drain() {
  beast::error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  ExpireAfter(kLinger);
  for (;;) {
    const auto [error, bytes] = co_await socket_.async_read_some(buffer_.prepare(kDrainPiece), kResult);
    if (error) co_return;
  }
}

}  // namespace brood::http
