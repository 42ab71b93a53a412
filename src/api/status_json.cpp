#include "api/status_json.hpp"

#include "api/json_object.hpp"
#include "http/url.hpp"

namespace brood::api {
namespace {

std::string ServiceJson(const ServiceState& service) {
  return JsonObject()
      .Text("name", service.name)
      .Bool("alive", service.alive)
      .Count("in_hand", service.in_hand)
      .Finish();
}

std::string QueueJson(const QueueState& queue) {
  return JsonObject().Text("name", queue.name).Count("ready", queue.ready).Finish();
}

std::string CountsJson(const std::vector<std::uint64_t>& counts) {
  JsonObject states;
  for (std::size_t i = 0; i < counts.size(); ++i)
    states.Count(model::Name(static_cast<model::State>(i)), counts[i]);
  return states.Finish();
}

std::string_view HealthName(sandbox::NodeView::Health health) {
  using Health = sandbox::NodeView::Health;
  switch (health) {
    case Health::kUp:
      return "up";
    case Health::kDown:
      return "down";
    case Health::kStalled:
      return "stalled";
    case Health::kUnknown:
      break;
  }
  return "unknown";
}

std::string NodeJson(const sandbox::NodeView& node) {
  const sandbox::NodeStatus known = node.status.value_or(sandbox::NodeStatus{});
  return JsonObject()
      .Text("url", http::ShownUrl(node.url.Get()))
      .Text("health", HealthName(node.health))
      .Int("pending", known.pending)
      .Int("running", known.running)
      .Text("trouble", node.trouble)
      .Finish();
}

}  // namespace

std::string ToJson(const Status& status) {
  return JsonObject()
      .Text("version", BROOD_VERSION)
      .Json("services", JsonList(status.services, ServiceJson))
      .Json("queues", JsonList(status.queues, QueueJson))
      .Json("submissions", CountsJson(status.submissions))
      .Json("nodes", JsonList(status.nodes, NodeJson))
      .Finish();
}

}  // namespace brood::api
