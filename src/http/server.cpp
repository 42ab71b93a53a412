#include "http/server.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "http/server_session.hpp"

namespace brood::http {
namespace {

using Acceptor = asio::basic_socket_acceptor<tcp, Strand>;

constexpr Millis kAcceptPause{100};
constexpr std::size_t kMaxRefusals = 64;  // beyond these a connection too many is closed without a word

}  // namespace

/// The listener, its threads and the register of open connections.
class Server::State {
 public:
  State(ServerSettings settings, Handler handler, Admission admission)
      : settings_(std::move(settings)), handler_(std::move(handler)), admission_(std::move(admission)) {}
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
  const Admission admission_;
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
  if (place != Place::kNone) {
    const Strand executor = session->Executor();
    asio::co_spawn(executor, Session::Watch(session), asio::detached);
  }
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
    auto session = std::make_shared<Session>(std::move(socket), settings_, handler_, admission_);
    const Place place = Register(session);
    if (one_by_one) {
      co_await Host(std::move(session), place);
    } else {
      const Strand executor = session->Executor();
      asio::co_spawn(executor, Host(std::move(session), place), asio::detached);
    }
  }
}

Server::Server(ServerSettings settings, Handler handler, Admission admission)
    : state_(std::make_unique<State>(std::move(settings), std::move(handler), std::move(admission))) {}
Server::~Server() = default;
Expected<std::uint16_t, Error> Server::Start() { return state_->Start(); }
void Server::Stop() { state_->Stop(); }
std::size_t Server::OpenConnections() const { return state_->Open(); }
std::uint64_t Server::AcceptedConnections() const { return state_->Accepted(); }

}  // namespace brood::http
