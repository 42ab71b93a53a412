#pragma once

#include <string_view>

#include "model/ids.hpp"

namespace brood::stage {

/// The submission that a message's body names under "submission"; empty if the body is not such a message.
[[nodiscard]] model::SubmissionId SubmissionIn(std::string_view body);

}  // namespace brood::stage
