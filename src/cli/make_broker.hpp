#pragma once

#include <memory>
#include <string_view>

#include "broker/broker.hpp"
#include "cli/settings.hpp"
#include "metrics/registry.hpp"
#include "sqlite/writer.hpp"

namespace brood::cli {

/// The queue that `[broker]` names, RabbitMQ or the embedded one in `records`, with every queue declared that
/// `service` takes from or publishes to (in RabbitMQ, where others may be none of our business; else those of
/// all). Waits `broker.start_within` for a RabbitMQ that cannot be reached. Throws std::runtime_error with a
/// sentence, StoppedAtStart when a stop is requested meanwhile.
[[nodiscard]] std::unique_ptr<broker::Broker> MakeBroker(const Settings& settings, std::string_view service,
                                                         sqlite::Writer& records, metrics::Registry& metrics);

}  // namespace brood::cli
