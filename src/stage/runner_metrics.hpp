#pragma once

#include <string>

#include "metrics/registry.hpp"

namespace brood::stage {

/// What every runner counts, as brood_<stage>_…. Two runners of one stage share them.
struct RunnerMetrics {
  RunnerMetrics(metrics::Registry& registry, const std::string& stage);

  metrics::Counter &done, &held, &retried, &failed;  ///< handled messages by fate
  metrics::Histogram& handle_seconds;                ///< one Handle call, with its redo
  metrics::Gauge &in_hand, &in_hand_bytes;
  metrics::Counter &settle_retries, &renewals, &stale;
};

}  // namespace brood::stage
