#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "model/json_writer.hpp"
#include "model/report.hpp"

namespace brood::model {

/// The stored document: compact JSON, keys in the order of SPEC's table, raw UTF-8. `stored` is not part of it.
[[nodiscard]] std::string ToJson(const Report& report);
/// The same, piece by piece as it is written, so that it is never held as a whole.
void WriteJson(const Report& report, const JsonWriter::Sink& sink);
/// About how many bytes the document has; short, rather than long. Looks at no text.
[[nodiscard]] std::size_t ExpectedSize(const Report& report);
/// Strict: a stored document is ours. The error names the bad field's path.
[[nodiscard]] Expected<Report, Error> ReportFromJson(std::string_view text);
/// The same without some of the document's keys, which are gone over fast and left at their defaults: for who
/// reads many.
[[nodiscard]] Expected<Report, Error> ReportFromJson(std::string_view text,
                                                     std::span<const std::string_view> left_out);

}  // namespace brood::model
