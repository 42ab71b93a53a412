#pragma once

#include "metrics/registry.hpp"

namespace brood::broker::amqp {

/// What happens to the connections of one broker. Thread-safe.
struct Metrics {
  explicit Metrics(metrics::Registry& registry);

  metrics::Gauge& connections;  ///< up now
  metrics::Counter &losses, &failed_connects;
  metrics::Counter &confirms, &nacks, &returns, &republished;
};

}  // namespace brood::broker::amqp
