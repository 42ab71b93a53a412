#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/report.hpp"
#include "model/verdict.hpp"
#include "rules/lists.hpp"
#include "rules/rule_set.hpp"

namespace brood::rules {

/// A value whose matching was given up at one of Limits. Its matches up to there count; the rest is unknown.
/// With a type as `key`: of its candidates this one and those behind it were not judged.
struct LimitHit {
  std::string key, value;
  std::string data;         ///< the first datum it happened on, shortened
  std::uint64_t times = 1;  ///< on how many data
  std::string what;         ///< which limit
  bool operator==(const LimitHit&) const = default;
};

/// A group of which all objects but one matched.
struct NearGroup {
  std::string type, value;  ///< that was judged
  std::int64_t group_id = 0;
  std::size_t objects = 0;           ///< that the group has
  std::string key;                   ///< of the object that did not match
  std::vector<std::string> missing;  ///< its values
  bool operator==(const NearGroup&) const = default;
};

struct Evaluation {
  std::vector<model::Verdict> verdicts;
  std::vector<NearGroup> near_groups;
  std::vector<LimitHit> limit_hits;
  /// Values whose total reached the blacklist score, but that a whitelist keeps off the blacklist.
  std::vector<std::string> whitelisted;
};

/// What the rules say of a report: for type `hash` one verdict for the report's MD5, whatever its score, and
/// none for a report without MD5; for the other types one for each candidate of which a network key matched in
/// a rule object that counts. The reasons name each datum that matched a rule object that counts (once per
/// key, datum, value).
///
/// Scores are summed in whole millionths, so that twenty times 0.1 is 2.0 and never 1.9999999999999998. They
/// may be negative. Total >= Options::blacklist_score is blacklisted.
///
/// Types that could list nothing, for want of rules with a network key, cost nothing.
///
/// Pure, thread-safe and bounded in time by Limits. The same input gives the same verdicts, unless a CPU limit
/// is hit.
[[nodiscard]] Evaluation Evaluate(const RuleSet& rules, const model::Report& report, const Lists& lists);

}  // namespace brood::rules
