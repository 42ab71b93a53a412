#pragma once

#include <string_view>

#include "model/ids.hpp"

namespace brood::stage {

/// The submission that a message's body names: under "submission", or where a Go service has dropped that, in
/// its crits data. Empty if the body is not such a message.
[[nodiscard]] model::SubmissionId SubmissionIn(std::string_view body);

}  // namespace brood::stage
