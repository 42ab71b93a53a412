#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "base/text.hpp"
#include "sandboxd/answers_json.hpp"
#include "sandboxd/persona.hpp"
#include "sandboxd/routes.hpp"

namespace brood::sandboxd {
namespace {

using http::PathParams;
using http::ServerRequest;
using http::ServerResponse;

void ReadDisk(NodeFacts& node, const std::filesystem::path& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return;
  node.disk_free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  node.disk_total = std::uint64_t{disk.f_blocks} * disk.f_frsize;
}

void ReadMemory(NodeFacts& node) {
  std::ifstream in("/proc/meminfo");
  std::string key, unit;
  for (std::uint64_t kib = 0; in >> key >> kib; std::getline(in, unit)) {
    if (key == "MemTotal:") node.memory_total_kb = kib;
    if (key == "MemAvailable:") node.memory_available_kb = kib;
  }
}

NodeFacts ReadFacts(const Service& service) {
  NodeFacts node;
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0) node.hostname = name.data();
  node.engine = service.engine.Name();
  node.machines = service.settings.machines;
  node.tasks = service.tasks.Counted();
  node.load.resize(3);
  if (::getloadavg(node.load.data(), 3) != 3) node.load.assign(3, 0.0);
  node.processors = static_cast<int>(std::thread::hardware_concurrency());
  ReadDisk(node, service.settings.storage);
  ReadMemory(node);
  return node;
}

ServerResponse ViewMachine(const Service& service, const ServerRequest& request, const std::string& name) {
  constexpr std::string_view kPrefix = "brood";
  const auto number =
      name.starts_with(kPrefix) ? IdFrom(service.Manners(), name.substr(kPrefix.size())) : std::nullopt;
  const Persona persona = service.Manners();
  if (!number || *number < 1 || *number > service.settings.machines) {
    return Refusal(persona, 404, "Machine not found", request);
  }
  return JsonAnswer(persona, MachineAnswer(persona, ReadFacts(service), static_cast<int>(*number)));
}

bool IsLoopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

/// For tests of what follows when ids start again. Only with a token, and from this machine.
ServerResponse Wipe(Service& service, const ServerRequest& request) {
  if (service.settings.token.Empty() || !IsLoopback(request.remote)) {
    return http::Respond(403, "Wiping wants a configured token and a client on the same machine.\n");
  }
  for (const TaskPtr& task : service.tasks.List({})) service.engine.Forget(task->id);
  if (const auto wiped = service.tasks.Wipe(); !wiped)
    return http::Respond(500, Describe(wiped.error()) + "\n");
  return JsonAnswer(service.Manners(), OkAnswer(service.Manners()));
}

}  // namespace

void AddNodeRoutes(http::Router& router, Service& service) {
  const Persona persona = service.Manners();
  AddRoute(router, service, http::Method::kGet, "/cuckoo/status", "status",
           [&service, persona](const ServerRequest&, const PathParams&) {
             return JsonAnswer(persona, StatusAnswer(persona, ReadFacts(service)));
           });
  AddRoute(router, service, http::Method::kGet, "/machines/list", "machines",
           [&service, persona](const ServerRequest&, const PathParams&) {
             return JsonAnswer(persona, MachineListAnswer(persona, ReadFacts(service)));
           });
  AddRoute(router, service, http::Method::kGet, "/machines/view/{name}", "machines",
           [&service](const ServerRequest& request, const PathParams& path) {
             return ViewMachine(service, request, path["name"]);
           });
  AddRoute(router, service, http::Method::kGet, "/brood/statistics", "statistics",
           [&service, persona](const ServerRequest&, const PathParams&) {
             return JsonAnswer(persona,
                               StatisticsAnswer(persona, {service.tasks.Totals(), service.counts.Values()}));
           });
  AddRoute(router, service, http::Method::kPost, "/brood/wipe", "wipe",
           [&service](const ServerRequest& request, const PathParams&) { return Wipe(service, request); });
}

}  // namespace brood::sandboxd
