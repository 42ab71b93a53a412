#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "rules/reloader.hpp"
#include "rules/rule_set.hpp"

namespace brood::cli {

/// The rules in force. A thread of its own looks for changed ones, compiles them and logs what became of them,
/// so that no report waits for it. Thread-safe.
class RulesWatch {
 public:
  /// Throws std::runtime_error with every problem if the rules are broken.
  RulesWatch(const std::string& folder, const rules::Options& options, const Clock& clock);
  /// Waits for rules that are being compiled.
  ~RulesWatch() = default;
  RulesWatch(const RulesWatch&) = delete;
  RulesWatch& operator=(const RulesWatch&) = delete;

  [[nodiscard]] rules::RuleSet Current() const { return reloader_.Current(); }

 private:
  void Run(const std::stop_token& stop);

  rules::Reloader reloader_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace brood::cli
