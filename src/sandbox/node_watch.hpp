#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "metrics/registry.hpp"
#include "sandbox/sandbox.hpp"

namespace brood::sandbox {

/// The defaults suit a Cuckoo. For the sandbox that ships, at a thousand tasks a second: `every` 1 s and
/// `window_margin` 0, so that each finished task is listed two or three times.
struct WatchSettings {
  Millis every{5'000};            ///< between two polls of one node: WaitBetweenRequests
  Millis stalled_after{600'000};  ///< pending > 0 with nothing running for so long marks the node stalled
  int views_after_polls = 3;      ///< a task that no list has shown for so many polls is asked for by itself
  int vanished_after_views = 3;   ///< 404s from a node of sane status before a task counts as vanished
  std::size_t views_per_poll = 20;
  int failed_lists_every = 4;  ///< polls between two looks at the failed states
  Millis status_every{2'000};  ///< age at which a poll asks for the node's status again
  /// The reported list is asked for what completed since the oldest open task was last known to be open, less
  /// this margin, but never for more than max_window. What lies further back is found by view.
  Millis window_margin{2'000};
  Millis max_window{600'000};
  std::size_t page_rows = 1'000;  ///< 2.x lists are read in pages of so many rows and one a task waited for,
  std::size_t max_pages = 50;     ///< at most so many of one list in one poll
  Millis forget_after{900'000};   ///< a task that nobody has asked about for so long is dropped
  Millis slowest{60'000};         ///< polls of an unreachable node slow down to this
};

/// What the watch knows of one task.
struct Sighting {
  enum class Kind {
    kUnknown,   ///< not seen yet, which proves nothing
    kSeen,      ///< `row` is what the node last said
    kVanished,  ///< asked for several times while the node was sane: it is not there, or cannot be read
    kForeign,   ///< the id now belongs to another submission (its marker is not ours)
  } kind = Kind::kUnknown;
  TaskRow row;
  Time seen_at{};
  std::string trouble;                ///< what the node last said of this task instead of a row; "" if nothing
  std::optional<Time> running_since;  ///< when this watch first saw it running
  /// Of a recovered task: the id that carries on with the same marker. A recovered task is told as seen only
  /// when its successor was found or several searches found none (then this is empty: the task is lost).
  std::optional<model::TaskId> successor;
};

/// Polls one node by a fixed number of list requests per interval, whatever the number waiting, on a thread of
/// its own, and answers about tasks from memory. Where the lists prove unusable (1.2 answers always empty),
/// `view` per task at a bounded rate takes over, and it is said once in the log. Thread-safe.
class NodeWatch {
 public:
  NodeWatch(std::shared_ptr<Node> node, WatchSettings settings, metrics::Registry& metrics, Clock& clock);
  ~NodeWatch();

  /// What is known of a task with this marker ("" = any). Asking also tells the watch that somebody waits for
  /// it: what nobody asks for is not remembered.
  [[nodiscard]] Sighting Look(model::TaskId task, const std::string& marker);
  /// Nobody waits for it any more.
  void Forget(model::TaskId task);

  /// The node as last seen: reachable, stalled, since when.
  struct Health {
    bool reachable = true;
    bool stalled = false;
    Time since{};
    std::string trouble;
  };
  [[nodiscard]] Health NodeHealth() const;

  /// One poll now, on the caller's thread. For tests.
  void PollOnce();
  void Start();  ///< at most once
  void Stop();   ///< ends a poll in hand; twice is harmless

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brood::sandbox
