#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "cli/alive_marks.hpp"
#include "cli/context.hpp"
#include "cli/programs.hpp"
#include "cli/served_api.hpp"
#include "cli/service.hpp"
#include "cli/setting_options.hpp"
#include "cli/signals.hpp"

namespace brood::cli {
namespace {

int Serve(const Context& context) {
  const auto& state_dir = context.settings.general.state_dir;
  SystemClock clock;
  metrics::Registry metrics;
  Plant plant(context.settings, metrics, clock);
  plant.HoldBlacklist(context.settings.api.blacklist_memory);
  ServedApi api(context.settings, plant, metrics, clock,
                [&state_dir] { return StatesOfMarks(state_dir, ServiceNames()); });
  api.WriteAddress();
  log::Info("the API is served", {{"url", api.Url()}});
  WaitForStop([] { return false; });
  plant.EndStoreCallsAfter(kStoreMayTake);
  api.Stop();
  log::Info("the API has stopped");
  return kOk;
}

}  // namespace

void AddApiStart(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand(kApiStart, "Serves the API alone, beside services that run each alone");
  command->group("Services, each alone");
  command->footer(
      "Over the records and the queue in the state folder, or those that the settings name. It tells which\n"
      "services run on this machine by the state folder that they share. Runs until SIGTERM or Ctrl-C.\n"
      "Example: brood api_start --config config.cfg");
  AddSettingOptions(*command, "api", context.overrides);
  context.waiting.push_back(command);
  command->callback([&context] {
    context.service = kApiStart;
    context.exit_code = context.LoadSettings() ? Serve(context) : kUsage;
  });
}

}  // namespace brood::cli
