#include "interop/interop_broker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "interop/feed_body.hpp"

namespace brood::interop {
namespace {

using broker::BrokerError;
using broker::Outgoing;

/// Messages with their samples that are in memory at once while many are published.
constexpr std::size_t kBytesAtOnce = std::size_t{16} << 20;

BrokerError ErrorOf(const samples::SampleError& error, std::size_t max_message) {
  if (error.code == samples::Errc::kTooLarge) {
    return {broker::Errc::kTooLarge,
            fmt::format("{}: feed_cuckoo.interop = \"go\" puts it inside, and broker.max_message is {} bytes",
                        error.what, max_message),
            {}};
  }
  return {broker::Errc::kUnavailable, error.what, {}};
}

/// What goes to the feed queue, rewritten.
struct Rewriter {
  std::string feed_queue;
  samples::SampleStore& samples;
  std::size_t max_message;

  [[nodiscard]] bool Concerns(const Outgoing& message) const { return message.queue == feed_queue; }

  [[nodiscard]] Expected<Outgoing, BrokerError> operator()(const Outgoing& message) const {
    if (!Concerns(message)) return message;
    auto body = FeedBodyForGo(message.body, samples, MostInline(max_message));
    if (!body) return Unexpected(ErrorOf(body.error(), max_message));
    if (!*body) return message;
    return Outgoing{message.queue, std::move(**body), message.headers};
  }
};

class InteropSource final : public broker::Source {
 public:
  InteropSource(std::unique_ptr<broker::Source> inner, Rewriter rewrite)
      : inner_(std::move(inner)), rewrite_(std::move(rewrite)) {}

  std::vector<broker::Delivery> Take(std::size_t max, Millis wait) override { return inner_->Take(max, wait); }
  void GiveBack(std::span<const broker::DeliveryId> deliveries) override { inner_->GiveBack(deliveries); }
  void Stop() override { inner_->Stop(); }

  Expected<void, BrokerError> Settle(std::span<const broker::Settlement> settlements) override {
    const auto concerned = [this](const broker::Settlement& settlement) {
      return std::ranges::any_of(settlement.publish,
                                 [this](const Outgoing& message) { return rewrite_.Concerns(message); });
    };
    if (std::ranges::none_of(settlements, concerned)) return inner_->Settle(settlements);
    std::vector<broker::Settlement> rewritten(settlements.begin(), settlements.end());
    for (broker::Settlement& settlement : rewritten) {
      for (Outgoing& message : settlement.publish) {
        auto made = rewrite_(message);
        if (!made) return Unexpected(made.error());
        message = std::move(*made);
      }
    }
    return inner_->Settle(rewritten);
  }

  [[nodiscard]] broker::Source& Inner() { return *inner_; }

 private:
  const std::unique_ptr<broker::Source> inner_;
  const Rewriter rewrite_;
};

}  // namespace

InteropBroker::InteropBroker(std::unique_ptr<broker::Broker> inner, std::string feed_queue,
                             samples::SampleStore& samples)
    : inner_(std::move(inner)), feed_queue_(std::move(feed_queue)), samples_(samples) {}

Expected<std::uint64_t, BrokerError> InteropBroker::Ready(const std::string& queue) {
  return inner_->Ready(queue);
}

Expected<void, BrokerError> InteropBroker::DoDeclare(const broker::QueueShape& queue) {
  return inner_->Declare(queue);
}

Expected<void, BrokerError> InteropBroker::DoPublish(std::span<const Outgoing> messages) {
  const Rewriter rewrite{feed_queue_, samples_, MaxMessage()};
  std::vector<Outgoing> some;
  std::size_t bytes = 0;
  for (const Outgoing& message : messages) {
    auto made = rewrite(message);
    if (!made) return Unexpected(made.error());
    bytes += made->body.size();
    some.push_back(std::move(*made));
    if (bytes < kBytesAtOnce) continue;
    if (auto published = inner_->Publish(some); !published) return published;
    some.clear();
    bytes = 0;
  }
  return inner_->Publish(some);
}

Expected<std::unique_ptr<broker::Source>, BrokerError> InteropBroker::DoConsume(
    const broker::ConsumeOptions& options) {
  auto source = inner_->Consume(options);
  if (!source) return Unexpected(source.error());
  return std::make_unique<InteropSource>(std::move(*source), Rewriter{feed_queue_, samples_, MaxMessage()});
}

broker::Source& InteropBroker::InnerOf(broker::Source& source) {
  return dynamic_cast<InteropSource&>(source).Inner();
}

}  // namespace brood::interop
