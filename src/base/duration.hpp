#pragma once

#include <string>

#include "base/clock.hpp"

namespace brood {

/// "45 seconds", "12 minutes", "3 hours": for messages, in the largest unit of which there are two or more,
/// rounded down. Below a second "350 milliseconds".
[[nodiscard]] std::string HumanDuration(Millis duration);

}  // namespace brood
