#pragma once

#include <string>
#include <vector>

#include "rules/rule_set.hpp"

namespace brood::rules {

/// "mutex.json: error: command_line: '!REGEX!(' : missing ), unterminated subpattern at position 0".
[[nodiscard]] std::string FormatProblem(const RuleProblem& problem);
/// One line each.
[[nodiscard]] std::string FormatProblems(const std::vector<RuleProblem>& problems);
/// "12 rule objects with 40 values in 3 files: no problem found".
[[nodiscard]] std::string FormatSummary(const RuleSet& rules);
/// How the text values are looked for, and a line for each that costs more than others; empty without text
/// values.
[[nodiscard]] std::string FormatMatching(const RuleSet& rules);

}  // namespace brood::rules
