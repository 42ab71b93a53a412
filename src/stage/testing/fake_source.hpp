#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "broker/broker.hpp"

namespace brood::stage::testing {

/// A source in memory that keeps a record of what is done with it and fails when told to. Thread-safe.
class FakeSource final : public broker::Source {
 public:
  /// Waits for a Take.
  void Put(broker::Message message);
  void Put(std::string body) { Put({.queue = "in", .body = std::move(body)}); }
  /// The next `times` calls of Settle fail so, and settle nothing.
  void FailNext(broker::Errc code, int times = 1);
  /// Settle fails with the error that `refuse` gives for any settlement of the group.
  void RefuseIf(std::function<std::optional<broker::Errc>(const broker::Settlement&)> refuse);

  std::vector<broker::Delivery> Take(std::size_t max, Millis wait) override;
  Expected<void, broker::BrokerError> Settle(std::span<const broker::Settlement> settlements) override;
  void GiveBack(std::span<const broker::DeliveryId> deliveries) override;
  void Stop() override;

  [[nodiscard]] std::vector<broker::Outgoing> Published() const;
  [[nodiscard]] std::vector<std::string> Bodies(std::string_view queue) const;  ///< published to `queue`
  [[nodiscard]] std::vector<std::string> Acknowledged() const;                  ///< bodies, in order
  [[nodiscard]] std::vector<std::string> GivenBack() const;                     ///< bodies, in order
  [[nodiscard]] std::vector<std::size_t> SettleSizes() const;  ///< settlements of each call, failed ones too
  [[nodiscard]] std::size_t InHand() const;
  [[nodiscard]] std::size_t MostInHand() const;

 private:
  [[nodiscard]] std::optional<broker::BrokerError> Trouble(std::span<const broker::Settlement> settlements);

  mutable std::mutex mutex_;
  std::condition_variable come_;
  std::deque<broker::Message> waiting_;
  std::map<broker::DeliveryId, broker::Message> in_hand_;
  std::vector<broker::Outgoing> published_;
  std::vector<std::string> acknowledged_, given_back_;
  std::vector<std::size_t> settle_sizes_;
  std::function<std::optional<broker::Errc>(const broker::Settlement&)> refuse_;
  std::deque<broker::Errc> failures_;
  std::uint64_t next_ = 1;
  std::size_t most_in_hand_ = 0;
  bool stopped_ = false;
};

/// Knows its limit and nothing else: runners publish through their source.
class LimitOnlyBroker final : public broker::Broker {
 public:
  explicit LimitOnlyBroker(std::size_t max_message = kDefaultMaxMessage) : max_message_(max_message) {}
  Expected<std::uint64_t, broker::BrokerError> Ready(const std::string& queue) override;
  std::size_t MaxMessage() const override { return max_message_; }

 private:
  Expected<void, broker::BrokerError> DoDeclare(const broker::QueueShape& queue) override;
  Expected<void, broker::BrokerError> DoPublish(std::span<const broker::Outgoing> messages) override;
  Expected<std::unique_ptr<broker::Source>, broker::BrokerError> DoConsume(
      const broker::ConsumeOptions& options) override;

  std::size_t max_message_;
};

}  // namespace brood::stage::testing
