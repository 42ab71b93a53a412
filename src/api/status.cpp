#include "api/json_object.hpp"
#include "api/resources.hpp"
#include "api/status_json.hpp"

namespace brood::api {
namespace {

Reply GetStatus(const Ports& ports) {
  Status status;
  for (const std::string& queue : ports.queues) {
    const auto ready = ports.broker.Ready(queue);
    if (!ready) return Refuse(ready.error());
    status.queues.push_back({queue, *ready});
  }
  const auto counts = ports.store.Submissions().CountByState();
  if (!counts) return Refuse(counts.error());
  status.submissions = *counts;
  status.services = ports.services();
  status.nodes = ports.fleet.Views();
  return Json(ToJson(status));
}

}  // namespace

void AddStatus(Routes& routes, const Ports& ports) {
  routes.Read("/api/v1/status", [&ports](const auto&, const auto&) { return GetStatus(ports); });
}

}  // namespace brood::api
