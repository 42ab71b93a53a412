#pragma once

#include <vector>

#include "metrics/registry.hpp"

namespace prometheus {
struct MetricFamily;
}

namespace brood::metrics {

/// Families as prometheus-cpp collects them as single samples. Inside this room only.
[[nodiscard]] std::vector<Sample> Flatten(const std::vector<prometheus::MetricFamily>& families);

}  // namespace brood::metrics
