#include <fmt/format.h>

#include <filesystem>

#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "cli/address_file.hpp"
#include "cli/alive_marks.hpp"
#include "cli/context.hpp"
#include "cli/feeds_service.hpp"
#include "cli/own_sandbox.hpp"
#include "cli/plant.hpp"
#include "cli/served_api.hpp"
#include "cli/service.hpp"
#include "cli/signals.hpp"

namespace brood::cli {
namespace {

/// The plant's store once it answers look-ups from memory, which must come before any other use of it.
store::Store& StoreOf(Plant& plant, const Settings& settings) {
  plant.HoldBlacklist(settings.api.blacklist_memory);
  return plant.Store();
}

/// Everything of one `brood run`, in the order in which it is built; taken down in the opposite one.
struct Running {
  explicit Running(Context& context)
      : own_sandbox(context.settings, metrics, clock),
        plant(context.settings, metrics, clock),
        marks(context.settings.general.state_dir, ServiceNames()),
        feeds(context.settings.feeds, StoreOf(plant, context.settings), metrics, clock) {
    plant.HandReportsOn(context.settings.parse_and_submit.hand_on);
    for (const std::string& name : ServiceNames()) {
      for (auto& service : MakeServices(name, context.settings, plant, metrics, clock)) {
        services.push_back(std::move(service));
      }
    }
  }

  [[nodiscard]] std::vector<api::ServiceState> States() const {
    std::vector<api::ServiceState> states;
    for (const auto& service : services) states.push_back(service->State());
    if (feeds.HasLists()) states.push_back({"feeds", feeds.Schedule().Alive(), 0});
    return states;
  }

  void Start() {
    for (const auto& service : services) service->Start();
    feeds.Start();
  }
  void Stop() {
    plant.EndStoreCallsAfter(kStoreMayTake);
    feeds.Schedule().RequestStop();
    for (const auto& service : services) service->RequestStop();
    for (const auto& service : services) service->Join();
    feeds.Schedule().Join();
  }

  SystemClock clock;
  metrics::Registry metrics;
  OwnSandbox own_sandbox;
  Plant plant;
  AliveMarks marks;
  FeedsService feeds;
  std::vector<std::unique_ptr<Service>> services;
};

void SayHello(const Context& context, const Running& running, const std::string& url) {
  fmt::print("brood runs. Put files into {} or type: brood submit FILE…\n",
             std::filesystem::absolute(context.settings.submit_binary.binary_directory).string());
  fmt::print("  API      {}   (changes need the token in {})\n", url,
             TokenFile(context.settings.general.state_dir).string());
  if (running.own_sandbox.Started()) {
    fmt::print("  sandbox  {}   none is configured, so the static one that ships was started\n",
               running.own_sandbox.Url());
  }
  fmt::print("  state    {}\n  Stop with Ctrl-C.\n",
             std::filesystem::absolute(context.settings.general.state_dir).string());
  std::fflush(stdout);
}

int Run(Context& context, bool quiet) {
  Running running(context);
  ServedApi api(
      context.settings, running.plant, running.metrics, running.clock, [&running] { return running.States(); },
      &running.feeds.Schedule());
  running.Start();
  api.WriteAddress();
  if (!quiet) SayHello(context, running, api.Url());
  WaitForStop([] { return false; });
  log::Info("stopping: what is in hand is finished or given back");
  running.Stop();
  api.Stop();
  return kOk;
}

}  // namespace

void AddRun(CLI::App& app, Context& context) {
  CLI::App* run = app.add_subcommand("run", "Runs every service in one process");
  run->footer(
      "Uses the embedded queue and store in the state folder, or those that brood.toml names. Where it\n"
      "names no sandbox, the static one that ships is started beside it. SIGTERM or Ctrl-C stops it: what is\n"
      "in hand is finished or given back.\n"
      "Examples: brood run\n"
      "          brood run --config /etc/brood/brood.toml --api.listen_port=8081");
  auto quiet = std::make_shared<bool>(false);
  run->add_flag("--quiet", *quiet, "Print nothing at the start");
  context.waiting.push_back(run);
  run->callback([&context, quiet] {
    if (!context.LoadSettings()) {
      context.exit_code = kUsage;
      return;
    }
    context.exit_code = Run(context, *quiet);
  });
}

}  // namespace brood::cli
