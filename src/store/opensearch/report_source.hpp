#pragma once

#include <string>
#include <string_view>

#include "store/opensearch/source_json.hpp"
#include "store/reports.hpp"

namespace brood::store::opensearch {

// A report's document as the engine has it: the members of the filtered report beside the store's own, so that
// people search it by the report's names. The store's come first, `processed` as the last of them; behind it
// stands the rest of the filtered report, byte by byte.

/// The store's own members, as the list of fields of a read without the report.
inline constexpr std::string_view kReportFields =
    R"("id","stored","run_fed_at","run_id","submission","size","head","processed")";

[[nodiscard]] std::string ToSource(const StoredReport& report);

/// Of a whole source, or of kReportFields alone: then `document` stays empty.
[[nodiscard]] Result<StoredReport> ReadReport(std::string_view source);

/// The bytes of the report's document, from kReportFields.
[[nodiscard]] std::size_t ReadSize(std::string_view source);

}  // namespace brood::store::opensearch
