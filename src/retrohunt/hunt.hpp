#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "retrohunt/change.hpp"
#include "rules/lists.hpp"
#include "rules/rule_set.hpp"
#include "store/store.hpp"

namespace brood::retrohunt {

struct Settings {
  std::filesystem::path journal;
  std::string basis;  ///< names rules, score and lists; a hunt that was begun with others is not gone on with
  enum class Mode { kApply, kDryRun } mode = Mode::kApply;
  enum class Start { kGoOn, kAnew } start = Start::kGoOn;
  std::size_t workers = 2;
  std::size_t page = 64;  ///< reports read together at most
};

struct Progress {
  std::uint64_t done = 0, all = 0;  ///< reports
  std::uint64_t before = 0;         ///< of `done`, those that an earlier run has read
};

/// What a hunt came to.
struct Outcome {
  bool finished = false;  ///< else it was stopped and can go on
  std::uint64_t reports = 0, before = 0, unreadable = 0, doubtful = 0;
  std::uint64_t added = 0, changed = 0, removed = 0;  ///< of a dry run: what would be
  std::uint64_t unchanged = 0;
  std::uint64_t of_people = 0;  ///< entries that a person or an import made: left alone
  std::uint64_t no_report = 0;  ///< entries that stay because no stored report names their value any more
  std::uint64_t meanwhile = 0;  ///< left alone because somebody else changed them while the hunt ran
};

struct Told {
  std::function<void(const Progress&)> progress;  ///< at the start, and after each page
  std::function<void(const Change&)> change;      ///< after it was made; in a dry run, what would be made
  std::function<bool()> stop;                     ///< asked often; true ends the hunt so that it can go on
};

/// Applies rules and lists again to every stored report, while the services run.
///
/// * An entry stays as it is where any report still has it so. Else it gets the highest score that a report
///   gives it, with the reasons of that.
/// * An entry goes only if rules made it, a stored report names its value, and none blacklists it. What cannot
///   be judged any more (the report is gone, is damaged, or hit a limit) stays.
/// * What a person or an import put there is not touched, nor what changed since the hunt began.
///
/// Reports and submissions are only read. The journal lies on the disk until the hunt is over: ended at any
/// point, the next one with the same basis goes on behind the last page. Functions of `told` are called on the
/// calling thread.
[[nodiscard]] Expected<Outcome, Error> Hunt(store::Reports& reports, store::Blacklist& blacklist,
                                            const rules::RuleSet& rules,
                                            std::shared_ptr<const rules::Lists> lists, const Clock& clock,
                                            const Settings& settings, const Told& told);

}  // namespace brood::retrohunt
