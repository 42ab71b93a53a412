#include "sandbox/sightings.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace brood::sandbox {
namespace {

/// An error of one view may be the node's own for a moment: it takes so many times more of them than of 404s.
constexpr int kErrorsPerNotFound = 3;

bool NotCompleted(TaskState state) { return state == TaskState::kPending || state == TaskState::kRunning; }

bool Ended(TaskState state) { return state == TaskState::kReported || IsFailed(state); }

bool IsForeign(const Sighting& known, const std::string& marker) {
  return known.kind == Sighting::Kind::kSeen && !marker.empty() && !known.row.custom.ends_with(marker);
}

}  // namespace

Sighting Sightings::Look(model::TaskId task, const std::string& marker, Time now) {
  const auto [at, is_new] = tasks_.try_emplace(task);
  Watched& watched = at->second;
  if (is_new) watched.open_at = watched.first_asked = now;
  watched.asked = now;
  watched.marker = marker;
  Sighting told = watched.known;
  if (IsForeign(told, marker)) {
    told.kind = Sighting::Kind::kForeign;
  } else if (told.row.state == TaskState::kRecovered && watched.fate == Fate::kOpen) {
    told.kind = Sighting::Kind::kUnknown;
  }
  return told;
}

void Sightings::DropUnasked(Time now) {
  std::erase_if(tasks_, [&](const auto& entry) { return now - entry.second.asked > settings_.forget_after; });
}

std::optional<Time> Sightings::OpenAt() const {
  std::optional<Time> oldest;
  for (const auto& [task, watched] : tasks_) {
    if (watched.fate == Fate::kOpen) oldest = std::min(oldest.value_or(watched.open_at), watched.open_at);
  }
  return oldest;
}

void Sightings::Believe(Watched& watched, const TaskRow& row, Time asked) {
  watched.known.kind = Sighting::Kind::kSeen;
  watched.known.row = row;
  watched.known.seen_at = asked;
  watched.known.trouble.clear();
  if (row.state == TaskState::kRunning && !watched.known.running_since) watched.known.running_since = asked;
  if (NotCompleted(row.state)) watched.open_at = std::max(watched.open_at, asked);
  const bool lost = row.state == TaskState::kRecovered && watched.marker.empty();
  watched.fate = lost || Ended(row.state) ? Fate::kEnded : Fate::kOpen;
  watched.since_lists = Watched::Since::kSeen;
  watched.polls_unseen = watched.not_found = watched.view_errors = 0;
}

void Sightings::Saw(const TaskRow& row, Time asked) {
  const auto found = tasks_.find(row.id);
  if (found == tasks_.end()) return;
  Watched& watched = found->second;
  const bool searched = watched.fate == Fate::kEnded && watched.known.row.state == TaskState::kRecovered;
  if (searched && row.state == TaskState::kRecovered) return;
  Believe(watched, row, asked);
}

void Sightings::EndLists() {
  for (auto& [task, watched] : tasks_) {
    const auto since = std::exchange(watched.since_lists, Watched::Since::kUnseen);
    if (since == Watched::Since::kUnseen && watched.first_asked <= lists_began_) ++watched.polls_unseen;
  }
}

void Sightings::NodeWasAway() {
  for (auto& [task, watched] : tasks_) watched.polls_unseen = 0;
}

std::vector<model::TaskId> Sightings::OutOfSight(int polls, std::size_t max) const {
  std::vector<std::pair<int, model::TaskId>> candidates;
  for (const auto& [task, watched] : tasks_) {
    if (watched.fate == Fate::kOpen && watched.polls_unseen >= polls) {
      candidates.emplace_back(-watched.polls_unseen, task);
    }
  }
  const std::size_t count = std::min(max, candidates.size());
  const auto middle = candidates.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(candidates.begin(), middle, candidates.end());
  std::vector<model::TaskId> tasks;
  std::transform(candidates.begin(), middle, std::back_inserter(tasks),
                 [](const auto& candidate) { return candidate.second; });
  return tasks;
}

void Sightings::ViewFailed(model::TaskId task, const SandboxError& error) {
  const auto found = tasks_.find(task);
  if (found == tasks_.end()) return;
  Watched& watched = found->second;
  watched.known.trouble = error.what;
  ++(error.code == Errc::kNotFound ? watched.not_found : watched.view_errors);
  const bool gone = watched.not_found >= settings_.vanished_after_views ||
                    watched.view_errors >= settings_.vanished_after_views * kErrorsPerNotFound;
  if (!gone) return;
  watched.known.kind = Sighting::Kind::kVanished;
  watched.fate = Fate::kEnded;
}

std::vector<Sightings::Recovered> Sightings::WithoutSuccessor(std::size_t max) const {
  std::vector<Recovered> recovered;
  for (const auto& [task, watched] : tasks_) {
    if (recovered.size() == max) break;
    if (watched.fate != Fate::kOpen || watched.known.row.state != TaskState::kRecovered) continue;
    if (IsForeign(watched.known, watched.marker)) continue;
    recovered.push_back({task, watched.marker, watched.known.row.owner});
  }
  return recovered;
}

void Sightings::SearchBrought(model::TaskId task, const std::vector<TaskRow>& rows) {
  const auto found = tasks_.find(task);
  if (found == tasks_.end()) return;
  Watched& watched = found->second;
  ++watched.searches;
  for (const TaskRow& row : rows) {
    if (row.id > task) watched.known.successor = std::max(watched.known.successor.value_or(row.id), row.id);
  }
  const bool given_up = watched.searches >= settings_.vanished_after_views;
  if (watched.known.successor || given_up) watched.fate = Fate::kEnded;
}

}  // namespace brood::sandbox
