#pragma once

#include <string_view>
#include <vector>

#include "model/report.hpp"
#include "model/report_details.hpp"

namespace brood::report {

/// The same rules as Reader's, written a second time in the plainest way: the whole document as a tree of
/// Boost.JSON. For tests: valid JSON only, no limits, no notes.
[[nodiscard]] model::Report PlainRead(std::string_view document);

/// The same of what goes beyond the document.
struct PlainDetails {
  std::vector<model::SeenProcess> processes;
  std::vector<model::SeenCall> calls;
};
[[nodiscard]] PlainDetails PlainReadDetails(std::string_view document, std::size_t max_calls);

/// The calls with arguments that are lists or objects written as Boost.JSON writes them, so that they compare.
[[nodiscard]] std::vector<model::SeenCall> WithPlainArguments(std::vector<model::SeenCall> calls);

}  // namespace brood::report
