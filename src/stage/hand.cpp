#include "stage/hand.hpp"

#include "stage/headers.hpp"

namespace brood::stage {

void Hand::Add(std::vector<broker::Delivery> deliveries, Time now) {
  for (auto& delivery : deliveries) {
    const Ticket ticket{next_++};
    Entry entry{
        .ticket = ticket, .delivery = delivery.id, .message = std::move(delivery.message), .taken = now};
    entry.weight = broker::WeightOf(entry.message);
    entry.tries = TakeTries(entry.message.headers);
    entry.message.headers.try_emplace(kFirstSeen, std::to_string(ToMillis(now)));
    bytes_ += entry.weight;
    entries_.emplace(ticket, std::move(entry));
    Offer(ticket);
  }
}

bool Hand::IsSuspect(Ticket ticket) const {
  const Entry& entry = entries_.at(ticket);
  return entry.message.seen_before && !entry.begun;
}

bool Hand::CanPick() const {
  if (ready_.empty() || suspect_works_) return false;
  return working_ == 0 || !IsSuspect(*ready_.begin());
}

Batch Hand::Pick(std::size_t max) {
  Batch batch;
  suspect_works_ = IsSuspect(*ready_.begin());
  const std::size_t limit = suspect_works_ ? 1 : max;
  do {
    const Ticket ticket = *ready_.begin();
    LeaveIdle(ticket);
    batch.tickets.push_back(ticket);
    batch.messages.push_back(std::move(entries_.at(ticket).message));
  } while (batch.tickets.size() < limit && !ready_.empty() && !IsSuspect(*ready_.begin()));
  ++working_;
  return batch;
}

void Hand::PutBack(Batch batch) {
  --working_;
  suspect_works_ = false;
  for (std::size_t i = 0; i < batch.tickets.size(); ++i) {
    Entry& entry = entries_.at(batch.tickets[i]);
    entry.message = std::move(batch.messages[i]);
    entry.begun = true;
  }
}

void Hand::Offer(Ticket ticket) {
  LeaveIdle(ticket);
  ready_.insert(ticket);
  idle_.insert(ticket);
}

void Hand::WaitUntil(Ticket ticket, Time due) {
  LeaveIdle(ticket);
  waiting_.emplace(due, ticket);
  entries_.at(ticket).due = due;
  idle_.insert(ticket);
}

Entry& Hand::SendAway(Ticket ticket) {
  LeaveIdle(ticket);
  return entries_.at(ticket);
}

void Hand::Remove(Ticket ticket) {
  LeaveIdle(ticket);
  const auto found = entries_.find(ticket);
  bytes_ -= found->second.weight;
  entries_.erase(found);
}

void Hand::LeaveIdle(Ticket ticket) {
  idle_.erase(ticket);
  ready_.erase(ticket);
  std::optional<Time>& due = entries_.at(ticket).due;
  if (!due) return;
  waiting_.erase({*due, ticket});
  due.reset();
}

void Hand::WakeDue(Time now) {
  while (!waiting_.empty() && waiting_.begin()->first <= now) Offer(waiting_.begin()->second);
}

std::optional<Time> Hand::NextDue() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.begin()->first;
}

const Entry* Hand::OldestIdle() const { return idle_.empty() ? nullptr : &entries_.at(*idle_.begin()); }

}  // namespace brood::stage
