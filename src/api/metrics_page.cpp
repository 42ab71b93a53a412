#include <limits>

#include "api/resources.hpp"
#include "base/log.hpp"

namespace brood::api {
namespace {

/// What cannot be read is NaN for this scrape: an old number would look like a true one.
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

void RefreshQueues(const Ports& ports) {
  for (const std::string& queue : ports.queues) {
    const auto ready = ports.broker.Ready(queue);
    if (!ready) log::Warning("a queue's length is unknown", {{"queue", queue}, {"why", ready.error().what}});
    ports.metrics.GetGauge("brood_queue_ready_messages", "Messages waiting for a consumer.", {{"queue", queue}})
        .Set(ready ? static_cast<double>(*ready) : kUnknown);
  }
}

void RefreshSubmissions(const Ports& ports) {
  const auto counts = ports.store.Submissions().CountByState();
  if (!counts) log::Warning("the number of submissions is unknown", {{"why", counts.error().what}});
  for (int i = 0; i <= static_cast<int>(model::State::kScored); ++i) {
    const std::string state(model::Name(static_cast<model::State>(i)));
    const auto at = static_cast<std::size_t>(i);
    ports.metrics
        .GetGauge("brood_store_submissions", "Submissions by the state they are in.", {{"state", state}})
        .Set(counts && at < counts->size() ? static_cast<double>((*counts)[at]) : kUnknown);
  }
}

}  // namespace

void AddMetricsPage(Routes& routes, const Ports& ports) {
  routes.Read("/metrics", [&ports](const auto&, const auto&) -> Reply {
    RefreshQueues(ports);
    RefreshSubmissions(ports);
    return http::Respond(200, ports.metrics.Render(), "text/plain; version=0.0.4; charset=utf-8");
  });
}

}  // namespace brood::api
