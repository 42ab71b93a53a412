#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "rules/rule_set.hpp"

namespace brood::rules {

/// Where a Reloader gets its rules from; see FolderSource.
struct RuleSource {
  /// Cheap: changes when the rules may have changed.
  std::function<std::string()> fingerprint;
  std::function<Expected<RuleSet, std::vector<RuleProblem>>()> load;
};

[[nodiscard]] RuleSource FolderSource(std::string folder, Options options);

/// Holds the rules in force and looks for changed ones. A broken change is told once and leaves the rules as
/// they were. Thread-safe.
class Reloader {
 public:
  enum class Outcome { kUnchanged, kReloaded, kKeptOld };
  struct Check {
    Outcome outcome = Outcome::kUnchanged;
    std::vector<RuleProblem> problems;  ///< with kKeptOld what is wrong, with kReloaded the warnings
  };

  /// `rules` are in force at first, loaded by the caller when the source's fingerprint was `fingerprint`.
  Reloader(RuleSource source, RuleSet rules, std::string fingerprint, const Clock& clock,
           Millis every = std::chrono::seconds(2));

  /// The rules in force. Keep the copy for one report, not for longer.
  [[nodiscard]] RuleSet Current() const;
  /// Looks for a change if `every` has passed since the last look. Takes as long as loading, which for
  /// thousands of patterns is seconds: call it where nobody waits. Current goes on meanwhile.
  Check Poll();

 private:
  RuleSource source_;
  const Clock& clock_;
  const Millis every_;
  mutable std::mutex mutex_;  // guards rules_; never held while rules are compiled
  RuleSet rules_;
  std::mutex poll_mutex_;  // guards what follows
  std::string fingerprint_;
  Time last_look_;
};

}  // namespace brood::rules
