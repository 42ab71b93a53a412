#pragma once

#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "sandboxd/sandboxd.hpp"

namespace brood::sandboxd {

/// Why a part of a report cannot be given.
enum class ReportProblem {
  kDamaged,  ///< it is no JSON object
  kAbsent,   ///< it has no such member
};

/// One member of the report's outermost object, as 2.0.7 answers `?elements=`.
[[nodiscard]] Expected<std::string, ReportProblem> PartOfReport(Persona persona, std::string_view report,
                                                                std::string_view name);
/// The whole report, as 2.0.7 answers /tasks/summary. The only error is kDamaged.
[[nodiscard]] Expected<std::string, ReportProblem> SummaryOfReport(Persona persona, std::string_view report);

}  // namespace brood::sandboxd
