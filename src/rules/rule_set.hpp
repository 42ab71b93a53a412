#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/expected.hpp"

namespace brood::rules {

/// One rule file as it was read: its name (for messages only) and its whole text.
struct RuleFile {
  std::string name, text;
};

/// How often a rule object's score is added. A rule object can say so itself ("count": "each" or "once").
enum class ScorePer {
  kRule,   ///< once, however many data matched
  kMatch,  ///< once per pair of value and datum, as the original program did
};

/// What bounds the matching of one regular expression or wildcard. What hits a bound is reported, see
/// Evaluation.
struct Limits {
  std::uint32_t match_steps = 200'000;      ///< PCRE2's match limit per start position ...
  std::uint32_t match_steps_per_byte = 32;  ///< ... plus this for each byte of the text searched
  std::uint32_t heap_kib = 65'536;
  std::size_t text_bytes = std::size_t{4} << 20;     ///< a longer datum is not searched
  std::chrono::milliseconds cpu_per_pattern{2'000};  ///< CPU time of one value over all data of one report
  std::chrono::milliseconds cpu_per_report{30'000};  ///< of all values together
};

struct Options {
  double blacklist_score = 2.0;
  ScorePer score_per = ScorePer::kRule;
  Limits limits;
  std::filesystem::path cache_folder;  ///< compiled patterns are kept there, see scan_cache.hpp; empty: nowhere
};

enum class Severity { kError, kWarning };

/// What is wrong in a rule file, for people. `where` is a rule key, "info.type", "line 3, column 7" or empty;
/// `value` is the text of the offending value or empty.
struct RuleProblem {
  std::string file, where, value, what;
  Severity severity = Severity::kError;
  bool operator==(const RuleProblem&) const = default;
};

struct CompiledRules;

/// A compiled rule set. Immutable; copies share it, and any number of threads may evaluate with it at once.
class RuleSet {
 public:
  explicit RuleSet(std::shared_ptr<const CompiledRules> rules) : rules_(std::move(rules)) {}

  const CompiledRules& Compiled() const { return *rules_; }  ///< for this room alone
  const std::vector<RuleProblem>& Warnings() const;
  /// Rule objects in all files together.
  std::size_t Size() const;
  /// Changes when the text of any file or its name changes. Hex.
  const std::string& Fingerprint() const;

 private:
  std::shared_ptr<const CompiledRules> rules_;
};

/// All problems of all files together, errors and warnings in the order of the files; or a set that has only
/// warnings. No files make a set that blacklists nothing.
[[nodiscard]] Expected<RuleSet, std::vector<RuleProblem>> Compile(std::span<const RuleFile> files,
                                                                  const Options& options = {});

}  // namespace brood::rules
