#pragma once

#include <memory>

#include "base/clock.hpp"
#include "cli/settings.hpp"
#include "metrics/registry.hpp"
#include "store/store.hpp"

namespace brood::cli {

/// The records that the settings name, for a command that works on them itself: beside whatever runs on them.
/// What is not there is made. Throws std::runtime_error with a sentence.
[[nodiscard]] std::unique_ptr<store::Store> OpenStore(const Settings& settings, Clock& clock,
                                                      metrics::Registry& metrics);

}  // namespace brood::cli
