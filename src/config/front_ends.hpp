#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/assignment.hpp"
#include "config/load.hpp"
#include "config/problem.hpp"
#include "config/section.hpp"

/// Each front end turns one kind of source into assignments; it knows nothing of bounds or types of rows.
namespace brood::config {

/// In the order of lines; a syntax error (with line and column, without quoting a value) ends the reading and
/// gives no assignments. Arrays of tables become "list[0].key"; each table also gives a TableMark.
[[nodiscard]] Assignments ReadToml(std::string_view toml, std::string_view file, Problems& problems);

/// BROOD_FEED_CUCKOO_MAX_PENDING, BROOD_SANDBOX_NODE_0_URL. A variable of a known section with an unknown key
/// is a problem; BROOD_ variables of no section belong to someone else.
[[nodiscard]] Assignments ReadEnvironment(const Pairs& environment, std::span<const Section> sections,
                                          Problems& problems);

[[nodiscard]] Assignments ReadOverrides(const Pairs& overrides);

/// "BROOD_FEED_CUCKOO_MAX_PENDING" for ("feed_cuckoo", "max_pending").
[[nodiscard]] std::string VariableName(std::string_view section, std::string_view key);

/// One key of another program's settings file, and what it sets of ours.
struct OriginalKey {
  std::string name;
  std::vector<std::string>
      ours;  ///< "section.key", "section.list[0].key"; empty: understood, says nothing to us
  Value (*as)(Value) = nullptr;  ///< its value in our words, where that is another
};

/// A flat JSON object of another program. Keys are matched without regard to case, as Go does; an unknown one
/// is a warning. Problems tell the original's key beside ours.
[[nodiscard]] Assignments ReadOriginalJson(std::string_view json, std::string_view file,
                                           std::span<const OriginalKey> keys, Problems& problems,
                                           Problems& warnings);

/// Writes the assignments in their order, later ones over earlier ones, then looks at every section's rules.
[[nodiscard]] Problems Apply(const Assignments& assignments, std::span<Section> sections);

}  // namespace brood::config
