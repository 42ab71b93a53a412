#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/rule_set.hpp"

namespace brood::rules {

using RuleScalar = std::variant<std::string, std::int64_t, double>;

/// As it is written in messages.
[[nodiscard]] std::string ScalarText(const RuleScalar& scalar);

/// One rule object as it stands in a file, its members checked for their shape but its values not yet for their
/// key.
struct RuleObject {
  std::string key;
  std::vector<RuleScalar> values;
  double score = 0;
  std::int64_t group_id = 0;          ///< 0: none
  std::optional<ScorePer> score_per;  ///< "count", if it is given
  bool ignore_case = false;           ///< "nocase"
};

struct ParsedRuleFile {
  std::string type;
  std::vector<RuleObject> objects;
};

/// Reads a rule file's JSON, adding what is wrong with it to `problems`; an object with a problem is left out.
/// Duplicate members are an error, because JSON readers keep the last one silently.
[[nodiscard]] ParsedRuleFile ParseRuleFile(const RuleFile& file, std::vector<RuleProblem>& problems);

}  // namespace brood::rules
