#pragma once

#include <optional>
#include <span>
#include <vector>

#include "stage/stage.hpp"

namespace brood::stage {

/// One fate for each message, whatever the stage does. When Handle throws or gives the wrong number of fates,
/// the batch is redone one by one, and a message with which it does so alone fails for good. Nothing where a
/// redo was not begun because stop was requested.
[[nodiscard]] std::vector<std::optional<Fate>> CallHandle(Stage& stage, std::span<const broker::Message> batch,
                                                          const Turn& turn);

}  // namespace brood::stage
