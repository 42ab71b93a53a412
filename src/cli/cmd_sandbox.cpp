#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/address_file.hpp"
#include "cli/context.hpp"
#include "cli/setting_options.hpp"
#include "cli/signals.hpp"
#include "sandboxd/sandboxd.hpp"

namespace brood::cli {

void AddSandbox(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("sandbox", "The sandbox that ships: Cuckoo's REST API without virtual machines");
  command->footer(
      "The static engine looks at files and never runs them; the replay engine answers with recorded reports.\n"
      "See docs/sandbox.md.\n"
      "Example: brood sandbox --listen-port 8090");
  AddSettingOptions(*command, "sandboxd", context.overrides);
  context.waiting.push_back(command);
  command->callback([&context] {
    if (!context.LoadSettings()) {
      context.exit_code = kUsage;
      return;
    }
    SystemClock clock;
    metrics::Registry metrics;
    sandboxd::Sandboxd server(context.settings.sandboxd, metrics, clock);
    const auto port = server.Start();
    if (!port) throw std::runtime_error("the sandbox cannot start: " + Describe(port.error()));
    fmt::print("sandbox listens at {}\n", UrlOf(context.settings.sandboxd.listen_ip, *port));
    std::fflush(stdout);
    WaitForStop([] { return false; });
    server.Stop();
  });
}

}  // namespace brood::cli
