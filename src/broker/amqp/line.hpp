#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.hpp"
#include "broker/amqp/link.hpp"
#include "broker/amqp/metrics.hpp"
#include "broker/amqp/settings.hpp"

namespace brood::broker::amqp {

/// What the connections of one broker have in common.
struct Shared {
  Settings settings;
  Address address;
  std::vector<Host> hosts;  ///< at least one, in the order in which they are tried
  Metrics metrics;
};

/// A connection with a thread of its own that comes back by itself, with back-off. The thread alone reads and
/// writes, and keeps the heartbeats whatever the rest of the process does.
class Line {
 public:
  /// What the connection is for. Called by the line's thread alone. An error of Up, Heard or Serve drops the
  /// link.
  class Owner {
   public:
    virtual ~Owner() = default;
    /// The link is new: channels, declarations, consumers.
    virtual LinkResult<> Up(Link& link) = 0;
    virtual void Heard(Event event) = 0;
    /// Sends what is due: after events, after a Wake, and each second or more often.
    virtual LinkResult<> Serve(Link& link) = 0;
    /// The link that was up is gone.
    virtual void Down(const LinkError& why) = 0;
    /// There is no link: called now and then with why.
    virtual void Away(const LinkError& why) = 0;
  };

  /// `name` is what people see in logs and in RabbitMQ's list. `owner` outlives the line's thread.
  Line(std::shared_ptr<Shared> shared, std::string name, Owner& owner);
  ~Line();

  void Start();
  /// Serves once more, says goodbye and joins.
  void Stop();
  /// Serve is called soon. Thread-safe.
  void Wake();
  /// For tests: cuts the connection as a network does. Thread-safe.
  void Sever();

 private:
  void Run(const std::stop_token& stop);
  [[nodiscard]] LinkResult<std::unique_ptr<Link>> Connect();
  [[nodiscard]] LinkResult<std::unique_ptr<Link>> ConnectTo(const Host& host);
  /// Uses the link until it is lost or stop is requested; nothing after a stop.
  [[nodiscard]] LinkResult<> Use(Link& link, const std::stop_token& stop);
  [[nodiscard]] LinkResult<> Hear(Link& link);
  void WaitAway(Millis time, const LinkError& why, const std::stop_token& stop);
  void WaitForNews(int fd, Millis time);
  void Tell(const LinkError& why);

  const std::shared_ptr<Shared> shared_;
  const std::string name_;
  Owner& owner_;
  const UniqueFd wake_;
  std::atomic<bool> woken_{false};
  std::mutex mutex_;  ///< link_
  Link* link_ = nullptr;
  std::size_t next_host_ = 0;
  bool told_ = false;  ///< that it cannot be reached; said once an outage
  std::jthread thread_;
};

}  // namespace brood::broker::amqp
