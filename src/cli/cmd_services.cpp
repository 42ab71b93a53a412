#include <fmt/format.h>

#include <map>

#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "cli/context.hpp"
#include "cli/plant.hpp"
#include "cli/service.hpp"
#include "cli/setting_options.hpp"
#include "cli/signals.hpp"
#include "stages/overseer/dump.hpp"

namespace brood::cli {
namespace {

const std::map<std::string, std::string, std::less<>>& Sentences() {
  static const std::map<std::string, std::string, std::less<>> sentences = {
      {"submit_binary", "Watches a folder and submits the files that are put there"},
      {"feed_cuckoo", "Uploads samples to the sandboxes"},
      {"check_results", "Waits until the sandboxes have finished their tasks"},
      {"parse_and_submit", "Fetches reports, reads them and stores the filtered documents"},
      {"cleanup", "Deletes finished tasks in the sandboxes"},
      {"blacklist_processor", "Scores stored reports with the rules and writes the blacklist"},
      {"overseer", "Sends failed messages back, dumps what fails too often"},
  };
  return sentences;
}

int RunService(Context& context, const std::string& name) {
  SystemClock clock;
  metrics::Registry metrics;
  Plant plant(context.settings, metrics, clock);
  auto services = MakeServices(name, context.settings, plant, metrics, clock);
  for (const auto& service : services) service->Start();
  log::Info("the service runs", {{"stage", name}});
  WaitForStop([&] {
    return std::any_of(services.begin(), services.end(), [](const auto& service) { return !service->Alive(); });
  });
  for (const auto& service : services) service->RequestStop();
  for (const auto& service : services) service->Join();
  log::Info("the service has stopped", {{"stage", name}});
  return kOk;
}

int Resubmit(Context& context) {
  SystemClock clock;
  metrics::Registry metrics;
  Plant plant(context.settings, metrics, clock);
  const auto& dir = context.settings.overseer.dump_dir;
  const auto result =
      stages::overseer::ResubmitDumped(dir, plant.Broker(), plant.Store().DeadLetters(), nullptr);
  for (const Error& problem : result.problems) fmt::print(stderr, "{}\n", Describe(problem));
  fmt::print("{} dumped messages of {} were sent back to their queues\n", result.sent, dir.string());
  return result.problems.empty() ? kOk : kFailed;
}

}  // namespace

void AddServices(CLI::App& app, Context& context) {
  for (const std::string& name : ServiceNames()) {
    CLI::App* command = app.add_subcommand(name, Sentences().find(name)->second);
    command->group("Services, each alone");
    command->footer(
        fmt::format("Runs until SIGTERM or Ctrl-C. Any number may run on one state folder.\n"
                    "Example: brood {} --config /etc/brood/brood.toml",
                    name));
    AddSettingOptions(*command, name, context.overrides);
    auto resubmit = std::make_shared<bool>(false);
    if (name == "overseer") {
      command->add_flag("--resubmitDumped", *resubmit,
                        "Send the dumped messages back to their queues with a fresh count, then end");
    }
    context.waiting.push_back(command);
    command->callback([&context, name, resubmit] {
      if (*resubmit) ReleaseStopSignals();  // it waits for nothing
      if (!context.LoadSettings()) {
        context.exit_code = kUsage;
        return;
      }
      context.exit_code = *resubmit ? Resubmit(context) : RunService(context, name);
    });
  }
}

}  // namespace brood::cli
