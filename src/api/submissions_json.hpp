#pragma once

#include <string>

#include "intake/intake.hpp"
#include "model/submission.hpp"

namespace brood::api {

/// A submission's record as GET /api/v1/submissions/{id} shows it. Times are ms since 1970.
[[nodiscard]] std::string ToJson(const model::Submission& record);

/// "new", "counted", "joined", "on_its_way"
[[nodiscard]] std::string_view Name(intake::Accepted::Outcome outcome);
/// The answer to an upload.
[[nodiscard]] std::string ToJson(const intake::Accepted& accepted, const model::SampleHash& sha256);

}  // namespace brood::api
