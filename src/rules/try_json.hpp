#pragma once

#include <string>

#include "rules/evaluate.hpp"

namespace brood::rules {

/// One JSON object a line for each verdict:
/// {"file", "type", "value", "score", "blacklisted", "reasons": [{"reason": key, "data"}]}. A datum that
/// several values of one key matched stands there once. Ends with a line break; empty without verdicts.
[[nodiscard]] std::string EvaluationToJsonLines(const std::string& file, const Evaluation& evaluation);

}  // namespace brood::rules
