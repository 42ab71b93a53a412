#include "stages/parse_and_submit/report_check.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "model/kin.hpp"
#include "model/submission.hpp"

namespace brood::stages::parse_and_submit {
namespace {

constexpr std::size_t kMd5Digits = 32;

/// Of a task that others fed: it has no marker of ours, but CRITs says which sample it is about.
std::string WhyNotTheirs(const model::TaskMessage& task, const std::optional<model::Marker>& marker,
                         const model::Report& report) {
  const model::SampleHash sha256{LowerAscii(report.sha256)};
  if (marker && model::KinOf(task.crits, *marker, sha256) == model::Kin::kAnother)
    return fmt::format("it carries the marker {} of another submission", model::ToText(*marker));
  const std::string md5 = LowerAscii(report.md5), asked = LowerAscii(task.crits.md5);
  if (!md5.empty() && IsHex(asked, kMd5Digits) && md5 != asked)
    return fmt::format("it is about the sample with the MD5 {} instead of {}", Shorten(md5, 64), asked);
  return {};
}

}  // namespace

std::string WhyForeign(const model::TaskMessage& task, const model::ReportFacts& facts,
                       const model::Report& report) {
  const auto marker = model::MarkerFrom(facts.custom);
  const model::Marker ours{task.submission, task.attempt};
  if (!marker && !task.submission.Get().empty() && !facts.custom.empty()) {
    return fmt::format("it carries the text '{}' instead of {}", Shorten(facts.custom, 100),
                       model::ToText(ours));
  }
  if (marker && !task.submission.Get().empty() && *marker != ours) {
    return fmt::format("it carries the marker {} instead of {}", model::ToText(*marker), model::ToText(ours));
  }
  if (task.submission.Get().empty()) {
    if (std::string why = WhyNotTheirs(task, marker, report); !why.empty()) return why;
  }
  const std::string sha256 = LowerAscii(report.sha256);
  if (!sha256.empty() && !task.sha256.Get().empty() && sha256 != task.sha256.Get()) {
    return fmt::format("it is about the sample {} instead of {}", Shorten(sha256, 64), task.sha256.Get());
  }
  return {};
}

std::string NoteOn(const model::ReportFacts& facts, const model::Report& report) {
  const bool implies_behaviour = facts.platform.empty() || EqualsIgnoringCase(facts.platform, "windows");
  const bool looked_at = facts.has_behavior || !report.signature.empty();
  if (!facts.errors.empty()) return "empty";
  return implies_behaviour && !looked_at ? "empty" : "";
}

std::string DocumentId(const model::TaskMessage& task, const model::Report& report) {
  if (!task.sha256.Get().empty()) return task.sha256.Get();
  if (!report.sha256.empty()) return LowerAscii(report.sha256);
  if (!task.submission.Get().empty()) return task.submission.Get();
  return fmt::format("{}:{}", task.node.Get(), task.task.Get());
}

std::string RunId(const model::TaskMessage& task) {
  if (!task.submission.Get().empty()) return fmt::format("{}:{}", task.submission.Get(), task.attempt);
  return fmt::format("{}:{}", task.node.Get(), task.task.Get());
}

}  // namespace brood::stages::parse_and_submit
