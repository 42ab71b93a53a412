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

/// `whose`: empty below the verdict that it belongs to.
std::string FormatNear(const NearGroup& group, const std::string& whose) {
  constexpr std::size_t kShownValues = 3;
  std::string values;
  for (std::size_t i = 0; i < std::min(group.missing.size(), kShownValues); ++i) {
    values += (i == 0 ? "" : " or ") + Shown(group.missing[i]);
  }
  const std::size_t more = group.missing.size() - std::min(group.missing.size(), kShownValues);
  if (more > 0) values += fmt::format(" or {} more", more);
  return fmt::format(
      "  nearly: {}group {} counts for nothing: of its {} objects only this did not match: {}: {}\n", whose,
      group.group_id, group.objects, group.key, values);
}

/// The verdict, its matches, its near groups; `near` keeps those of other values.
std::string FormatVerdict(const std::string& file, const model::Verdict& verdict,
                          std::vector<NearGroup>& near) {
  std::string text = fmt::format("{}: {} {}: score {}{}\n", file, verdict.type, Shown(verdict.value),
                                 verdict.score, verdict.blacklisted ? ", blacklisted" : "");
  for (const model::Reason& reason : verdict.reasons) {
    text += fmt::format("  {}: {}", reason.key, Shown(reason.data));
    text += reason.value == reason.data ? "\n" : fmt::format("  (matched by {})\n", Shown(reason.value));
  }
  const auto own = std::stable_partition(near.begin(), near.end(), [&](const NearGroup& group) {
    return group.type != verdict.type || group.value != verdict.value;
  });
  for (auto group = own; group != near.end(); ++group) text += FormatNear(*group, "");
  near.erase(own, near.end());
  return text;
}

bool HasSample(const Evaluation& evaluation) {
  return std::ranges::any_of(evaluation.verdicts,
                             [](const model::Verdict& verdict) { return verdict.type == "hash"; });
}

}  // namespace

std::string FormatEvaluation(const std::string& file, const Evaluation& evaluation) {
  std::string text;
  std::vector<NearGroup> near = evaluation.near_groups;
  for (const model::Verdict& verdict : evaluation.verdicts) text += FormatVerdict(file, verdict, near);
  for (const NearGroup& group : near) {
    text += FormatNear(group, fmt::format("{} {}: ", group.type, Shown(group.value)));
  }
  for (const std::string& value : evaluation.whitelisted) {
    text += fmt::format("  {} is on a whitelist and stays off the blacklist\n", Shown(value));
  }
  for (const LimitHit& limit : evaluation.limit_hits) {
    text += fmt::format("  limit: {}: {}: {} ({} times, first at {})\n", limit.key, Shown(limit.value),
                        limit.what, limit.times, Shown(limit.data));
  }
  if (!HasSample(evaluation)) text += fmt::format("{}: no sample to judge: the report has no MD5\n", file);
  return text;
}

}  // namespace brood::rules
