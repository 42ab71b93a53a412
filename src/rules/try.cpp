#include "rules/try.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace brood::rules {
namespace {

constexpr std::size_t kShown = 160;

/// Data come from malware: nothing in them may reach the terminal as a command.
std::string Shown(std::string_view text) {
  std::string out;
  for (const char c : Shorten(text, kShown)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string FormatNear(const NearGroup& group) {
  constexpr std::size_t kShownValues = 3;
  std::string values;
  for (std::size_t i = 0; i < std::min(group.missing.size(), kShownValues); ++i) {
    values += (i == 0 ? "" : " or ") + Shown(group.missing[i]);
  }
  const std::size_t more = group.missing.size() - std::min(group.missing.size(), kShownValues);
  if (more > 0) values += fmt::format(" or {} more", more);
  return fmt::format(
      "  nearly: group {} counts for nothing: of its {} objects only this did not match: {}: {}\n",
      group.group_id, group.objects, group.key, values);
}

}  // namespace

std::string FormatEvaluation(const std::string& file, const Evaluation& evaluation) {
  std::string text;
  for (const model::Verdict& verdict : evaluation.verdicts) {
    text += fmt::format("{}: {} {}: score {}{}\n", file, verdict.type, Shown(verdict.value), verdict.score,
                        verdict.blacklisted ? ", blacklisted" : "");
    for (const model::Reason& reason : verdict.reasons) {
      text += fmt::format("  {}: {}", reason.key, Shown(reason.data));
      text += reason.value == reason.data ? "\n" : fmt::format("  (matched by {})\n", Shown(reason.value));
    }
  }
  for (const NearGroup& group : evaluation.near_groups) text += FormatNear(group);
  for (const std::string& value : evaluation.whitelisted) {
    text += fmt::format("  {} is on a whitelist and stays off the blacklist\n", Shown(value));
  }
  for (const LimitHit& limit : evaluation.limit_hits) {
    text += fmt::format("  limit: {}: {}: {} ({} times, first at {})\n", limit.key, Shown(limit.value),
                        limit.what, limit.times, Shown(limit.data));
  }
  if (evaluation.verdicts.empty()) text += fmt::format("{}: nothing to judge: the report has no MD5\n", file);
  return text;
}

}  // namespace brood::rules
