#include "cli/process_tree.hpp"

#include <optional>
#include <unordered_map>

namespace brood::cli {
namespace {

using Index = std::size_t;
using Parents = std::vector<std::optional<Index>>;

/// By id; of several processes with one id the last that comes before the child, else the first.
Parents ClaimedParents(std::span<const model::SeenProcess> processes) {
  std::unordered_map<std::int64_t, std::vector<Index>> by_id;
  for (Index i = 0; i < processes.size(); ++i) {
    if (processes[i].id) by_id[*processes[i].id].push_back(i);
  }
  Parents parents(processes.size());
  for (Index i = 0; i < processes.size(); ++i) {
    const auto found = processes[i].parent ? by_id.find(*processes[i].parent) : by_id.end();
    if (found == by_id.end()) continue;
    parents[i] = found->second.front();
    for (const Index candidate : found->second) {
      if (candidate < i) parents[i] = candidate;
    }
  }
  return parents;
}

/// Processes that claim to descend from each other would stand nowhere: the first of each circle is a root.
void OpenCircles(Parents& parents) {
  std::vector<Index> seen_from(parents.size(), parents.size());
  for (Index i = 0; i < parents.size(); ++i) {
    std::optional<Index> at = i;
    while (at && seen_from[*at] == parents.size()) {
      seen_from[*at] = i;
      at = parents[*at];
    }
    if (at && seen_from[*at] == i) parents[*at].reset();
  }
}

}  // namespace

std::vector<TreeLine> ProcessTree(std::span<const model::SeenProcess> processes) {
  Parents parents = ClaimedParents(processes);
  OpenCircles(parents);
  std::vector<std::vector<Index>> children(processes.size());
  std::vector<TreeLine> waiting, lines;
  for (Index i = processes.size(); i-- > 0;) {
    if (parents[i])
      children[*parents[i]].push_back(i);
    else
      waiting.push_back({i, 0});
  }
  while (!waiting.empty()) {
    const TreeLine line = waiting.back();
    waiting.pop_back();
    lines.push_back(line);
    for (const Index child : children[line.process]) waiting.push_back({child, line.depth + 1});
  }
  return lines;
}

}  // namespace brood::cli
