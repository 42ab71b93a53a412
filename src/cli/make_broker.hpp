#pragma once

#include <memory>
#include <string>
#include <vector>

#include "broker/broker.hpp"
#include "cli/settings.hpp"
#include "metrics/registry.hpp"
#include "sqlite/writer.hpp"

namespace brood::cli {

/// The queues that the services take from, in the order of the way; "…/urgent" before its own.
[[nodiscard]] std::vector<std::string> QueuesConsumed(const Settings& settings);

/// The queue that `[broker]` names, RabbitMQ or the embedded one in `records`, with every queue declared that a
/// service takes from or publishes to. Waits `broker.start_within` for a RabbitMQ that cannot be reached.
/// Throws std::runtime_error with a sentence, StoppedAtStart when a stop is requested meanwhile.
[[nodiscard]] std::unique_ptr<broker::Broker> MakeBroker(const Settings& settings, sqlite::Writer& records,
                                                         metrics::Registry& metrics);

}  // namespace brood::cli
