#include "rules/evaluate.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "rules/compiled_rules.hpp"

namespace brood::rules {
namespace {

/// What matched one rule object.
struct Tally {
  std::int64_t pairs = 0;
  std::vector<model::Reason> reasons;
};

/// The tallies of a type's objects for one candidate.
using Tallies = std::vector<Tally>;

/// Repeats of a pair of value and datum count, but are no further reason.
void Count(const CompiledType& type, const CompiledKey& key, const std::vector<Match>& found,
           Tallies& tallies) {
  std::set<std::tuple<std::uint32_t, std::string_view>> seen;
  for (const Match& match : found) {
    const CompiledValue& value = type.values[match.id];
    Tally& tally = tallies[value.object];
    ++tally.pairs;
    if (!seen.emplace(match.id, match.data).second) continue;
    tally.reasons.push_back({std::string(key.key->name), match.data, value.text});
  }
}

void FindMatches(const CompiledType& type, KeyScope scope, const View& view, MatchScratch& scratch,
                 Tallies& tallies, std::vector<LimitHit>& limits) {
  for (const CompiledKey& key : type.keys) {
    if (key.key->scope != scope) continue;
    Matches matches;
    key.matcher->Find(view, scratch, matches);
    Count(type, key, matches.found, tallies);
    std::move(matches.limits.begin(), matches.limits.end(), std::back_inserter(limits));
  }
}

/// Groups of which every object matched.
std::set<std::int64_t> CompleteGroups(const CompiledType& type, const Tallies& tallies) {
  std::set<std::int64_t> complete;
  for (const CompiledObject& object : type.objects) complete.insert(object.group_id);
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    if (tallies[i].pairs == 0) complete.erase(type.objects[i].group_id);
  }
  complete.insert(0);
  return complete;
}

struct GroupTally {
  std::size_t objects = 0, missing = 0;
  std::size_t last_missing = 0;  // an object's index
};

std::vector<std::string> ValuesOf(const CompiledType& type, std::size_t object) {
  std::vector<std::string> values;
  for (const CompiledValue& value : type.values) {
    if (value.object == object) values.push_back(value.text);
  }
  return values;
}

void FindNearGroups(const CompiledType& type, const Tallies& tallies, const std::string& value,
                    std::vector<NearGroup>& near) {
  std::map<std::int64_t, GroupTally> groups;
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    const std::int64_t id = type.objects[i].group_id;
    if (id == 0) continue;
    GroupTally& group = groups[id];
    ++group.objects;
    if (tallies[i].pairs > 0) continue;
    ++group.missing;
    group.last_missing = i;
  }
  for (const auto& [id, group] : groups) {
    if (group.missing != 1 || group.objects < 2) continue;
    near.push_back({value, id, group.objects, std::string(type.objects[group.last_missing].key->name),
                    ValuesOf(type, group.last_missing)});
  }
}

/// Adds up what counts. Gives the total.
Points Score(const CompiledType& type, Tallies tallies, model::Verdict& verdict) {
  const std::set<std::int64_t> groups = CompleteGroups(type, tallies);
  Points total;
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    const CompiledObject& object = type.objects[i];
    Tally& tally = tallies[i];
    if (tally.pairs == 0 || !groups.contains(object.group_id)) continue;
    total += object.score.Times(object.score_per == ScorePer::kMatch ? tally.pairs : 1);
    std::move(tally.reasons.begin(), tally.reasons.end(), std::back_inserter(verdict.reasons));
  }
  verdict.score = total.AsScore();
  return total;
}

bool HasNetworkReason(const model::Verdict& verdict) {
  return std::any_of(verdict.reasons.begin(), verdict.reasons.end(), [](const model::Reason& reason) {
    return FindKey(reason.key)->scope == KeyScope::kNetwork;
  });
}

class Judge {
 public:
  Judge(const CompiledRules& rules, const model::Report& report, const Lists& lists)
      : rules_(rules), report_(report), lists_(lists), scratch_(rules.scratches->Take()) {}

  Evaluation Run() && {
    const NetworkView network = WithoutWhitelisted(report_, lists_.ip_whitelist);
    for (const CompiledType& type : rules_.types) JudgeType(type, network);
    return std::move(out_);
  }

 private:
  void JudgeType(const CompiledType& type, const NetworkView& network) {
    const std::vector<Candidate> candidates = type.type->candidates(report_, network);
    if (candidates.empty()) return;
    // What does not depend on the candidate is looked for once.
    Tallies shared(type.objects.size());
    FindMatches(type, KeyScope::kReport, {report_, network, lists_}, *scratch_, shared, out_.limit_hits);
    for (const Candidate& candidate : candidates) JudgeCandidate(type, candidate, shared);
  }

  void JudgeCandidate(const CompiledType& type, const Candidate& candidate, Tallies tallies) {
    FindMatches(type, KeyScope::kNetwork, {report_, candidate.network, lists_}, *scratch_, tallies,
                out_.limit_hits);
    model::Verdict verdict{std::string(type.type->name), candidate.value, 0.0, false, {}};
    std::vector<NearGroup> near;
    FindNearGroups(type, tallies, candidate.value, near);
    const Points total = Score(type, std::move(tallies), verdict);
    if (type.type->listing == Listing::kIfANetworkKeyMatched && !HasNetworkReason(verdict)) return;
    std::move(near.begin(), near.end(), std::back_inserter(out_.near_groups));
    const bool reached = total >= rules_.blacklist_score;
    const bool spared = reached && type.type->whitelisted(candidate, report_, lists_);
    if (spared) out_.whitelisted.push_back(candidate.value);
    verdict.blacklisted = reached && !spared;
    out_.verdicts.push_back(std::move(verdict));
  }

  const CompiledRules& rules_;
  const model::Report& report_;
  const Lists& lists_;
  ScratchPool::Lease scratch_;
  Evaluation out_;
};

}  // namespace

Evaluation Evaluate(const RuleSet& rules, const model::Report& report, const Lists& lists) {
  return Judge(rules.Compiled(), report, lists).Run();
}

}  // namespace brood::rules
