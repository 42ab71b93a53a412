#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/file.hpp"
#include "cli/context.hpp"
#include "cli/original_import.hpp"
#include "config/render.hpp"

namespace brood::cli {

namespace {

int Import(const std::vector<std::string>& names, const std::string& output) {
  const std::vector<std::filesystem::path> files(names.begin(), names.end());
  const Imported imported = ImportOriginals(files);
  for (const auto& warning : imported.warnings) fmt::print(stderr, "warning: {}\n", config::Format(warning));
  for (const auto& problem : imported.problems) fmt::print(stderr, "{}\n", config::Format(problem));
  if (!imported.problems.empty()) return kUsage;
  if (output.empty()) {
    fmt::print("{}", imported.toml);
    return kOk;
  }
  if (const auto written = WriteFileDurably(output, imported.toml); !written) {
    throw std::runtime_error(Describe(written.error()));
  }
  return kOk;
}

void AddImportSettings(CLI::App& config, Context& context) {
  CLI::App* command = config.add_subcommand("import",
                                            "Turns SERVICE.conf.json of cuckoo_distributed and config.cfg of "
                                            "the DFI blacklisting system into a brood.toml");
  command->footer(
      "The result holds the passwords and keys of the files. A service also reads its own file as it is:\n"
      "brood feed_cuckoo --config feed_cuckoo.conf.json\n"
      "Examples: brood config import /etc/cuckoo/*.conf.json --output brood.toml\n"
      "          brood config import config.cfg --output brood.toml");
  auto files = std::make_shared<std::vector<std::string>>();
  auto output = std::make_shared<std::string>();
  command->add_option("files", *files, "The files; their names tell what they are")->required();
  command->add_option("-o,--output", *output, "The file to write, mode 0600 (default: standard output)")
      ->check(CLI::NonexistentPath);
  command->callback([&context, files, output] { context.exit_code = Import(*files, *output); });
}

}  // namespace

void AddConfig(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("config", "Checks and shows the settings");
  command->require_subcommand(1);
  command->footer(
      "Examples: brood config show --defaults > brood.toml\n"
      "          brood config import feed_cuckoo.conf.json check_results.conf.json\n"
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
  AddImportSettings(*command, context);
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
