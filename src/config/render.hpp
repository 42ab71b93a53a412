#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/section.hpp"

namespace brood::config {

/// The commented brood.toml: every section, every key commented out ("#key = default") below its sentence, unit
/// and bounds, in the order of the rows, lists of tables last. Taking the "#" off any key leaves a file that
/// loads.
[[nodiscard]] std::string RenderDefaults(std::span<const Section> sections);

/// The values in force as TOML, each with where it came from (default, file:line, variable, option); secrets
/// and passwords as [secret].
[[nodiscard]] std::string RenderCurrent(std::span<const Section> sections);

/// One row as the command line shows it.
struct HelpRow {
  std::string key;         ///< "feed_cuckoo.max_pending"
  std::string flag;        ///< "--max-pending", for the section's own command
  std::string variable;    ///< "BROOD_FEED_CUCKOO_MAX_PENDING"
  std::string value_name;  ///< "N", "DURATION", …
  std::string sentence;
  std::string constraint;    ///< "1 to 100000 tasks", may be empty
  std::string default_text;  ///< as TOML
};
/// Rows that are one value; lists of tables are set in the file.
[[nodiscard]] std::vector<HelpRow> HelpRows(const Section& section);

/// HelpRows as text for --help, two lines a row.
[[nodiscard]] std::string RenderHelp(const Section& section);

}  // namespace brood::config
