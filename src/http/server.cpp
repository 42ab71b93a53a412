#include "http/server.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/log.hpp"
#include "base/text.hpp"
#include "http/answer.hpp"
#include "http/target.hpp"

namespace brood::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;

using Strand = asio::strand<asio::io_context::executor_type>;
template <class T>
using Task = asio::awaitable<T, Strand>;
using Socket = asio::basic_stream_socket<tcp, Strand>;
using Acceptor = asio::basic_socket_acceptor<tcp, Strand>;
using Stream = beast::basic_stream<tcp, Strand>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Strand>;
using Parser = wire::request_parser<wire::string_body>;

constexpr auto kResult = asio::as_tuple(asio::use_awaitable_t<Strand>{});
constexpr std::size_t kMaxHeader = 32 * 1024;
constexpr std::size_t kWritePiece = 256 * 1024;
constexpr Millis kHeaderTimeout{30'000};
constexpr Millis kLinger{2'000};
constexpr Millis kAcceptPause{100};
constexpr std::size_t kFirstRead = 4 * 1024;
constexpr std::size_t kDrainPiece = 64 * 1024;
constexpr std::size_t kMaxRefusals = 64;  // beyond these a connection too many is closed without a word
constexpr std::string_view kServerFailed = "The server failed to answer; its log says why.\n";

/// What to do with the connection after an answer: kDrain first takes what the client is still sending, so that
/// the answer is not lost to a reset.
enum class Then { kNext, kClose, kDrain };

/// One connection, from accept to close. All but the constructor runs on its strand.
class Session {
 public:
  Session(Socket socket, const ServerSettings& settings, const Handler& handler)
      : stream_(std::move(socket)), pause_(stream_.get_executor()), settings_(settings), handler_(handler) {}

  Task<void> Run();
  Task<void> RefuseAsBusy();
  void Stop();
  Strand Executor() { return stream_.get_executor(); }

 private:
  Task<bool> AwaitFirstByte();
  Task<Then> ServeOne();
  Task<beast::error_code> ReadBody(Parser& parser);
  Task<Then> Refuse(beast::error_code error, const Parser& parser);
  Task<Then> Deliver(ServerResponse& response, Method method, Then then);
  Task<bool> DeliverBody(std::string& head, AnswerBody& body, const Delivery& delivery);
  Task<bool> Write(std::string_view head, std::string_view piece);
  Task<bool> Pause(Millis duration);
  Task<void> Drain();
  ServerResponse Answer(Method method, Parser& parser);

  Stream stream_;
  Timer pause_;
  beast::flat_buffer buffer_;
  const ServerSettings& settings_;
  const Handler& handler_;
  bool keep_alive_header_ = false;
  bool idle_ = false;
  bool stopping_ = false;
};

void Session::Stop() {
  stopping_ = true;
  pause_.cancel();
  if (idle_) stream_.cancel();
}

Task<void> Session::Run() {
  beast::error_code ignored;
  stream_.socket().set_option(tcp::no_delay(true), ignored);
  Then then = Then::kNext;
  while (then == Then::kNext && !stopping_) {
    const bool begun = co_await AwaitFirstByte();
    if (!begun) break;
    then = co_await ServeOne();
  }
  if (then == Then::kDrain) co_await Drain();
  stream_.close();
}

Task<void> Session::RefuseAsBusy() {
  ServerResponse busy = Respond(503, "The server has too many connections.\n");
  const Then then = co_await Deliver(busy, Method::kGet, Then::kDrain);
  if (then == Then::kDrain) co_await Drain();
  stream_.close();
}

Task<bool> Session::AwaitFirstByte() {
  if (buffer_.size() > 0) co_return true;  // the next request came along with the last
  idle_ = true;
  stream_.expires_after(settings_.idle_timeout);
  const auto [error, bytes] = co_await stream_.async_read_some(buffer_.prepare(kFirstRead), kResult);
  idle_ = false;
  buffer_.commit(bytes);
  co_return !error;
}

Task<Then> Session::ServeOne() {
  Parser parser;
  parser.header_limit(kMaxHeader);
  parser.body_limit(settings_.max_body);
  stream_.expires_after(std::min(kHeaderTimeout, settings_.request_timeout));
  const auto [header_error, bytes] = co_await wire::async_read_header(stream_, buffer_, parser, kResult);
  if (header_error) co_return co_await Refuse(header_error, parser);
  const beast::error_code error = co_await ReadBody(parser);
  if (error) co_return co_await Refuse(error, parser);

  const bool keep = parser.keep_alive() && settings_.protocol == Protocol::kKeepAlive && !stopping_;
  keep_alive_header_ = keep && parser.get().version() < 11;
  const auto method = MethodFrom(parser.get().method_string());
  ServerResponse response =
      method ? Answer(*method, parser) : Respond(405, "The server does not know this method.\n");
  co_return co_await Deliver(response, method.value_or(Method::kGet), keep ? Then::kNext : Then::kClose);
}

Task<beast::error_code> Session::ReadBody(Parser& parser) {
  if (parser.is_done()) co_return beast::error_code{};
  const std::string_view expect = parser.get()[wire::field::expect];
  if (settings_.expect == ExpectManner::kContinue && EqualsIgnoringCase(expect, "100-continue")) {
    co_await Write("HTTP/1.1 100 Continue\r\n\r\n", {});
  }
  stream_.expires_after(settings_.request_timeout);
  const auto [error, bytes] = co_await wire::async_read(stream_, buffer_, parser, kResult);
  co_return error;
}

/// The status that tells the client what was wrong with its bytes; 0 if it is gone or was too slow.
int RefusalStatus(beast::error_code error, const Parser& parser) {
  if (error == wire::error::body_limit) return 413;
  if (error == wire::error::header_limit) return parser.get().target().empty() ? 414 : 431;
  if (error == wire::error::end_of_stream || error == wire::error::partial_message) return 0;
  return error.category() == wire::make_error_code(wire::error::bad_target).category() ? 400 : 0;
}

Task<Then> Session::Refuse(beast::error_code error, const Parser& parser) {
  const int status = RefusalStatus(error, parser);
  if (status == 0) co_return Then::kClose;
  ServerResponse refusal = Respond(status, std::string(ReasonPhrase(status)) + ".\n");
  co_return co_await Deliver(refusal, Method::kGet, Then::kDrain);
}

ServerResponse Session::Answer(Method method, Parser& parser) {
  ServerRequest request;
  request.method = method;
  request.target = parser.get().target();
  if (auto read = ReadTarget(request); !read) return Respond(400, read.error());
  for (const auto& field : parser.get()) request.headers.emplace_back(field.name_string(), field.value());
  request.body = std::move(parser.get().body());
  beast::error_code ignored;
  request.remote = stream_.socket().remote_endpoint(ignored).address().to_string();
  try {
    return handler_(request);
  } catch (const std::exception& failure) {
    log::Error("answering a request failed",
               {{"method", Name(method)}, {"path", request.path}, {"why", failure.what()}});
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

Task<Then> Session::Deliver(ServerResponse& response, Method method, Then then) {
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
  stream_.expires_after(settings_.idle_timeout);
  const auto [error, bytes] = co_await asio::async_write(stream_, buffers, kResult);
  co_return !error;
}

Task<bool> Session::Pause(Millis duration) {
  if (stopping_) co_return false;
  stream_.expires_never();
  pause_.expires_after(duration);
  const auto [error] = co_await pause_.async_wait(kResult);
  co_return !error;
}

Task<void> Session::Drain() {
  beast::error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(kLinger);
  for (;;) {
    const auto [error, bytes] = co_await stream_.async_read_some(buffer_.prepare(kDrainPiece), kResult);
    if (error) co_return;
  }
}

}  // namespace

/// The listener, its threads and the register of open connections.
class Server::State {
 public:
  State(ServerSettings settings, Handler handler)
      : settings_(std::move(settings)), handler_(std::move(handler)) {}
  ~State() { Stop(); }

  Expected<std::uint16_t, Error> Start();
  void Stop();
  std::size_t Open() const;
  std::uint64_t Accepted() const { return accepted_; }

 private:
  enum class Place { kServed, kRefused, kNone };

  Task<void> Listen();
  Task<void> Host(std::shared_ptr<Session> session, Place place);
  Place Register(const std::shared_ptr<Session>& session);

  const ServerSettings settings_;
  const Handler handler_;
  std::optional<asio::io_context> context_;
  std::optional<Acceptor> acceptor_;
  std::vector<std::thread> threads_;
  std::atomic<std::uint64_t> accepted_{0};
  mutable std::mutex mutex_;
  std::condition_variable closed_;
  std::set<std::shared_ptr<Session>> sessions_;
  bool stopping_ = false;
};

Expected<std::uint16_t, Error> Server::State::Start() {
  const std::string where = settings_.address + ":" + std::to_string(settings_.port);
  beast::error_code error;
  const auto address = asio::ip::make_address(settings_.address, error);
  if (error) return Unexpected(Permanent("cannot listen on " + where, "not an IPv4 or IPv6 address"));
  const tcp::endpoint endpoint(address, settings_.port);
  context_.emplace(settings_.threads);
  acceptor_.emplace(asio::make_strand(*context_));
  acceptor_->open(endpoint.protocol(), error);
  if (!error) acceptor_->set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_->bind(endpoint, error);
  if (!error) acceptor_->listen(settings_.backlog, error);
  const std::uint16_t port = error ? std::uint16_t{0} : acceptor_->local_endpoint(error).port();
  if (error) return Unexpected(Permanent("cannot listen on " + where, error.message()));
  asio::co_spawn(acceptor_->get_executor(), Listen(), asio::detached);
  for (int i = 0; i < std::max(settings_.threads, 1); ++i) threads_.emplace_back([this] { context_->run(); });
  return port;
}

void Server::State::Stop() {
  if (threads_.empty()) return;
  asio::post(acceptor_->get_executor(), [this] { acceptor_->close(); });
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    for (const auto& session : sessions_) asio::post(session->Executor(), [session] { session->Stop(); });
    closed_.wait_for(lock, settings_.stop_timeout, [this] { return sessions_.empty(); });
  }
  context_->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  sessions_.clear();
  acceptor_.reset();
  context_.reset();
}

std::size_t Server::State::Open() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

Server::State::Place Server::State::Register(const std::shared_ptr<Session>& session) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || sessions_.size() >= settings_.max_connections + kMaxRefusals) return Place::kNone;
  sessions_.insert(session);
  return sessions_.size() > settings_.max_connections ? Place::kRefused : Place::kServed;
}

