#include "store/opensearch/report_source.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "store/opensearch/raw_json.hpp"

namespace brood::store::opensearch {
namespace {

/// What every filtered report begins with; the store keeps that member itself, and the value it had as `head`.
constexpr std::string_view kHead = R"({"processed":)";

/// "false" or "true"; empty for a document that begins otherwise.
std::string_view HeadOf(std::string_view document) {
  if (!document.starts_with(kHead)) return {};
  const std::string_view value = document.substr(kHead.size());
  for (const std::string_view head : {"false", "true"}) {
    const std::string_view behind = value.starts_with(head) ? value.substr(head.size()) : std::string_view();
    if (behind.starts_with(',') || behind.starts_with('}')) return head;
  }
  return {};
}

/// What comes behind the store's own members: "}" or ",…}".
std::string Rest(std::string_view document, std::string_view head) {
  if (!head.empty()) return std::string(document.substr(kHead.size() + head.size()));
  const std::string_view inside = TrimAscii(document.substr(document.find('{') + 1));
  return (inside.starts_with('}') ? "" : ",") + std::string(inside);
}

/// Where the members begin that are not the store's own: one past the value of `processed`. Of kReportFields
/// alone, which an engine gives in any order, that is the end.
std::size_t EndOfOwn(std::string_view source, const Members& members) {
  const bool whole = !members.empty() && members.front().first == "type";
  for (const auto& [name, value] : members) {
    if (whole && name == "processed") {
      return static_cast<std::size_t>(value.data() + value.size() - source.data());
    }
  }
  return source.size();
}

std::string DocumentFrom(std::string_view rest, std::string_view head) {
  if (!head.empty()) return std::string(kHead).append(head).append(rest);
  if (rest.starts_with(',')) rest.remove_prefix(1);
  return std::string("{").append(rest);
}

}  // namespace

std::string ToSource(const StoredReport& report) {
  const std::string_view head = HeadOf(report.document);
  SourceWriter own;
  own.Text("type", "report").Text("id", report.id).Time("stored", report.stored);
  own.Time("run_fed_at", report.run.fed_at).Text("run_id", report.run.id);
  own.Text("submission", report.submission.Get())
      .Int("size", static_cast<std::int64_t>(report.document.size()));
  own.Text("head", head).Bool("processed", report.processed);
  std::string source = std::move(own).Take();
  source.pop_back();
  return source + Rest(report.document, head);
}

Result<StoredReport> ReadReport(std::string_view source) {
  const auto members = MembersOf(source);
  const std::size_t own = members ? EndOfOwn(source, *members) : source.size();
  // Read by itself, the front of a document of megabytes is all that is taken apart.
  SourceReader reader("cuckoo", std::string(source.substr(0, own)) + (own < source.size() ? "}" : ""));
  StoredReport report;
  report.id = reader.Text("id");
  report.stored = reader.Time("stored");
  report.run = {reader.Time("run_fed_at"), reader.Text("run_id")};
  report.submission = model::SubmissionId(reader.Text("submission"));
  report.processed = reader.Bool("processed");
  const std::string head = reader.Text("head");
  if (!reader.Fine()) return Unexpected(reader.Damaged());
  if (own < source.size()) report.document = DocumentFrom(source.substr(own), head);
  return report;
}

std::size_t ReadSize(std::string_view source) {
  return static_cast<std::size_t>(std::max<std::int64_t>(ParseInt(MemberOf(source, "size")).value_or(0), 0));
}

}  // namespace brood::store::opensearch
