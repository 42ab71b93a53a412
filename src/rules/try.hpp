#pragma once

#include <string>

#include "rules/evaluate.hpp"

namespace brood::rules {

/// What an evaluation says, for people: for each verdict its total and each match with the value that matched,
/// which groups lack one object, then what hit a limit. `file` is the report's name. Ends with a line break.
[[nodiscard]] std::string FormatEvaluation(const std::string& file, const Evaluation& evaluation);

}  // namespace brood::rules
