#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/strong.hpp"
#include "broker/message.hpp"

namespace brood::stage {

/// A message's place in the order of arrival.
using Ticket = Strong<struct TicketTag, std::uint64_t>;

/// One message in hand.
struct Entry {
  Ticket ticket;
  broker::DeliveryId delivery;
  broker::Message message;  ///< empty while a batch has it
  std::size_t weight = 0;
  Time taken{};
  int tries = 0;                 ///< Retry in a row
  bool begun = false;            ///< was in Handle of this process and came back
  bool headers_changed = false;  ///< differs from what the broker holds
  std::string held_for;          ///< reason of the last Hold
  std::optional<Time> due;       ///< while it waits
};

/// Messages on their way to Handle, in order of arrival.
struct Batch {
  std::vector<Ticket> tickets;
  std::vector<broker::Message> messages;
};

/// The messages in hand: which are ready, which wait until when, which are away (in Handle or being settled).
/// First in, first out among those ready. Not thread-safe, keeps no time of its own.
///
/// A message that an earlier holder had and that this process has not been through yet is a suspect: it may
/// have killed that holder. It runs as a batch of one while nothing else runs.
class Hand {
 public:
  /// Gives each message a "first-seen" header where it has none.
  void Add(std::vector<broker::Delivery> deliveries, Time now);
  /// True if Pick would give something.
  [[nodiscard]] bool CanPick() const;
  /// Up to `max` ready messages in order, now away; CanPick() must be true.
  [[nodiscard]] Batch Pick(std::size_t max);
  /// The batch is out of Handle. Its messages stay away until Offer, Wait or Remove.
  void PutBack(Batch batch);

  [[nodiscard]] Entry& At(Ticket ticket) { return entries_.at(ticket); }
  void Offer(Ticket ticket);
  void WaitUntil(Ticket ticket, Time due);
  /// Keeps its bytes counted until Remove.
  [[nodiscard]] Entry& SendAway(Ticket ticket);
  void Remove(Ticket ticket);

  /// What is due becomes ready.
  void WakeDue(Time now);
  [[nodiscard]] std::optional<Time> NextDue() const;
  /// The oldest message that is not away.
  [[nodiscard]] const Entry* OldestIdle() const;
  /// All that are not away, in order.
  [[nodiscard]] std::vector<Ticket> Idle() const { return {idle_.begin(), idle_.end()}; }

  [[nodiscard]] std::size_t Size() const { return entries_.size(); }
  [[nodiscard]] std::size_t Ready() const { return ready_.size(); }
  [[nodiscard]] std::size_t Bytes() const { return bytes_; }
  [[nodiscard]] bool Working() const { return working_ > 0; }

 private:
  [[nodiscard]] bool IsSuspect(Ticket ticket) const;
  void LeaveIdle(Ticket ticket);

  std::map<Ticket, Entry> entries_;
  std::set<Ticket> ready_;
  std::set<std::pair<Time, Ticket>> waiting_;
  std::set<Ticket> idle_;  // ready or waiting
  std::uint64_t next_ = 0;
  std::size_t bytes_ = 0;
  std::size_t working_ = 0;  // batches in Handle
  bool suspect_works_ = false;
};

}  // namespace brood::stage
