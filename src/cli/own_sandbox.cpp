#include "cli/own_sandbox.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "cli/address_file.hpp"

namespace brood::cli {
namespace {

std::uint16_t PortBefore(const std::filesystem::path& file) {
  const auto text = ReadFile(file, 100);
  if (!text) return 0;
  const auto port = ParseInt(TrimAscii(*text));
  return port && *port > 0 && *port < 65'536 ? static_cast<std::uint16_t>(*port) : 0;
}

}  // namespace

OwnSandbox::OwnSandbox(Settings& settings, metrics::Registry& metrics, Clock& clock) {
  if (!settings.sandbox.nodes.empty()) return;
  const std::filesystem::path& state = settings.general.state_dir;
  std::filesystem::create_directories(state);
  const auto port_file = state / "sandbox.port";
  sandboxd::Settings own = settings.sandboxd;
  own.listen_ip = "127.0.0.1";
  own.listen_port = PortBefore(port_file);
  own.storage = state / "sandbox";
  own.token = Secret();
  server_ = std::make_unique<sandboxd::Sandboxd>(own, metrics, clock);
  const auto port = server_->Start();
  if (!port) {
    throw std::runtime_error(fmt::format(
        "the sandbox that ships cannot start: {}. If another `brood run` uses this state folder, "
        "stop that one; if another program took the port, remove {}: tasks in flight are then fed again.",
        Describe(port.error()), port_file.string()));
  }
  if (auto written = WriteFileDurably(port_file, std::to_string(*port)); !written) {
    throw std::runtime_error(Describe(written.error()));
  }
  url_ = UrlOf("127.0.0.1", *port);
  NodeSettings node;
  node.url = url_;
  node.parallel = 8;
  settings.sandbox.nodes.push_back(node);
  settings.sandbox.fleet.max_pending = std::max<std::int64_t>(settings.sandbox.fleet.max_pending, 200);
  settings.sandbox.watch.every = std::min(settings.sandbox.watch.every, Millis{200});
  log::Info("no sandbox is configured, the one that ships was started", {{"node", url_}});
}

}  // namespace brood::cli
