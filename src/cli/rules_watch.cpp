#include "cli/rules_watch.hpp"

#include <pthread.h>

#include <stdexcept>

#include "base/log.hpp"
#include "rules/check.hpp"
#include "rules/folder.hpp"

namespace brood::cli {
namespace {

constexpr std::chrono::seconds kLookEvery{1};

void LogWarnings(const std::vector<rules::RuleProblem>& warnings) {
  for (const rules::RuleProblem& warning : warnings) {
    log::Warning("a rule may not mean what it says", {{"warning", rules::FormatProblem(warning)}});
  }
}

rules::RuleSet Load(const rules::RuleSource& source, const std::string& folder) {
  auto loaded = source.load();
  if (!loaded) throw std::runtime_error("the rules cannot be used:\n" + rules::FormatProblems(loaded.error()));
  log::Info("rules are loaded", {{"folder", folder}, {"rules", loaded->Size()}});
  LogWarnings(loaded->Warnings());
  return std::move(*loaded);
}

/// Taken before the rules are read: what changes meanwhile is a change.
rules::Reloader MakeReloader(rules::RuleSource source, const std::string& folder, const Clock& clock) {
  std::string fingerprint = source.fingerprint();
  rules::RuleSet loaded = Load(source, folder);
  return {std::move(source), std::move(loaded), std::move(fingerprint), clock, kLookEvery};
}

}  // namespace

RulesWatch::RulesWatch(const std::string& folder, const rules::Options& options, const Clock& clock)
    : reloader_(MakeReloader(rules::FolderSource(folder, options), folder, clock)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void RulesWatch::Run(const std::stop_token& stop) {
  pthread_setname_np(pthread_self(), "rules");
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, stop, kLookEvery, [] { return false; }) && !stop.stop_requested()) {
    const auto check = reloader_.Poll();
    if (check.outcome == rules::Reloader::Outcome::kReloaded) {
      log::Info("changed rules are in force");
      LogWarnings(check.problems);
    }
    if (check.outcome == rules::Reloader::Outcome::kKeptOld) {
      log::Error("changed rules are broken, the old ones stay in force",
                 {{"problems", rules::FormatProblems(check.problems)}});
    }
  }
}

}  // namespace brood::cli
