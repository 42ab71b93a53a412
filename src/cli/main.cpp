#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/arguments.hpp"
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

/// What was printed must have arrived: a full disk is a failure, a reader that has gone (`| head`) is a quiet
/// one.
int FlushOutput(int exit_code) {
  if (std::fflush(stdout) == 0) return exit_code;
  if (errno != EPIPE) fmt::print(stderr, "brood: cannot write the output: {}\n", std::strerror(errno));
  return exit_code == brood::cli::kOk ? brood::cli::kFailed : exit_code;
}

void AddCommands(CLI::App& app, brood::cli::Context& context) {
  using namespace brood::cli;
  AddRun(app, context);
  AddSubmit(app, context);
  AddStatus(app, context);
  AddDead(app, context);
  AddBlacklist(app, context);
  AddWhitelist(app, context);
  AddFeeds(app, context);
  AddReport(app, context);
  AddRules(app, context);
  AddRetrohunt(app, context);
  AddIndices(app, context);
  AddBackup(app, context);
  AddImport(app, context);
  AddExport(app, context);
  AddConfig(app, context);
  AddSandbox(app, context);
  AddServices(app, context);
  AddApiStart(app, context);
  AddCompletion(app, context);
}

/// Reads the command line, which runs the command that it names. An exit code.
int Execute(CLI::App& app, const brood::cli::Context& context, std::vector<std::string> arguments) {
  using namespace brood::cli;
  std::reverse(arguments.begin(), arguments.end());  // the order that CLI11 takes
  try {
    app.parse(arguments);
    return context.exit_code;
  } catch (const CLI::ParseError& error) {
    const bool refused = error.get_exit_code() != 0;  // else it was asked for help or the version
    const std::string wrong = refused ? WrongOption(app) : "";
    if (wrong.empty()) {
      app.exit(error);
    } else {
      fmt::print(stderr, "{}\n", wrong);
    }
    return refused ? kUsage : kOk;
  } catch (const StoppedAtStart&) {
    return kOk;
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::broken_pipe) fmt::print(stderr, "brood: {}\n", error.what());
    return kFailed;
  } catch (const std::exception& error) {
    fmt::print(stderr, "brood: {}\n", error.what());
    return kFailed;
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace brood::cli;
  HoldStopSignals();
  IgnoreWriteSignals();
  Context context;
  context.program = argc > 0 ? argv[0] : "";
  CLI::App app(kAbout, "brood");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", "brood " BROOD_VERSION);
  app.add_option("-c,--config", context.config, "The settings (default: ./brood.toml if it is there)")
      ->check(CLI::ExistingFile);
  app.add_flag("--json", context.json, "Print for programs: one JSON value, or one a line");
  AddCommands(app, context);
  app.parse_complete_callback([&context] {
    if (!context.Waits()) ReleaseStopSignals();
  });
  app.footer(kFooter);  // after the commands, which would take it over
  const auto arguments =
      TakeOverrides(OriginalArguments({argv, static_cast<std::size_t>(argc)}), context.overrides);
  if (const std::string wrong = WrongCommand(app, arguments); !wrong.empty()) {
    fmt::print(stderr, "{}\n", wrong);
    return kUsage;
  }
  return FlushOutput(Execute(app, context, arguments));
}
