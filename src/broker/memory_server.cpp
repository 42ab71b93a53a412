#include "broker/memory_server.hpp"

#include <utility>

namespace brood::broker {
namespace {

tl::unexpected<BrokerError> Unknown(const std::string& queue) {
  return Unexpected(BrokerError{Errc::kUnknownQueue, "there is no queue " + queue, {}});
}

}  // namespace

Expected<void, BrokerError> MemoryServer::Declare(const QueueShape& shape) {
  const std::lock_guard lock(mutex_);
  const auto& [name, queue] = *queues_.try_emplace(shape.name, Queue{shape, {}}).first;
  if (queue.shape == shape) return {};
  return Unexpected(BrokerError{Errc::kOtherShape, "the queue " + name + " has another shape", {}});
}

Expected<void, BrokerError> MemoryServer::Append(std::span<const Outgoing> messages) {
  if (messages.empty()) return {};
  if (!answer_) return answer_;
  for (const Outgoing& message : messages) {
    if (!queues_.contains(message.queue)) return Unknown(message.queue);
  }
  for (const Outgoing& message : messages) {
    queues_[message.queue].ready.push_back({message.queue, message.body, message.headers, false});
  }
  changed_.notify_all();
  return {};
}

Expected<void, BrokerError> MemoryServer::Publish(std::span<const Outgoing> messages) {
  const std::lock_guard lock(mutex_);
  return Append(messages);
}

Expected<std::uint64_t, BrokerError> MemoryServer::Ready(const std::string& queue) {
  const std::lock_guard lock(mutex_);
  const auto found = queues_.find(queue);
  if (found == queues_.end()) return Unknown(queue);
  return found->second.ready.size();
}

Expected<MemoryServer::Holder, BrokerError> MemoryServer::OpenHolder(const std::vector<std::string>& queues) {
  const std::lock_guard lock(mutex_);
  for (const std::string& queue : queues) {
    if (!queues_.contains(queue)) return Unknown(queue);
  }
  const Holder holder(++last_id_);
  hands_[holder];
  return holder;
}

std::vector<Delivery> MemoryServer::TakeReady(Hand& hand, const ConsumeOptions& options, std::size_t max) {
  std::vector<Delivery> taken;
  for (const std::string& name : options.queues) {
    auto& ready = queues_[name].ready;
    while (!ready.empty() && taken.size() < max && hand.held.size() < options.prefetch) {
      const DeliveryId id(++last_id_);
      taken.push_back({id, ready.front()});
      hand.held.emplace(id, std::move(ready.front()));
      ready.pop_front();
    }
  }
  return taken;
}

std::vector<Delivery> MemoryServer::Take(Holder holder, const ConsumeOptions& options, std::size_t max,
                                         Millis wait) {
  std::unique_lock lock(mutex_);
  Hand& hand = hands_[holder];
  std::vector<Delivery> taken;
  changed_.wait_for(lock, wait, [&] {
    if (!hand.stopped) taken = TakeReady(hand, options, max);
    return hand.stopped || !taken.empty();
  });
  return taken;
}

Expected<void, BrokerError> MemoryServer::Settle(Holder holder, std::span<const Settlement> settlements) {
  const std::lock_guard lock(mutex_);
  Hand& hand = hands_[holder];
  BrokerError stale{Errc::kStale, "deliveries are no longer held here", {}};
  std::vector<Outgoing> publish;
  for (const Settlement& settlement : settlements) {
    if (!hand.held.contains(settlement.delivery)) stale.stale.push_back(settlement.delivery);
    publish.insert(publish.end(), settlement.publish.begin(), settlement.publish.end());
  }
  if (!stale.stale.empty()) return Unexpected(std::move(stale));
  if (auto published = Append(publish); !published) return published;
  if (std::exchange(hand.interrupt_settle, false)) {
    ReturnAll(hand);
    return Unexpected(BrokerError{Errc::kUnavailable, "the connection was lost", {}});
  }
  for (const Settlement& settlement : settlements) hand.held.erase(settlement.delivery);
  changed_.notify_all();
  return {};
}

void MemoryServer::Return(Message message) {
  message.seen_before = true;
  queues_[message.queue].ready.push_back(std::move(message));
  changed_.notify_all();
}

void MemoryServer::ReturnAll(Hand& hand) {
  for (auto& [id, message] : hand.held) Return(std::move(message));
  hand.held.clear();
}

void MemoryServer::GiveBack(Holder holder, std::span<const DeliveryId> deliveries) {
  const std::lock_guard lock(mutex_);
  auto& held = hands_[holder].held;
  for (const DeliveryId id : deliveries) {
    if (auto found = held.extract(id)) Return(std::move(found.mapped()));
  }
}

void MemoryServer::Stop(Holder holder) {
  const std::lock_guard lock(mutex_);
  hands_[holder].stopped = true;
  changed_.notify_all();
}

void MemoryServer::Break(Holder holder) {
  const std::lock_guard lock(mutex_);
  ReturnAll(hands_[holder]);
}

void MemoryServer::Close(Holder holder) {
  const std::lock_guard lock(mutex_);
  ReturnAll(hands_[holder]);
  hands_.erase(holder);
}

void MemoryServer::AnswerPublishes(Expected<void, BrokerError> answer) {
  const std::lock_guard lock(mutex_);
  answer_ = std::move(answer);
}

void MemoryServer::InterruptNextSettle(Holder holder) {
  const std::lock_guard lock(mutex_);
  hands_[holder].interrupt_settle = true;
}

}  // namespace brood::broker
