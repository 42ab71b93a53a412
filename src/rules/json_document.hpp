#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "base/expected.hpp"

namespace brood::rules {

struct JsonProblem {
  std::string where;  ///< "line 3, column 7" or empty
  std::string what;
};

/// Strict JSON with at most one byte order mark before it. A member that an object has twice is a problem.
[[nodiscard]] Expected<boost::json::value, JsonProblem> ParseJsonDocument(std::string_view text);

}  // namespace brood::rules
