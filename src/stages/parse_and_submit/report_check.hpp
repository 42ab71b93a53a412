#pragma once

#include <string>

#include "model/messages.hpp"
#include "model/report.hpp"

namespace brood::stages::parse_and_submit {

// Pure: what a report says about itself, held against the task it was fetched for.

/// Why this is not the task's report (its marker or its sample is another's), or nothing. Ids start again after
/// a wipe.
[[nodiscard]] std::string WhyForeign(const model::TaskMessage& task, const model::ReportFacts& facts,
                                     const model::Report& report);

/// "empty" for a report that is no clean bill: no behaviour where the platform implies some, or errors of the
/// sandbox.
[[nodiscard]] std::string NoteOn(const model::ReportFacts& facts, const model::Report& report);

/// The stored document's id: the sample's SHA-256, without one the submission's, else "node:task".
[[nodiscard]] std::string DocumentId(const model::TaskMessage& task, const model::Report& report);

/// The run that this task is. Without a submission it is named by node and task.
[[nodiscard]] std::string RunId(const model::TaskMessage& task);

}  // namespace brood::stages::parse_and_submit
