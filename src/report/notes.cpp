#include "report/notes.hpp"

#include <algorithm>
#include <string>

namespace brood::report {

void Notes::Add(std::string_view path, std::string_view what, std::int64_t times) {
  const auto same = [&](const Entry& entry) { return entry.path == path && entry.what == what; };
  const auto found = std::find_if(entries_.begin(), entries_.end(), same);
  if (found == entries_.end())
    entries_.push_back({path, what, times});
  else
    found->times += times;
}

std::vector<model::ParseNote> Notes::Take() {
  std::vector<model::ParseNote> taken;
  taken.reserve(entries_.size());
  for (const Entry& entry : entries_)
    taken.push_back({std::string(entry.path), std::string(entry.what), entry.times});
  entries_.clear();
  return taken;
}

}  // namespace brood::report
