#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "feeds/settings.hpp"
#include "store/lists.hpp"

namespace brood::feeds {

/// One third-party list as people see it.
struct ListState {
  std::string category, source;
  bool configured = false;   ///< it is updated; else it only stands there
  std::size_t entries = 0;   ///< in force
  Time looked{}, fetched{};  ///< as in store::Lists::FeedNote
  std::int64_t skipped = 0;
  std::string trouble;
};

/// What is configured and what is in force, in order of category and source.
[[nodiscard]] store::Result<std::vector<ListState>> Overview(store::Lists& lists,
                                                             std::span<const Source> configured);

/// Takes the entries of these out of force. One that is configured comes back with its next regular update, no
/// sooner.
[[nodiscard]] store::Result<void> Clear(store::Lists& lists, std::span<const ListState> states, Time now);

}  // namespace brood::feeds
