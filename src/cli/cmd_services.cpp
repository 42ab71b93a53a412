#include <fmt/format.h>

#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "cli/alive_marks.hpp"
#include "cli/context.hpp"
#include "cli/dfi_file.hpp"
#include "cli/original_files.hpp"
#include "cli/plant.hpp"
#include "cli/programs.hpp"
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
      {kReportHoarder, "check_results and parse_and_submit as one"},
  };
  return sentences;
}

std::string AboutDfi(const std::string& service) {
  if (service == "submit_binary")
    return "With config.cfg of the DFI blacklisting system, or as submit_binary.py, it feeds the sandbox as "
           "well.\n";
  if (service == kReportHoarder)
    return "With config.cfg of the DFI blacklisting system, or as report_hoarder.py, it runs cleanup "
           "and\noverseer as well.\n";
  return "";
}

std::string AboutOriginalFile(const std::string& service) {
  const auto& originals = OriginalServices();
  if (std::find(originals.begin(), originals.end(), service) == originals.end()) return "";
  return fmt::format(
      "Without --config and brood.toml it takes {0}.conf.json of cuckoo_distributed, from the current folder "
      "or the\n"
      "program's; a link to brood that is named {0} starts it as well.\n",
      service);
}

/// The original parse_and_submit deletes the tasks it has read; an installation that has its file has no
/// cleanup.
bool DeletesTasksItself(const Context& context, const std::string& service) {
  return service == "parse_and_submit" && context.settings.parse_and_submit.cuckoo_cleanup &&
         context.ConfigFile().extension() == ".json";
}

/// By its file, or by the script's name that a link to the program bears.
Installation InstallationOf(const Context& context) {
  const bool dfi = IsDfiFile(context.ConfigFile()) || context.program.extension() == ".py";
  return dfi ? Installation::kDfi : Installation::kOwn;
}

std::vector<std::string> NamesOf(const Context& context, const std::string& name) {
  auto names = ServicesOfProgram(name, InstallationOf(context));
  if (DeletesTasksItself(context, name)) names.emplace_back("cleanup");
  return names;
}

int RunService(Context& context, const std::string& name) {
  SystemClock clock;
  metrics::Registry metrics;
  const auto names = NamesOf(context, name);
  const bool declares_all = InstallationOf(context) == Installation::kDfi;
  Plant plant(context.settings, metrics, clock, declares_all ? "" : name);
  const AliveMarks marks(context.settings.general.state_dir, names);
  std::vector<std::unique_ptr<Service>> services;
  for (const std::string& part : names) {
    for (auto& service : MakeServices(part, context.settings, plant, metrics, clock)) {
      services.push_back(std::move(service));
    }
  }
  for (const auto& service : services) service->Start();
  log::Info("the service runs", {{"stage", name}});
  WaitForStop([&] {
    return std::any_of(services.begin(), services.end(), [](const auto& service) { return !service->Alive(); });
  });
  plant.EndStoreCallsAfter(kStoreMayTake);
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
  for (const std::string& name : ProgramNames()) {
    if (name == kApiStart) continue;  // no service: it takes nothing from a queue
    CLI::App* command = app.add_subcommand(name, Sentences().find(name)->second);
    command->group("Services, each alone");
    command->footer(
        fmt::format("Runs until SIGTERM or Ctrl-C. Any number may run on one state folder.\n{}{}"
                    "Example: brood {} --config /etc/brood/brood.toml",
                    AboutOriginalFile(name), AboutDfi(name), name));
    AddSettingOptions(*command, name, context.overrides);
    auto resubmit = std::make_shared<bool>(false);
    if (name == "overseer") {
      command->add_flag("--resubmitDumped", *resubmit,
                        "Send the dumped messages back to their queues with a fresh count, then end");
    }
    context.waiting.push_back(command);
    command->callback([&context, name, resubmit] {
      if (*resubmit) ReleaseStopSignals();  // it waits for nothing
      context.service = name;
      if (!context.LoadSettings()) {
        context.exit_code = kUsage;
        return;
      }
      context.exit_code = *resubmit ? Resubmit(context) : RunService(context, name);
    });
  }
}

}  // namespace brood::cli
