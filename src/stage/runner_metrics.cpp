#include "stage/runner_metrics.hpp"

namespace brood::stage {
namespace {

std::string Named(const std::string& stage, const char* noun) { return "brood_" + stage + "_" + noun; }

metrics::Counter& Handled(metrics::Registry& registry, const std::string& stage, const char* fate) {
  return registry.GetCounter(Named(stage, "handled_messages_total"), "Messages handled, by their fate",
                             {{"fate", fate}});
}

}  // namespace

RunnerMetrics::RunnerMetrics(metrics::Registry& registry, const std::string& stage)
    : done(Handled(registry, stage, "done")),
      held(Handled(registry, stage, "hold")),
      retried(Handled(registry, stage, "retry")),
      failed(Handled(registry, stage, "fail")),
      handle_seconds(registry.GetHistogram(Named(stage, "handle_seconds"), "Time of one Handle call")),
      in_hand(registry.GetGauge(Named(stage, "in_hand_messages"), "Messages in hand")),
      in_hand_bytes(registry.GetGauge(Named(stage, "in_hand_bytes"), "Bytes of the messages in hand")),
      settle_retries(registry.GetCounter(Named(stage, "settle_retries_total"),
                                         "Messages whose settling did not work and is tried again")),
      renewals(registry.GetCounter(Named(stage, "renewals_total"),
                                   "Messages published again because they were held for long")),
      stale(registry.GetCounter(Named(stage, "stale_total"),
                                "Messages that were lost to another holder before they were settled")) {}

}  // namespace brood::stage
