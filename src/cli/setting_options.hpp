#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace brood::cli {

/// Lets a command take the settings of one section as options of its own (--max-pending 20); what is given is
/// appended to `overrides` as "section.key=value". The command's footer gets the list of them.
void AddSettingOptions(CLI::App& command, const std::string& section, std::vector<std::string>& overrides);

}  // namespace brood::cli
