#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sandbox/node_watch.hpp"

namespace brood::sandbox {

/// What decides which lists a poll asks for.
struct PollSituation {
  std::uint64_t number = 1;     ///< of the poll, from 1
  std::optional<Time> open_at;  ///< when the oldest open task was last known to be open; none: nobody waits
  Time now{};
  std::optional<Millis> node_clock_ahead;  ///< the node's clock less ours
  enum class Lists { kUsable, kUnusable } lists = Lists::kUsable;
};

/// The lists of one poll, the same few whatever the number waiting, in the order in which a task goes through
/// its states: one that moves on meanwhile is seen in the next.
///
/// * nobody waits: none;
/// * each poll: running (its rows are open: they move the window on), then reported since the window's start;
/// * now and then: pending and completed (so that a long queue and slow processing need no views), and the
///   states that end badly, whole, because completed_after never shows rows without completed_on;
/// * where lists are unusable: all of them, but only now and then, to see whether they have recovered.
///
/// The window starts when the oldest open task was last known to be open, because completed_on is set when the
/// machine is done, long before the state becomes reported.
[[nodiscard]] std::vector<ListQuery> PlanLists(const PollSituation& situation, const WatchSettings& settings);

/// completed_after for the reported list: whole epoch seconds of the node's clock, a second early because the
/// comparison is strict.
[[nodiscard]] std::int64_t WindowStart(const PollSituation& situation, const WatchSettings& settings);

}  // namespace brood::sandbox
