#include "feeds/overview.hpp"

#include <map>
#include <utility>

namespace brood::feeds {

store::Result<std::vector<ListState>> Overview(store::Lists& lists, std::span<const Source> configured) {
  const auto feeds = lists.Feeds();
  if (!feeds) return Unexpected(feeds.error());
  const auto notes = lists.FeedNotes();
  if (!notes) return Unexpected(notes.error());
  std::map<std::pair<std::string, std::string>, ListState> states;
  const auto state_of = [&](const std::string& category, const std::string& source) -> ListState& {
    ListState& state = states[{category, source}];
    state.category = category;
    state.source = source;
    return state;
  };
  for (const Source& source : configured) state_of(source.category, source.url).configured = true;
  for (const auto& feed : *feeds) state_of(feed.category, feed.source).entries = feed.entries.size();
  for (const auto& note : *notes) {
    const auto known = states.find({note.category, note.source});
    if (known == states.end()) continue;  // of a source that is configured no more, without entries
    ListState& state = known->second;
    state.looked = note.looked;
    state.fetched = note.fetched;
    state.skipped = note.skipped;
    state.trouble = note.trouble;
  }
  std::vector<ListState> all;
  for (auto& [key, state] : states) all.push_back(std::move(state));
  return all;
}

store::Result<void> Clear(store::Lists& lists, std::span<const ListState> states, Time now) {
  for (const ListState& state : states) {
    if (auto gone = lists.ReplaceFeed(state.category, {}, state.source); !gone) return gone;
    if (!state.configured) continue;
    store::Lists::FeedNote note;
    note.category = state.category;
    note.source = state.source;
    note.looked = now;
    if (auto noted = lists.NoteFeed(note); !noted) return noted;
  }
  return {};
}

}  // namespace brood::feeds
