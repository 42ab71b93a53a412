#include "retrohunt/ledger.hpp"

#include <algorithm>
#include <functional>

namespace brood::retrohunt {

Ledger::Content Ledger::ContentOf(double score, std::string_view reasons) {
  return {score, std::hash<std::string_view>()(reasons)};
}

void Ledger::Stand(const store::BlacklistEntry& entry) {
  const bool by_rule = entry.origin == store::Origin::kRule;
  const bool ours = by_rule && entry.last_change < started_;
  standing_.push_back({KeyOf(entry.type, entry.value), ContentOf(entry.score, entry.reasons), ours});
  if (ours) ++removable_[entry.type];
  if (!by_rule) ++of_people_;
}

void Ledger::Seal() {
  const auto by_key = [](const Standing& standing) { return standing.key; };
  std::ranges::stable_sort(standing_, {}, by_key);
  // What changes while one pages may come twice.
  const auto same = [](const Standing& a, const Standing& b) { return a.key == b.key; };
  standing_.erase(std::unique(standing_.begin(), standing_.end(), same), standing_.end());
  standing_.shrink_to_fit();
  states_.resize(standing_.size());
}

std::size_t Ledger::Find(const ValueKey& key) const {
  const auto found = std::ranges::lower_bound(standing_, key, {}, &Standing::key);
  const bool there = found != standing_.end() && found->key == key;
  return there ? static_cast<std::size_t>(found - standing_.begin()) : standing_.size();
}

bool Ledger::HasRemovable(std::string_view type) const { return removable_.contains(type); }

bool Ledger::Removable(const ValueKey& key) const {
  const std::size_t at = Find(key);
  return at < standing_.size() && standing_[at].ours;
}

Ledger::Told Ledger::Improve(State& state, const Content& content) {
  if (state.has_best && content <= state.best) return Told::kNothing;
  state.best = content;
  state.has_best = true;
  return Told::kBest;
}

Ledger::Told Ledger::Lists(const ValueKey& key, const store::BlacklistEntry& entry) {
  const Content content = ContentOf(entry.score, entry.reasons);
  const std::size_t at = Find(key);
  if (at == standing_.size()) return Improve(new_[key], content);
  if (!standing_[at].ours) return Told::kNothing;
  State& state = states_[at];
  if (state.same) return Told::kNothing;
  state.reached = true;
  state.same = content == standing_[at].content;
  return state.same ? Told::kSame : Improve(state, content);
}

bool Ledger::Spares(const ValueKey& key) {
  const std::size_t at = Find(key);
  if (at == standing_.size() || !standing_[at].ours || states_[at].spared) return false;
  return states_[at].spared = true;
}

void Ledger::RecallSame(const ValueKey& key) {
  const std::size_t at = Find(key);
  if (at < standing_.size() && standing_[at].ours) states_[at].reached = states_[at].same = true;
}

Ledger::Fate Ledger::Of(const ValueKey& key) const {
  const std::size_t at = Find(key);
  if (at == standing_.size()) return new_.contains(key) ? Fate::kAdd : Fate::kLeft;
  const State& state = states_[at];
  if (!standing_[at].ours || state.same) return Fate::kLeft;
  if (state.reached) return Fate::kChange;
  return state.spared ? Fate::kRemove : Fate::kNoReport;
}

bool Ledger::IsBest(const ValueKey& key, double score, std::string_view reasons) const {
  const std::size_t at = Find(key);
  const auto found = new_.find(key);
  const State* state = at < standing_.size() ? &states_[at] : found != new_.end() ? &found->second : nullptr;
  return state != nullptr && state->has_best && state->best == ContentOf(score, reasons);
}

std::size_t Ledger::Unchanged() const {
  return static_cast<std::size_t>(std::ranges::count_if(states_, &State::same));
}

}  // namespace brood::retrohunt
