#include "stages/parse_and_submit/crits_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace brood::stages::parse_and_submit {
namespace {

constexpr const char* kUsed = "CritsBytes";
constexpr const char* kBatch = "CritsBatch";

std::int64_t NumberIn(const model::TaskMessage& task, const char* key, std::int64_t otherwise) {
  const auto found = task.extras.find(key);
  if (found == task.extras.end()) return otherwise;
  return std::max(otherwise, ParseInt(found->second).value_or(otherwise));
}

std::string KeyFrom(std::string_view kind, const crits::Analysis& analysis,
                    std::initializer_list<std::string_view> parts) {
  Sha256 hash;
  const auto add = [&](std::string_view part) {
    hash.Update(fmt::format("{}:", part.size()));  // so that no two lists of parts run into the same text
    hash.Update(part);
  };
  for (const std::string_view part :
       {std::string_view(analysis.crits_url), std::string_view(analysis.object_type),
        std::string_view(analysis.object_id), std::string_view(analysis.analysis_id)}) {
    add(part);
  }
  for (const std::string_view part : parts) add(part);
  return fmt::format("crits:{}:{}", kind, hash.FinishHex());
}

}  // namespace

bool ConcernsCrits(const model::CritsData& crits) {
  return !crits.analysis_id.empty() && !crits.object_id.empty() && !crits.object_type.empty();
}

CritsPlan PlanFor(const std::vector<crits::Parser>& enabled, const model::TaskMessage& task, bool can_relay) {
  CritsPlan plan;
  for (const crits::Parser parser : enabled) {
    if (std::ranges::find(task.parsed, crits::Name(parser)) == task.parsed.end()) plan.run.push_back(parser);
  }
  plan.relay = can_relay && !plan.run.empty();
  plan.used = static_cast<std::size_t>(NumberIn(task, kUsed, 0));
  plan.first_batch = NumberIn(task, kBatch, 1);
  return plan;
}

model::TaskMessage Relayed(const model::TaskMessage& task, const CritsPlan& plan, std::size_t used,
                           std::int64_t next_batch) {
  model::TaskMessage next = task;
  for (const crits::Parser parser : plan.run) next.parsed.emplace_back(crits::Name(parser));
  next.extras[kUsed] = std::to_string(used);
  next.extras[kBatch] = std::to_string(next_batch);
  return next;
}

std::string KeyOfAll(const model::TaskMessage& task) {
  std::string parsed;
  for (const std::string& parser : task.parsed) parsed += parser + ",";
  return KeyFrom("all", task.crits, {task.node.Get(), std::to_string(task.task.Get()), parsed});
}

std::string KeyOf(const crits::Analysis& analysis, const crits::Update& update) {
  return KeyFrom("batch", analysis,
                 {update.results.results, update.results.types, update.results.subtypes, update.log,
                  update.end ? "end" : ""});
}

std::string KeyOfSample(const crits::Analysis& analysis, std::string_view sha256, std::string_view name) {
  return KeyFrom("sample", analysis, {sha256, name});
}

}  // namespace brood::stages::parse_and_submit
