#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "broker/amqp/line.hpp"
#include "broker/amqp/topology.hpp"

namespace brood::broker::amqp {

/// The connection that publishes and declares. Consumers have connections of their own, since RabbitMQ stops
/// reading from one that publishes while its disk or memory is short.
///
/// Publishes of many threads share a window of unconfirmed messages. What is unconfirmed when the connection is
/// lost is published again on the next one. Thread-safe.
class Publisher final : private Line::Owner {
 public:
  using Messages = std::vector<const Outgoing*>;

  Publisher(std::shared_ptr<Shared> shared, std::shared_ptr<Topology> topology);
  ~Publisher() override;

  /// Returns when every message is confirmed, or with why one is not.
  [[nodiscard]] Expected<void, BrokerError> Publish(Messages messages);
  [[nodiscard]] Expected<void, BrokerError> Declare(const QueueShape& queue);
  /// Messages ready.
  [[nodiscard]] Expected<std::uint64_t, BrokerError> Count(const std::string& queue);

  /// The server was reached the last time and did not let us in.
  [[nodiscard]] bool ShutOut() const { return refused_; }

  /// For tests.
  void Sever() { line_.Sever(); }

 private:
  using Steady = std::chrono::steady_clock;

  /// One call that waits. `over` and `answer` are under mutex_; the rest belongs to the line's thread once the
  /// job is handed over. Its pointers hold until it is over.
  struct Job {
    Messages messages;
    std::deque<std::size_t> unsent;  ///< not sent on this connection yet
    std::size_t open = 0;            ///< sent, not confirmed
    std::optional<BrokerError> refusal;
    int channels_closed = 0;  ///< times that the server closed the channel with messages of it open
    Steady::time_point progress = Steady::now();

    std::function<LinkResult<>(Link&)> ask;  ///< instead of messages
    std::string queue;                       ///< that is asked about

    bool over = false;
    Expected<void, BrokerError> answer;
    std::condition_variable done;
  };
  using JobPtr = std::shared_ptr<Job>;
  struct InFlight {
    JobPtr job;
    std::size_t index = 0;
    std::size_t bytes = 0;
  };

  LinkResult<> Up(Link& link) override;
  void Heard(Event event) override;
  LinkResult<> Serve(Link& link) override;
  void Down(const LinkError& why) override;
  void Away(const LinkError& why) override;

  [[nodiscard]] Expected<void, BrokerError> Ask(const std::string& queue,
                                                std::function<LinkResult<>(Link&)> ask);
  [[nodiscard]] Expected<void, BrokerError> Await(const JobPtr& job);
  void TakeIncoming();
  [[nodiscard]] LinkResult<> AnswerAsks(Link& link);
  [[nodiscard]] LinkResult<> Send(Link& link);
  [[nodiscard]] LinkResult<> SendOne(Link& link, const JobPtr& job);
  void Settle(Tag tag, bool up_to, bool confirmed);
  void SettleOne(const InFlight& message, bool confirmed);
  void MarkReturned(const std::string& queue);
  void LearnLimit(const LinkError& why);
  [[nodiscard]] bool IsTooLarge(const Job& job) const;
  void RefuseTooLarge(const JobPtr& job);
  void Expire();
  void EndIfDone(const JobPtr& job);
  /// `job` must not be an element of jobs_.
  void Finish(const JobPtr& job, Expected<void, BrokerError> answer);
  void FailAll(const BrokerError& error);
  [[nodiscard]] bool HasRoom(std::size_t bytes) const;

  const std::shared_ptr<Shared> shared_;
  const std::shared_ptr<Topology> topology_;

  std::atomic<bool> refused_{false};
  std::mutex mutex_;
  std::vector<JobPtr> incoming_;
  bool closed_ = false;

  // The line's thread alone.
  std::list<JobPtr> jobs_;  ///< not over, oldest first
  std::map<Tag, InFlight> in_flight_;
  Tag last_tag_ = 0;
  std::size_t bytes_in_flight_ = 0;
  std::optional<std::string> blocked_;
  std::size_t server_limit_ = ~std::size_t{0};  ///< of one message, as far as it has told
  std::string where_;
  Steady::time_point away_since_ = Steady::now();

  Line line_;
};

}  // namespace brood::broker::amqp
