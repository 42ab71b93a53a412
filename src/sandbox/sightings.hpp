#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sandbox/node_watch.hpp"

namespace brood::sandbox {

/// What a node's answers mean for the tasks that somebody waits for. Pure state, no I/O; not thread-safe.
/// A row in a list or view is believed; absence from a list proves nothing; a view's 404 counts only while the
/// node is sane, and only several in a row mean vanished.
class Sightings {
 public:
  explicit Sightings(const WatchSettings& settings) : settings_(settings) {}

  [[nodiscard]] Sighting Look(model::TaskId task, const std::string& marker, Time now);
  void Forget(model::TaskId task) { tasks_.erase(task); }
  /// Drops what nobody has asked about for settings.forget_after.
  void DropUnasked(Time now);

  /// When the oldest open task was last known to be open; none if there is no open task.
  [[nodiscard]] std::optional<Time> OpenAt() const;
  [[nodiscard]] std::size_t Size() const { return tasks_.size(); }

  /// A row of an answer to a request that was sent at `asked`. Rows nobody waits for are ignored.
  void Saw(const TaskRow& row, Time asked);
  /// Before a poll's lists: what is asked for from now on they may well miss.
  void BeginLists(Time now) { lists_began_ = now; }
  /// After a poll's lists: every open task that they did not show is one poll further out of sight.
  void EndLists();
  /// Some lists were due that the node did not give: what none has shown lately is not out of sight for that.
  void NodeWasAway();
  /// Open tasks out of sight for at least `polls` polls, longest first.
  [[nodiscard]] std::vector<model::TaskId> OutOfSight(int polls, std::size_t max) const;
  /// A view of a sane node brought 404 or an error of this task alone.
  void ViewFailed(model::TaskId task, const SandboxError& error);

  struct Recovered {
    model::TaskId task;
    std::string marker, owner;
  };
  /// Recovered tasks whose successor is still to be looked for. Without a marker there is no way to find it.
  [[nodiscard]] std::vector<Recovered> WithoutSuccessor(std::size_t max) const;
  /// The tasks that a search by marker brought (on a sane node).
  void SearchBrought(model::TaskId task, const std::vector<TaskRow>& rows);

 private:
  enum class Fate { kOpen, kEnded };
  struct Watched {
    Sighting known;
    std::string marker;
    Fate fate = Fate::kOpen;
    Time first_asked{}, asked{};                                       ///< first and last Look
    Time open_at{};                                                    ///< last known not to be completed
    enum class Since { kUnseen, kSeen } since_lists = Since::kUnseen;  ///< since the last EndLists
    int polls_unseen = 0;
    int not_found = 0, view_errors = 0, searches = 0;
  };

  static void Believe(Watched& watched, const TaskRow& row, Time asked);

  const WatchSettings settings_;
  Time lists_began_ = Time::max();
  std::unordered_map<model::TaskId, Watched> tasks_;
};

}  // namespace brood::sandbox
