#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "config/render.hpp"

namespace brood::cli {

void AddConfig(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("config", "Checks and shows the settings");
  command->require_subcommand(1);
  command->footer(
      "Examples: brood config show --defaults > brood.toml\n"
      "          brood config check --config brood.toml");
  CLI::App* check = command->add_subcommand("check", "Lists every problem of the settings at once");
  check->footer(
      "Looks at brood.toml, the environment (BROOD_<SECTION>_<KEY>) and the command line "
      "(--section.key=value).\n"
      "Exit code 0: no problem.\n"
      "Example: brood config check --config /etc/brood/brood.toml");
  check->callback([&context] {
    context.exit_code = context.LoadSettings() ? kOk : kUsage;
    if (context.exit_code == kOk) {
      const auto file = context.ConfigFile().string();
      fmt::print("{}: no problem found\n", file.empty() ? "no file, all defaults" : file);
    }
  });
  CLI::App* show = command->add_subcommand("show", "Prints the settings in force and where each comes from");
  show->footer("Secrets are shown as [secret].\nExample: brood config show --defaults > brood.toml");
  auto defaults = std::make_shared<bool>(false);
  show->add_flag("--defaults", *defaults,
                 "Print every key with what it means and its default, as a file to start from");
  show->callback([&context, defaults] {
    auto sections = Sections(context.settings);
    if (*defaults) {
      fmt::print("{}", config::RenderDefaults(sections));
      return;
    }
    context.exit_code = context.ShowSettings();
  });
}

}  // namespace brood::cli
