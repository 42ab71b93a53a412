#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/problem.hpp"

namespace brood::config {

/// One option of an INI file, as it stands there.
struct IniOption {
  std::string section;
  std::string key;  ///< in lower case
  std::string value;
  int line = 0;
};

/// The options of an INI file in their order, read as Python 2's RawConfigParser does: "key = value" or
/// "key: value" below a "[section]"; '#' and ';' begin a comment line, " ;" ends a value; keys are of no case,
/// sections are. A line that none can read is a problem, and the rest is read on; so is one that begins with a
/// blank, which Python would take as more of the value above.
[[nodiscard]] std::vector<IniOption> ReadIni(std::string_view text, std::string_view file, Problems& problems);

}  // namespace brood::config
