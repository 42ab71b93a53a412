#include "rules/evaluate.hpp"

#include <algorithm>
#include <map>
#include <optional>
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
    near.push_back({std::string(type.type->name), value, id, group.objects,
                    std::string(type.objects[group.last_missing].key->name),
                    ValuesOf(type, group.last_missing)});
  }
}

struct Sum {
  Points total;
  bool network = false;  ///< a network key is part of it
};

/// Adds up what counts.
Sum Score(const CompiledType& type, Tallies tallies, model::Verdict& verdict) {
  const std::set<std::int64_t> groups = CompleteGroups(type, tallies);
  Sum sum;
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    const CompiledObject& object = type.objects[i];
    Tally& tally = tallies[i];
    if (tally.pairs == 0 || !groups.contains(object.group_id)) continue;
    sum.total += object.score.Times(object.score_per == ScorePer::kMatch ? tally.pairs : 1);
    sum.network |= object.key->scope == KeyScope::kNetwork;
    std::move(tally.reasons.begin(), tally.reasons.end(), std::back_inserter(verdict.reasons));
  }
  verdict.score = sum.total.AsScore();
  return sum;
}

bool HasNetworkKey(const CompiledType& type) {
  return std::any_of(type.keys.begin(), type.keys.end(),
                     [](const CompiledKey& key) { return key.key->scope == KeyScope::kNetwork; });
}

// What a report may cost in candidates: a report of malware can name any number of them. Together over all
// candidates of a report.
constexpr std::size_t kMostContacts = 1'000'000;  // connections, addresses and requests looked at
constexpr std::size_t kMostReasons = 200'000;     // reasons and near groups told

std::size_t SizeOf(const NetworkView& view) {
  return 1 + view.ips.size() + view.tcp.size() + view.udp.size() + view.http.size() + view.dead_hosts.size();
}

/// The candidates of one type, one by one.
class TypeJudge {
 public:
  TypeJudge(const CompiledRules& rules, const CompiledType& type, const View& whole, MatchScratch& scratch,
            Evaluation& out)
      : rules_(rules), type_(type), whole_(whole), scratch_(scratch), out_(out) {}

  void Run() {
    if (!Always() && !CouldList()) return;
    type_.type->candidates(whole_, [this](const Candidate& candidate) {
      if (Exhausted(candidate)) return false;
      Judge(candidate);
      return true;
    });
  }

 private:
  [[nodiscard]] bool Always() const { return type_.type->listing == Listing::kAlways; }

  /// A candidate sees a part of the network: what matches nowhere in the whole of it matches for none. Only a
  /// number of things may be in a range for a part alone.
  bool CouldList() {
    if (!HasNetworkKey(type_)) return false;
    for (const CompiledKey& key : type_.keys) {
      if (key.key->scope == KeyScope::kNetwork && key.key->kind == ValueKind::kCountRange) return true;
    }
    Tallies anywhere(type_.objects.size());
    std::vector<LimitHit> limits;
    FindMatches(type_, KeyScope::kNetwork, whole_, scratch_, anywhere, limits);
    if (Matched(anywhere)) return true;
    std::move(limits.begin(), limits.end(), std::back_inserter(out_.limit_hits));
    return false;
  }

  static bool Matched(const Tallies& tallies) {
    return std::any_of(tallies.begin(), tallies.end(), [](const Tally& tally) { return tally.pairs > 0; });
  }

  bool Exhausted(const Candidate& candidate) {
    if (Always()) return false;
    contacts_ += SizeOf(candidate.network);
    if (contacts_ <= kMostContacts && reasons_ <= kMostReasons) return false;
    out_.limit_hits.push_back({std::string(type_.type->name), candidate.value, candidate.value, 1,
                               "the report has too many: this one and those behind it are not judged"});
    return true;
  }

  /// What does not depend on the candidate: looked for once, and not before it is wanted.
  const Tallies& OfWholeReport() {
    if (!shared_) {
      shared_.emplace(type_.objects.size());
      FindMatches(type_, KeyScope::kReport, whole_, scratch_, *shared_, out_.limit_hits);
    }
    return *shared_;
  }

  void Judge(const Candidate& candidate) {
    Tallies tallies = Always() ? OfWholeReport() : Tallies(type_.objects.size());
    FindMatches(type_, KeyScope::kNetwork, {whole_.report, candidate.network, whole_.lists}, scratch_, tallies,
                out_.limit_hits);
    if (!Always()) {
      if (!Matched(tallies)) return;
      AddWholeReport(tallies);
    }
    const std::size_t near_before = out_.near_groups.size();
    FindNearGroups(type_, tallies, candidate.value, out_.near_groups);
    reasons_ += out_.near_groups.size() - near_before;
    Conclude(candidate, std::move(tallies));
  }

  /// An object has one key, and so its matches in one place.
  void AddWholeReport(Tallies& tallies) {
    const Tallies& shared = OfWholeReport();
    for (std::size_t i = 0; i < tallies.size(); ++i) {
      if (type_.objects[i].key->scope == KeyScope::kReport) tallies[i] = shared[i];
    }
  }

  void Conclude(const Candidate& candidate, Tallies tallies) {
    model::Verdict verdict{std::string(type_.type->name), candidate.value, 0.0, false, {}};
    const Sum sum = Score(type_, std::move(tallies), verdict);
    if (!Always() && !sum.network) return;
    reasons_ += verdict.reasons.size();
    const bool reached = sum.total >= rules_.blacklist_score;
    const auto whitelisted = type_.type->whitelisted;
    const bool spared =
        reached && whitelisted != nullptr && whitelisted(candidate, whole_.report, whole_.lists);
    if (spared) out_.whitelisted.push_back(candidate.value);
    verdict.blacklisted = reached && !spared;
    out_.verdicts.push_back(std::move(verdict));
  }

  const CompiledRules& rules_;
  const CompiledType& type_;
  const View& whole_;
  MatchScratch& scratch_;
  Evaluation& out_;
  std::optional<Tallies> shared_;
  std::size_t contacts_ = 0, reasons_ = 0;
};

}  // namespace

Evaluation Evaluate(const RuleSet& rules, const model::Report& report, const Lists& lists) {
  const CompiledRules& compiled = rules.Compiled();
  const ScratchPool::Lease scratch = compiled.scratches->Take();
  const NetworkView network = WithoutWhitelisted(report, lists.ip_whitelist);
  const View whole{report, network, lists};
  Evaluation out;
  for (const CompiledType& type : compiled.types) TypeJudge(compiled, type, whole, *scratch, out).Run();
  return out;
}

}  // namespace brood::rules
