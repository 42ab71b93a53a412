#pragma once

#include <string>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "report/reader.hpp"

namespace brood::cli {

/// Reads a report from a file, or from standard input for "-", chunk by chunk; gzip is recognised by its first
/// bytes. Progress is shown on a terminal.
[[nodiscard]] Expected<report::ReadResult, Error> ReadReport(const std::string& file);

/// The report of a file that is raw or a filtered document of ours, each as ReadReport takes it.
[[nodiscard]] Expected<model::Report, Error> ReadRawOrFiltered(const std::string& file);

}  // namespace brood::cli
