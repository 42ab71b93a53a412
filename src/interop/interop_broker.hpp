#pragma once

#include <memory>
#include <string>

#include "broker/broker.hpp"
#include "samples/samples.hpp"

namespace brood::interop {

/// A broker whose feed queue is read by a Go service too: each message to it goes as FeedBodyForGo makes it,
/// whether it is published or settled. Everything else is the inner broker's. A sample that does not fit into a
/// message is kTooLarge, with the settings that say so. Thread-safe as the inner broker is; `samples` outlives
/// it and its sources.
class InteropBroker final : public broker::Broker {
 public:
  InteropBroker(std::unique_ptr<broker::Broker> inner, std::string feed_queue, samples::SampleStore& samples);

  Expected<std::uint64_t, broker::BrokerError> Ready(const std::string& queue) override;
  std::size_t MaxMessage() const override { return inner_->MaxMessage(); }

  /// For tests: the inner broker's source behind one of ours.
  static broker::Source& InnerOf(broker::Source& source);

 private:
  Expected<void, broker::BrokerError> DoDeclare(const broker::QueueShape& queue) override;
  Expected<void, broker::BrokerError> DoPublish(std::span<const broker::Outgoing> messages) override;
  Expected<std::unique_ptr<broker::Source>, broker::BrokerError> DoConsume(
      const broker::ConsumeOptions& options) override;

  const std::unique_ptr<broker::Broker> inner_;
  const std::string feed_queue_;
  samples::SampleStore& samples_;
};

}  // namespace brood::interop
