#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rules/evaluate.hpp"
#include "rules/keys.hpp"
#include "rules/rule_json.hpp"
#include "rules/text_matcher.hpp"

namespace brood::rules {

/// One value of a key, to be compiled. `id` comes back in matches and problems.
struct KeyValue {
  std::uint32_t id = 0;
  RuleScalar value;
  LetterCase letter_case = LetterCase::kMatters;
};

struct ValueProblem {
  std::uint32_t id = 0;
  Severity severity = Severity::kError;
  std::string what;
};

/// Value `id` matched `data`.
struct Match {
  std::uint32_t id = 0;
  std::string data;
};

struct Matches {
  std::vector<Match> found;  ///< in the order of the report
  std::vector<LimitHit> limits;
};

/// All values of one key. Immutable, shared between threads.
class KeyMatcher {
 public:
  virtual ~KeyMatcher() = default;
  virtual void Find(const View& view, MatchScratch& scratch, Matches& out) const = 0;
  /// Adds how texts are looked for; ids are those of the values.
  virtual void Tell(MatcherFacts&) const {}
};

/// The matcher of a key for values of its kind; null if any value is bad. Problems, warnings too, go to
/// `problems`. `slot` is where compiled texts are kept.
[[nodiscard]] std::unique_ptr<KeyMatcher> BuildKeyMatcher(const KeyInfo& key, std::span<const KeyValue> values,
                                                          std::vector<ValueProblem>& problems,
                                                          const CacheSlot& slot = {});

}  // namespace brood::rules
