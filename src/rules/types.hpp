#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "rules/view.hpp"

namespace brood::rules {

/// A value that the rules of a type judge.
struct Candidate {
  std::string value;    ///< in its one form, see net_names.hpp
  NetworkView network;  ///< what network keys look at for it
};

/// Takes the candidates one by one. False: no more of them.
using OnCandidate = std::function<bool(const Candidate&)>;

/// When a candidate gets a verdict.
enum class Listing { kAlways, kIfANetworkKeyMatched };

/// What is odd about a key in rules of a type, as `rules check` warns of it.
struct KeyRemark {
  std::string_view key, what;
};

/// A type of rule file and of blacklist entry. A new type is one row of the table in types.cpp and its
/// functions: see docs/rule_types.md.
struct TypeInfo {
  std::string_view name;
  Listing listing;
  /// Each value of the report once, in its order. Called only if there are rules that could list one.
  void (*candidates)(const View&, const OnCandidate&);
  /// Keeps a value off the blacklist that has reached the score. Null: `candidates` leaves such values out.
  bool (*whitelisted)(const Candidate&, const model::Report&, const Lists&);
  std::span<const KeyRemark> remarks;
};

[[nodiscard]] std::span<const TypeInfo> AllTypes();
/// Null for an unknown name.
[[nodiscard]] const TypeInfo* FindType(std::string_view name);

}  // namespace brood::rules
