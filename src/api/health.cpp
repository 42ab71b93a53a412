#include <algorithm>
#include <initializer_list>

#include "api/json_object.hpp"
#include "api/resources.hpp"

namespace brood::api {
namespace {

std::string_view Word(bool alive) { return alive ? "True" : "False"; }

bool AllAlive(const std::vector<ServiceState>& services, std::initializer_list<std::string_view> names) {
  return std::ranges::all_of(names, [&](std::string_view name) {
    return std::ranges::any_of(services,
                               [&](const ServiceState& state) { return state.name == name && state.alive; });
  });
}

/// The original's four services, then ours by their names.
std::string HealthJson(const std::vector<ServiceState>& services) {
  JsonObject health;
  health.Text("CuckooBinarySubmitTask", Word(AllAlive(services, {"submit_binary", "feed_cuckoo"})));
  health.Text("ReportProcessTask", Word(AllAlive(services, {"check_results", "parse_and_submit"})));
  health.Text("BlacklistingTask", Word(AllAlive(services, {"blacklist_processor"})));
  health.Text("APIListener", Word(true));
  for (const ServiceState& service : services) health.Text(service.name, Word(service.alive));
  return health.Finish();
}

}  // namespace

void AddHealth(Routes& routes, const Ports& ports) {
  routes.Read("/health_check",
              [&ports](const auto&, const auto&) -> Reply { return Json(HealthJson(ports.services())); });
}

}  // namespace brood::api
