#pragma once

#include "model/report.hpp"
#include "report/haul.hpp"
#include "report/limits.hpp"
#include "report/notes.hpp"
#include "report/reader.hpp"

namespace brood::report {

/// Makes the filtered document of what was taken out of a report: of the dialects' places for one field the
/// first that is there wins. Uses the haul up.
[[nodiscard]] ReadResult Assemble(Haul& haul, Notes& notes, const Limits& limits);

/// Cuts the longest lists until the document's JSON has at most `max_bytes`; each cut is one more parse note.
void FitDocument(model::Report& report, std::size_t max_bytes);

}  // namespace brood::report
