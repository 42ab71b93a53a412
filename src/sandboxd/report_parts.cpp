#include "sandboxd/report_parts.hpp"

#include <boost/json.hpp>

#include "sandboxd/json_text.hpp"

namespace brood::sandboxd {
namespace {

namespace json = boost::json;

Expected<json::value, ReportProblem> Parse(std::string_view report) {
  boost::system::error_code error;
  json::value document = json::parse(report, error);
  if (error || !document.is_object()) return Unexpected(ReportProblem::kDamaged);
  return document;
}

}  // namespace

Expected<std::string, ReportProblem> PartOfReport(Persona persona, std::string_view report,
                                                  std::string_view name) {
  const auto document = Parse(report);
  if (!document) return Unexpected(document.error());
  const json::value* const part = document->get_object().if_contains(name);
  if (part == nullptr) return Unexpected(ReportProblem::kAbsent);
  return ToLine(persona, *part);
}

Expected<std::string, ReportProblem> SummaryOfReport(Persona persona, std::string_view report) {
  const auto document = Parse(report);
  if (!document) return Unexpected(document.error());
  return ToText(persona, *document);
}

}  // namespace brood::sandboxd
