#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "broker/broker.hpp"
#include "stage/failure_record.hpp"
#include "stage/hand.hpp"

namespace brood::stage {

/// A message that waits to be settled.
struct Job {
  enum class State {
    kOpen,     ///< to be tried as soon as possible
    kLater,    ///< did not work, may work later
    kSettled,  ///< over
    kStale,    ///< over: somebody else has it or will get it
  };

  Ticket ticket;
  broker::DeliveryId delivery;
  broker::Message message;
  std::vector<broker::Outgoing> publish;
  std::optional<Error> failure;  ///< given up: `publish` becomes the failure record
  bool renewal = false;
  bool body_is_too_large = false;  ///< the broker refused the failure record: the body stays out of it

  State state = State::kOpen;
  int failures = 0;  ///< kLater in a row
  Time due{};        ///< not before
};

/// Settles jobs on one source. No thread of its own; several may settle different jobs at once.
class Settler {
 public:
  Settler(std::string stage, broker::Source& source, std::size_t max_message, FailureRecorder recorder);

  /// Gives every job its state: one Settle for all if it goes well, else smaller groups until it is known which
  /// job is at fault. A job whose publish is refused becomes a failure and stays open; where
  /// there is no failed queue it is later. Throws nothing: what a
  /// backend throws makes it later. False if the source is away, so that no job can be settled now.
  bool Settle(std::span<Job> jobs) const;

 private:
  [[nodiscard]] bool MakeRecord(Job& job) const;
  [[nodiscard]] bool SettleGroup(std::span<Job*> jobs) const;
  [[nodiscard]] bool SettleWithout(const broker::BrokerError& stale, std::span<Job*> jobs) const;
  [[nodiscard]] Expected<void, broker::BrokerError> Call(std::span<Job*> jobs) const;
  void Refuse(Job& job, const broker::BrokerError& error) const;

  std::string stage_;
  broker::Source& source_;
  std::size_t max_message_;
  FailureRecorder recorder_;
  std::string crash_before_, crash_after_;
};

}  // namespace brood::stage
