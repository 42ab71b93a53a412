#include "broker/amqp/line.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>

#include <algorithm>

#include "base/log.hpp"

namespace brood::broker::amqp {
namespace {

using Steady = std::chrono::steady_clock;

constexpr Millis kLongestTick{1'000};
constexpr Millis kAwayTick{100};
constexpr Millis kStable{10'000};  ///< a link that lasted so long had no fault of its own
constexpr int kMostEventsAtOnce = 512;

Millis Since(Steady::time_point then) { return std::chrono::duration_cast<Millis>(Steady::now() - then); }

}  // namespace

Line::Line(std::shared_ptr<Shared> shared, std::string name, Owner& owner)
    : shared_(std::move(shared)),
      name_(std::move(name)),
      owner_(owner),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

Line::~Line() { Stop(); }

void Line::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "amqp");
    Run(stop);
  });
}

void Line::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  Wake();
  thread_.join();
}

void Line::Wake() {
  if (woken_.exchange(true)) return;
  const std::uint64_t one = 1;
  (void)!::write(wake_.Get(), &one, sizeof one);
}

void Line::Sever() {
  const std::lock_guard lock(mutex_);
  if (link_ != nullptr) link_->Sever();
}

void Line::Run(const std::stop_token& stop) {
  int failures = 0;
  while (!stop.stop_requested()) {
    auto link = Connect();
    if (!link) {
      shared_->metrics.failed_connects.Add();
      Tell(link.error());
      WaitAway(shared_->settings.reconnect.After(++failures), link.error(), stop);
      continue;
    }
    const auto since = Steady::now();
    const auto used = Use(**link, stop);
    if (used) return;
    link->reset();
    shared_->metrics.losses.Add();
    owner_.Down(used.error());
    Tell(used.error());
    failures = Since(since) >= kStable ? 0 : failures + 1;
    WaitAway(shared_->settings.reconnect.After(failures), used.error(), stop);
  }
}

LinkResult<std::unique_ptr<Link>> Line::Connect() {
  LinkResult<std::unique_ptr<Link>> link;
  for (std::size_t tries = 0; tries < shared_->hosts.size(); ++tries) {
    link = ConnectTo(shared_->hosts[next_host_]);
    if (link) return link;
    next_host_ = (next_host_ + 1) % shared_->hosts.size();
  }
  return link;
}

LinkResult<std::unique_ptr<Link>> Line::ConnectTo(const Host& host) {
  Address address = shared_->address;
  address.host = host;
  LinkOptions options;
  options.ca_file = shared_->settings.ca_file;
  options.verify_tls = shared_->settings.verify_tls;
  options.heartbeat = static_cast<int>(shared_->settings.heartbeat.count());
  options.name = name_;
  return Link::Open(address, options);
}

LinkResult<> Line::Use(Link& link, const std::stop_token& stop) {
  if (auto up = owner_.Up(link); !up) return up;
  log::Info(told_ ? "RabbitMQ is there again" : "connected to RabbitMQ",
            {{"host", link.Where()}, {"connection", name_}});
  told_ = false;
  shared_->metrics.connections.Add(1);
  {
    const std::lock_guard lock(mutex_);
    link_ = &link;
  }
  const Millis tick = std::min(kLongestTick, Millis{shared_->settings.heartbeat} / 3);
  LinkResult<> going;
  for (bool last = false; going && !last;) {
    last = stop.stop_requested();
    woken_ = false;
    going = Hear(link);
    if (going) going = owner_.Serve(link);
    if (going && !last && !link.HasMore()) WaitForNews(link.Fd(), tick);
  }
  {
    const std::lock_guard lock(mutex_);
    link_ = nullptr;
  }
  shared_->metrics.connections.Add(-1);
  return going;
}

LinkResult<> Line::Hear(Link& link) {
  for (int heard = 0; heard < kMostEventsAtOnce; ++heard) {
    auto event = link.Next();
    if (!event) return Unexpected(std::move(event.error()));
    if (!*event) return {};
    owner_.Heard(std::move(**event));
  }
  Wake();  // there may be more
  return {};
}

void Line::WaitAway(Millis time, const LinkError& why, const std::stop_token& stop) {
  const auto until = Steady::now() + time;
  do {
    owner_.Away(why);
    const auto left = std::chrono::duration_cast<Millis>(until - Steady::now());
    if (left <= Millis{0} || stop.stop_requested()) return;
    WaitForNews(-1, std::min(left, kAwayTick));
    woken_ = false;
  } while (!stop.stop_requested());
}

void Line::WaitForNews(int fd, Millis time) {
  pollfd news[2] = {{wake_.Get(), POLLIN, 0}, {fd, POLLIN, 0}};
  (void)::poll(news, 2, static_cast<int>(time.count()));
  std::uint64_t wakes = 0;
  if ((news[0].revents & POLLIN) != 0) (void)!::read(wake_.Get(), &wakes, sizeof wakes);
}

void Line::Tell(const LinkError& why) {
  if (told_) return;
  told_ = true;
  log::Warning("RabbitMQ is away, tried again and again", {{"connection", name_}, {"error", why.what}});
}

}  // namespace brood::broker::amqp
