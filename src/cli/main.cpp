#include <fmt/format.h>

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/signals.hpp"

namespace {

constexpr const char* kAbout =
    "brood takes malware samples in, has sandboxes detonate them, reads the reports, scores them with rules "
    "and keeps a\n"
    "blacklist.";

constexpr const char* kFooter =
    "First steps:\n"
    "  brood run                       every service in one process, with the sandbox that ships\n"
    "  brood submit --wait FILE…       what do the rules say of these files?\n"
    "  brood report filter FILE|-      the filtered document of a sandbox's report\n"
    "  brood rules test REPORT…        what the rules say of a report\n"
    "  brood config show --defaults    every setting, with what it means\n"
    "\n"
    "Any setting may be given as --section.key=value; it wins over environment and file.\n"
    "\n"
    "Exit codes: 0 done, 1 it could not be done or the answer is no, 2 wrong command line or settings,\n"
    "3 the running brood cannot be reached.";

/// Takes "--section.key=value" out of the arguments: any setting may be given so, and each wins over file and
/// environment.
std::vector<std::string> TakeOverrides(int argc, char** argv, std::vector<std::string>& overrides) {
  std::vector<std::string> rest;
  for (int i = argc - 1; i > 0; --i) {
    const std::string_view argument = argv[i];
    const auto equals = argument.find('=');
    const auto dot = argument.find('.');
    const bool setting = argument.starts_with("--") && equals != std::string_view::npos && dot < equals;
    if (setting)
      overrides.emplace_back(argument.substr(2));
    else
      rest.emplace_back(argument);
  }
  return rest;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace brood::cli;
  BlockSignals();
  Context context;
  CLI::App app(kAbout, "brood");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", "brood " BROOD_VERSION);
  app.add_option("-c,--config", context.config, "The settings (default: ./brood.toml if it is there)")
      ->check(CLI::ExistingFile);
  app.add_flag("--json", context.json, "Print for programs: one JSON value, or one a line");
  AddRun(app, context);
  AddSubmit(app, context);
  AddStatus(app, context);
  AddBlacklist(app, context);
  AddWhitelist(app, context);
  AddReport(app, context);
  AddRules(app, context);
  AddConfig(app, context);
  AddSandbox(app, context);
  AddServices(app, context);
  try {
    app.parse(TakeOverrides(argc, argv, context.overrides));
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? kOk : kUsage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "brood: {}\n", error.what());
    return kFailed;
  }
  return context.exit_code;
}
