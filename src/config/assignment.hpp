#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/value.hpp"

namespace brood::config {

enum class Origin { kDefault, kFile, kEnvironment, kOverride };
[[nodiscard]] std::string_view Name(Origin origin);  ///< "default", "file", "environment", "override"

/// Where a value came from. `source` is the file's name, the variable's name or the option; `line` 0 is none.
struct Place {
  Origin origin = Origin::kDefault;
  std::string source;
  int line = 0;
};

/// One key set by one source. Every front end (TOML, environment, overrides, other formats) ends in a list of
/// these, and Apply alone writes them into the settings. `key` is "section.key" or "section.list[2].key".
struct Assignment {
  std::string key;
  Value value;
  Place place;
};
using Assignments = std::vector<Assignment>;

/// "node[2]"
[[nodiscard]] std::string ElementKey(const std::string& list, std::size_t index);

}  // namespace brood::config
