#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace brood::sandboxd::inspect {

/// Where a signature was found.
struct Mark {
  std::string what;  ///< the rule's name of the string, or the section
  std::uint64_t offset = 0;
};

/// One thing that speaks against a file. Severity: 1 notable, 2 unusual, 3 suspicious, 4 dangerous, 5 known
/// bad.
struct Signature {
  std::string name, description;
  int severity = 1;
  std::vector<Mark> marks;
};

/// 0 to 10: twice the highest severity, and half a point for each severity point of the others. One known bad
/// thing is 10 whatever else there is; notable things alone stay low.
[[nodiscard]] double Score(const std::vector<Signature>& signatures);

}  // namespace brood::sandboxd::inspect
