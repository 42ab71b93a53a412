#pragma once

#include <memory>

#include "base/clock.hpp"
#include "cli/settings.hpp"
#include "metrics/registry.hpp"
#include "store/store.hpp"

namespace brood::cli {

/// The store that `[store]` names, for a command that needs nothing else: the one in the state folder, which is
/// made where it is not there, or the search engine's (ReachEngine). Throws std::runtime_error with a sentence.
[[nodiscard]] std::unique_ptr<store::Store> OpenStore(const Settings& settings, Clock& clock,
                                                      metrics::Registry& metrics);

}  // namespace brood::cli
