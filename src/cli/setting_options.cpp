#include "cli/setting_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/settings.hpp"
#include "config/render.hpp"

namespace brood::cli {

void AddSettingOptions(CLI::App& command, const std::string& section, std::vector<std::string>& overrides) {
  Settings defaults;
  for (const config::Section& candidate : Sections(defaults)) {
    if (candidate.Name() != section) continue;
    for (const config::HelpRow& row : config::HelpRows(candidate)) {
      const auto take = [&overrides, key = row.key](const std::string& value) {
        overrides.push_back(fmt::format("{}={}", key, value));
      };
      command.add_option_function<std::string>(row.flag, take, row.sentence)
          ->group("");  // the footer lists them
    }
  }
  command.footer(command.get_footer() + "\n\n" + SettingsHelp(section));
}

}  // namespace brood::cli
