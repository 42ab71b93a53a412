#include "stage/headers.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace brood::stage {

void CarryAlong(const broker::Headers& from, broker::Headers& to) {
  for (const char* key : {kFirstSeen, kTrace}) {
    const auto found = from.find(key);
    if (found != from.end()) to.try_emplace(key, found->second);
  }
}

bool Merge(const broker::Headers& changes, broker::Headers& into) {
  bool changed = false;
  for (const auto& [key, value] : changes) {
    std::string& old = into[key];
    changed = changed || old != value;
    old = value;
  }
  return changed;
}

int TakeTries(broker::Headers& headers) {
  const auto found = headers.find(kTries);
  if (found == headers.end()) return 0;
  const auto tries = ParseInt(found->second);
  headers.erase(found);
  return tries ? static_cast<int>(std::clamp<std::int64_t>(*tries, 0, 1'000'000)) : 0;
}

}  // namespace brood::stage
