#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "model/messages.hpp"
#include "sandbox/node_watch.hpp"
#include "stage/stage.hpp"

namespace brood::stages::check_results {

/// How long a task may take. Waiting in `pending` is not counted unless max_pending is set.
struct Patience {
  Millis max_wait{600'000};         ///< on top of the task's own time-out, after it was first seen running
  Millis default_timeout{120'000};  ///< the node's, for a task that was given none
  Millis max_pending{0};            ///< 0 = for ever
  Millis dead_after{1'800'000};     ///< a node out of reach for so long has lost its tasks
  Millis look_every{1'000};         ///< how often a held message is looked at again
};

/// What the message has lived through, carried in its headers.
struct History {
  std::optional<Time> first_seen;  ///< when its task was fed, or else when the submission came
  std::optional<Time> first_running;
  /// An earlier holder had it and died with what it remembered: the task may have been running for long.
  enum class Holder { kFirst, kLater } holder = Holder::kFirst;
};

/// Headers of a message of this stage: ms since 1970.
inline constexpr const char* kFirstRunning = "first-running";
inline constexpr const char* kRescheduled = "rescheduled";  ///< when the task in the message took over

[[nodiscard]] History HistoryOf(const broker::Message& message, Time fed_at);

enum class Next { kWait, kReported, kLost, kGoesOnAs };

/// What becomes of a task, and why. `first_running` is set when it is newly known, `successor` with kGoesOnAs.
struct Judgement {
  Next next = Next::kWait;
  std::string why;
  std::optional<Time> first_running;
  model::TaskId successor;
};

/// Pure: the same sighting, health and history give the same judgement. A failed, vanished, foreign or overdue
/// task is lost with its reason; everything uncertain waits.
[[nodiscard]] Judgement Judge(const sandbox::Sighting& sighting, const sandbox::NodeWatch::Health& node,
                              const History& history, std::int64_t timeout_s, const Patience& patience,
                              Time now);

}  // namespace brood::stages::check_results
