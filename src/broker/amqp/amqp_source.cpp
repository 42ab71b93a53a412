// What the users of a source call.
#include "broker/amqp/amqp_source.hpp"

#include <algorithm>

#include "base/crash_point.hpp"
#include "broker/amqp/fits.hpp"

namespace brood::broker::amqp {
namespace {

constexpr Millis kLongestWait{24 * 3'600'000};

std::string NameOfConnection(const ConsumeOptions& options) {
  return "brood consuming " + options.queues.back();
}

Publisher::Messages MessagesOf(std::span<const Settlement> settlements) {
  Publisher::Messages messages;
  for (const Settlement& settlement : settlements) {
    for (const Outgoing& message : settlement.publish) messages.push_back(&message);
  }
  return messages;
}

}  // namespace

AmqpSource::AmqpSource(std::shared_ptr<Shared> shared, std::shared_ptr<Topology> topology,
                       std::shared_ptr<Publisher> publisher, ConsumeOptions options)
    : shared_(std::move(shared)),
      topology_(std::move(topology)),
      publisher_(std::move(publisher)),
      options_(std::move(options)),
      waiting_(options_.queues.size()),
      line_(shared_, NameOfConnection(options_), *this) {
  line_.Start();
}

AmqpSource::~AmqpSource() { line_.Stop(); }

std::vector<Delivery> AmqpSource::Take(std::size_t max, Millis wait) {
  const auto deadline = Steady::now() + std::min(wait, kLongestWait);
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stopped_) return {};
    std::vector<Delivery> taken = TakeWaiting(max);
    if (!taken.empty()) return taken;
    if (paused_ && held_.size() < options_.prefetch) {
      wanted_ = true;
      line_.Wake();
    }
    if (Steady::now() >= deadline) return {};
    changed_.wait_until(lock, deadline);
  }
}

std::vector<Delivery> AmqpSource::TakeWaiting(std::size_t max) {
  std::vector<Delivery> taken;
  for (auto& queue : waiting_) {
    while (!queue.empty() && taken.size() < max && held_.size() < options_.prefetch) {
      Waiting& next = queue.front();
      waiting_bytes_ -= WeightOf(next.message);
      const DeliveryId id(++last_id_);
      held_.emplace(id, next.tag);
      taken.push_back({id, std::move(next.message)});
      queue.pop_front();
    }
  }
  return taken;
}

Expected<void, BrokerError> AmqpSource::Settle(std::span<const Settlement> settlements) {
  for (const Settlement& settlement : settlements) {
    if (auto fits = CheckFits(settlement.publish, shared_->settings.max_message); !fits) return fits;
  }
  if (auto held = CheckHeld(settlements); !held) return held;
  if (auto published = publisher_->Publish(MessagesOf(settlements)); !published) return published;
  CrashPoint("broker.settle");
  if (break_in_settle_.exchange(false)) Break();
  if (auto held = CheckHeld(settlements); !held) return held;
  {
    const std::lock_guard lock(mutex_);
    for (const Settlement& settlement : settlements) {
      // Lost since it was looked at: acknowledged never, so it comes again.
      const auto found = held_.find(settlement.delivery);
      if (found == held_.end()) continue;
      acknowledge_.push_back(found->second);
      held_.erase(found);
    }
  }
  changed_.notify_all();
  line_.Wake();
  return {};
}

Expected<void, BrokerError> AmqpSource::CheckHeld(std::span<const Settlement> settlements) {
  BrokerError stale{Errc::kStale, "the connection was lost, the deliveries are no longer held here", {}};
  const std::lock_guard lock(mutex_);
  for (const Settlement& settlement : settlements) {
    if (!held_.contains(settlement.delivery)) stale.stale.push_back(settlement.delivery);
  }
  if (stale.stale.empty()) return {};
  return Unexpected(std::move(stale));
}

void AmqpSource::GiveBack(std::span<const DeliveryId> deliveries) {
  {
    const std::lock_guard lock(mutex_);
    for (const DeliveryId id : deliveries) {
      const auto found = held_.find(id);
      if (found == held_.end()) continue;
      requeue_.push_back(found->second);
      held_.erase(found);
    }
  }
  changed_.notify_all();
  line_.Wake();
}

void AmqpSource::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    ReturnWaiting();
  }
  changed_.notify_all();
  line_.Wake();
}

void AmqpSource::AwaitUp(Millis most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, most, [&] { return up_; });
}

void AmqpSource::Break() {
  std::unique_lock lock(mutex_);
  const std::uint64_t losses = losses_;
  flushed_.wait(lock, [&] { return acknowledge_.empty() && requeue_.empty() && !sending_; });
  line_.Sever();
  flushed_.wait(lock, [&] { return losses_ != losses; });
}

}  // namespace brood::broker::amqp
