#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.hpp"

namespace brood::cli {

/// The queues that the services take from, in the order of the way; "…/urgent" before its own.
[[nodiscard]] std::vector<std::string> QueuesConsumed(const Settings& settings);

/// The queues that a service takes from or publishes to, each once; those of all services if `service` is
/// empty.
[[nodiscard]] std::vector<std::string> QueuesOf(std::string_view service, const Settings& settings);

}  // namespace brood::cli