Task<void> Server::State::Host(std::shared_ptr<Session> session, Place place) {
  try {
    if (place == Place::kServed) co_await session->Run();
    if (place == Place::kRefused) co_await session->RefuseAsBusy();
  } catch (const std::exception& failure) {
    log::Error("a connection failed", {{"why", failure.what()}});
  }
  const std::lock_guard lock(mutex_);
  sessions_.erase(session);
  closed_.notify_all();
}

Task<void> Server::State::Listen() {
  const bool one_by_one = settings_.concurrency == Concurrency::kOneConnection;
  Timer pause(acceptor_->get_executor());
  while (acceptor_->is_open()) {
    Socket socket(one_by_one ? acceptor_->get_executor() : asio::make_strand(*context_));
    const auto [error] = co_await acceptor_->async_accept(socket, kResult);
    if (error) {  // out of file descriptors, or the client is gone already
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kResult);
      continue;
    }
    ++accepted_;
    auto session = std::make_shared<Session>(std::move(socket), settings_, handler_);
    const Place place = Register(session);
    if (one_by_one) {
      co_await Host(std::move(session), place);
    } else {
      const Strand executor = session->Executor();
      asio::co_spawn(executor, Host(std::move(session), place), asio::detached);
    }
  }
}

Server::Server(ServerSettings settings, Handler handler)
    : state_(std::make_unique<State>(std::move(settings), std::move(handler))) {}
Server::~Server() = default;
Expected<std::uint16_t, Error> Server::Start() { return state_->Start(); }
void Server::Stop() { state_->Stop(); }
std::size_t Server::OpenConnections() const { return state_->Open(); }
std::uint64_t Server::AcceptedConnections() const { return state_->Accepted(); }

}  // namespace brood::http
