#include "stage/testing/fake_source.hpp"

#include <algorithm>

namespace brood::stage::testing {
namespace {

using broker::BrokerError;
using broker::Errc;

BrokerError Unknown(const std::string& queue) { return {Errc::kUnknownQueue, "no queue " + queue}; }

}  // namespace

void FakeSource::Put(broker::Message message) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(message));
  come_.notify_all();
}

void FakeSource::FailNext(Errc code, int times) {
  const std::lock_guard lock(mutex_);
  failures_.insert(failures_.end(), static_cast<std::size_t>(times), code);
}

void FakeSource::RefuseIf(std::function<std::optional<Errc>(const broker::Settlement&)> refuse) {
  const std::lock_guard lock(mutex_);
  refuse_ = std::move(refuse);
}

std::vector<broker::Delivery> FakeSource::Take(std::size_t max, Millis wait) {
  std::unique_lock lock(mutex_);
  come_.wait_for(lock, wait, [this] { return stopped_ || !waiting_.empty(); });
  std::vector<broker::Delivery> taken;
  while (!stopped_ && taken.size() < max && !waiting_.empty()) {
    taken.push_back({broker::DeliveryId{next_++}, std::move(waiting_.front())});
    in_hand_.emplace(taken.back().id, taken.back().message);
    waiting_.pop_front();
  }
  most_in_hand_ = std::max(most_in_hand_, in_hand_.size());
  return taken;
}

std::optional<BrokerError> FakeSource::Trouble(std::span<const broker::Settlement> settlements) {
  if (!failures_.empty()) {
    const Errc code = failures_.front();
    failures_.pop_front();
    return BrokerError{code, "as told"};
  }
  BrokerError stale{Errc::kStale, "no longer here"};
  for (const auto& settlement : settlements) {
    if (!in_hand_.contains(settlement.delivery)) stale.stale.push_back(settlement.delivery);
    if (!refuse_) continue;
    if (const auto code = refuse_(settlement)) return BrokerError{*code, "as told"};
  }
  if (stale.stale.empty()) return std::nullopt;
  return stale;
}

Expected<void, BrokerError> FakeSource::Settle(std::span<const broker::Settlement> settlements) {
  const std::lock_guard lock(mutex_);
  settle_sizes_.push_back(settlements.size());
  if (auto trouble = Trouble(settlements)) return Unexpected(std::move(*trouble));
  for (const auto& settlement : settlements) {
    published_.insert(published_.end(), settlement.publish.begin(), settlement.publish.end());
    const auto found = in_hand_.find(settlement.delivery);
    acknowledged_.push_back(found->second.body);
    in_hand_.erase(found);
  }
  return {};
}

void FakeSource::GiveBack(std::span<const broker::DeliveryId> deliveries) {
  const std::lock_guard lock(mutex_);
  for (const auto& delivery : deliveries) {
    const auto found = in_hand_.find(delivery);
    if (found == in_hand_.end()) continue;
    given_back_.push_back(found->second.body);
    in_hand_.erase(found);
  }
}

void FakeSource::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  come_.notify_all();
}

std::vector<broker::Outgoing> FakeSource::Published() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

std::vector<std::string> FakeSource::Bodies(std::string_view queue) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> bodies;
  for (const auto& outgoing : published_) {
    if (outgoing.queue == queue) bodies.push_back(outgoing.body);
  }
  return bodies;
}

std::vector<std::string> FakeSource::Acknowledged() const {
  const std::lock_guard lock(mutex_);
  return acknowledged_;
}

std::vector<std::string> FakeSource::GivenBack() const {
  const std::lock_guard lock(mutex_);
  return given_back_;
}

std::vector<std::size_t> FakeSource::SettleSizes() const {
  const std::lock_guard lock(mutex_);
  return settle_sizes_;
}

std::size_t FakeSource::InHand() const {
  const std::lock_guard lock(mutex_);
  return in_hand_.size();
}

std::size_t FakeSource::MostInHand() const {
  const std::lock_guard lock(mutex_);
  return most_in_hand_;
}

Expected<std::uint64_t, BrokerError> LimitOnlyBroker::Ready(const std::string& queue) {
  return Unexpected(Unknown(queue));
}

Expected<void, BrokerError> LimitOnlyBroker::DoDeclare(const broker::QueueShape& queue) {
  return Unexpected(Unknown(queue.name));
}

Expected<void, BrokerError> LimitOnlyBroker::DoPublish(std::span<const broker::Outgoing> messages) {
  return Unexpected(Unknown(messages.empty() ? "" : messages.front().queue));
}

Expected<std::unique_ptr<broker::Source>, BrokerError> LimitOnlyBroker::DoConsume(
    const broker::ConsumeOptions& options) {
  return Unexpected(Unknown(options.queues.empty() ? "" : options.queues.front()));
}

}  // namespace brood::stage::testing
