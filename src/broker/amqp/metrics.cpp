#include "broker/amqp/metrics.hpp"

namespace brood::broker::amqp {

Metrics::Metrics(metrics::Registry& registry)
    : connections(registry.GetGauge("brood_broker_connections", "Connections to RabbitMQ that are up.")),
      losses(registry.GetCounter("brood_broker_reconnects_total", "Connections to RabbitMQ that were lost.")),
      failed_connects(
          registry.GetCounter("brood_broker_failed_connects_total", "Tries to reach RabbitMQ that failed.")),
      confirms(registry.GetCounter("brood_broker_confirms_total", "Messages that RabbitMQ confirmed.")),
      nacks(registry.GetCounter("brood_broker_nacks_total", "Messages that RabbitMQ refused.")),
      returns(registry.GetCounter("brood_broker_returns_total",
                                  "Messages returned because their queue is not there.")),
      republished(registry.GetCounter("brood_broker_republished_total",
                                      "Messages published again because their confirm was lost.")) {}

}  // namespace brood::broker::amqp
