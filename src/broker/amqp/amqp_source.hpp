#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "broker/amqp/line.hpp"
#include "broker/amqp/publisher.hpp"
#include "broker/amqp/topology.hpp"

namespace brood::broker::amqp {

/// A consumer of some queues on a connection of its own. It consumes from the first Take on. What RabbitMQ has
/// delivered waits in `waiting_` until somebody takes it; what waits too long, or weighs too much, goes back to
/// the server, so that others can have it and no time-out of the server strikes. Nothing here is acknowledged
/// before what it led to is confirmed.
class AmqpSource final : public Source, private Line::Owner {
 public:
  AmqpSource(std::shared_ptr<Shared> shared, std::shared_ptr<Topology> topology,
             std::shared_ptr<Publisher> publisher, ConsumeOptions options);
  /// What was settled and given back has reached the server when this returns, if it can be reached.
  ~AmqpSource() override;

  std::vector<Delivery> Take(std::size_t max, Millis wait) override;
  Expected<void, BrokerError> Settle(std::span<const Settlement> settlements) override;
  void GiveBack(std::span<const DeliveryId> deliveries) override;
  void Stop() override;

  /// Until the connection is up for the first time, or `most` has passed.
  void AwaitUp(Millis most);

  /// For tests: the connection is cut and that has been noticed, now or inside the next Settle.
  void Break();
  void BreakInNextSettle() { break_in_settle_ = true; }

 private:
  using Steady = std::chrono::steady_clock;

  struct Waiting {
    Tag tag = 0;
    Message message;
    Steady::time_point since;
  };

  LinkResult<> Up(Link& link) override;
  void Heard(Event event) override;
  LinkResult<> Serve(Link& link) override;
  void Down(const LinkError& why) override;
  void Away(const LinkError& why) override;

  [[nodiscard]] LinkResult<> Declare(Link& link);
  [[nodiscard]] LinkResult<> Consume(Link& link);
  [[nodiscard]] LinkResult<> CancelAll(Link& link);
  [[nodiscard]] LinkResult<> Acknowledge(Link& link, std::vector<Tag> tags);
  [[nodiscard]] LinkResult<> Requeue(Link& link, const std::vector<Tag>& tags);
  [[nodiscard]] std::vector<Delivery> TakeWaiting(std::size_t max);
  void ReturnWaiting();
  [[nodiscard]] bool AnyWaitsTooLong() const;
  [[nodiscard]] Expected<void, BrokerError> CheckHeld(std::span<const Settlement> settlements);
  [[nodiscard]] static std::string ConsumerName(std::size_t queue);

  const std::shared_ptr<Shared> shared_;
  const std::shared_ptr<Topology> topology_;
  const std::shared_ptr<Publisher> publisher_;
  const ConsumeOptions options_;
  std::atomic<bool> break_in_settle_{false};

  std::mutex mutex_;
  std::condition_variable changed_;  ///< something to take, room to take it, or the end
  std::condition_variable flushed_;  ///< what was settled is on its way, or the connection is lost: for Break
  std::vector<std::deque<Waiting>> waiting_;  ///< one for each queue
  std::size_t waiting_bytes_ = 0;
  std::map<DeliveryId, Tag> held_;  ///< taken and not ended, on this connection
  std::vector<Tag> acknowledge_, requeue_;
  bool sending_ = false;  ///< those that stood there are on their way to the socket
  std::uint64_t last_id_ = 0;
  std::uint64_t losses_ = 0;
  bool stopped_ = false;
  bool up_ = false;
  /// Asks for nothing until somebody takes: what nobody wants here others shall have.
  bool paused_ = true;
  bool wanted_ = false;  ///< somebody takes

  // The line's thread alone.
  std::set<Tag> outstanding_;  ///< delivered on this channel and not ended
  bool consuming_ = false;
  bool arrived_ = false;  ///< something waits that nobody was told of

  Line line_;
};

}  // namespace brood::broker::amqp
