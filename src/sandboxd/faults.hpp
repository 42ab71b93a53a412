#pragma once

#include <atomic>
#include <cstdint>
#include <set>
#include <string_view>

#include "sandboxd/sandboxd.hpp"
#include "sandboxd/task.hpp"

namespace brood::sandboxd {

enum class Fault {
  kFailed,
  kRecovered,
  kNoReport,
  kMissingFromLists,
  kServerError,
  kCutReport,
  kTruncatedReport,
  kSlow,
  kStalled,
  kNeverEnds,
  kLostAnswer,
};

/// Faults that the upload itself names: "fault=a+b" among its options or in its file name. Unknown words are
/// ignored.
[[nodiscard]] std::set<Fault> AskedFaults(const TaskRequest& request);

/// Says whom a fault strikes. A task's lot is its own (seed, fault, id): asking again gives the same. Requests
/// draw one after the other. Thread-safe.
class FaultDice {
 public:
  FaultDice(const Faults& faults, std::uint64_t seed) : faults_(faults), seed_(seed) {}

  /// By the task's lot, or because its upload asks for it.
  [[nodiscard]] bool Strikes(Fault fault, const Task& task) const;
  /// Whether the next request, or answer about `task`, is struck. Nothing that its upload asks for is left out.
  [[nodiscard]] bool StrikesNext(Fault fault, const Task* task = nullptr);

  [[nodiscard]] Millis SlowFor() const { return faults_.slow_for; }

 private:
  bool Asks(Fault fault, const Task& task) const;
  bool Draw(Fault fault, std::uint64_t number) const;

  const Faults faults_;
  const std::uint64_t seed_;
  std::atomic<std::uint64_t> draws_{0};
};

}  // namespace brood::sandboxd
