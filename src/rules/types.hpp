#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/view.hpp"

namespace brood::rules {

/// A value that the rules of a type judge.
struct Candidate {
  std::string value;
  NetworkView network;  ///< what network keys look at for it
};

/// When a candidate gets a verdict.
enum class Listing { kAlways, kIfANetworkKeyMatched };

/// A type of rule file and of blacklist entry. A new type is one row of the table in types.cpp and its two
/// functions.
struct TypeInfo {
  std::string_view name;
  Listing listing;
  std::vector<Candidate> (*candidates)(const model::Report&, const NetworkView&);
  bool (*whitelisted)(const Candidate&, const model::Report&, const Lists&);
};

[[nodiscard]] std::span<const TypeInfo> AllTypes();
/// Null for an unknown name.
[[nodiscard]] const TypeInfo* FindType(std::string_view name);

}  // namespace brood::rules
