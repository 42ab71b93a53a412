#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace brood::transfer {

/// A date as Elasticsearch's "strict_date_optional_time||epoch_millis" has it: milliseconds since 1970, or
/// "2016-05-04", "2016-05-04T10:11:12", "2016-05-04T10:11:12.345Z"; an offset such as "+02:00" counts.
[[nodiscard]] std::optional<Time> TimeFrom(std::string_view text);

}  // namespace brood::transfer
