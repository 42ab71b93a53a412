#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rules/key_matcher.hpp"
#include "rules/points.hpp"
#include "rules/scratch_pool.hpp"
#include "rules/types.hpp"

namespace brood::rules {

struct CompiledObject {
  const KeyInfo* key = nullptr;
  Points score;
  ScorePer score_per = ScorePer::kRule;
  std::int64_t group_id = 0;
};

struct CompiledValue {
  std::uint32_t object = 0;  ///< index among the type's objects
  std::string text;
};

struct CompiledKey {
  const KeyInfo* key = nullptr;
  std::unique_ptr<KeyMatcher> matcher;
};

/// The rules of one type. A match's id is an index into `values`.
struct CompiledType {
  const TypeInfo* type = nullptr;
  std::vector<CompiledObject> objects;
  std::vector<CompiledValue> values;
  std::vector<CompiledKey> keys;  ///< only those that have rules
};

struct CompiledRules {
  std::vector<CompiledType> types;  ///< one for each known type
  Points blacklist_score;
  std::unique_ptr<ScratchPool> scratches;
  std::size_t files = 0;
  std::vector<RuleProblem> warnings;
  std::string fingerprint;
};

}  // namespace brood::rules
