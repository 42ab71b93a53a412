#pragma once

#include <vector>

#include "retrohunt/hunt.hpp"
#include "retrohunt/journal.hpp"
#include "retrohunt/ledger.hpp"

namespace brood::retrohunt {

/// The second half of a hunt: makes the blacklist say what ledger and journal have, or tells what would be
/// made. Doing it again finds nothing left to do.
class Settlement {
 public:
  Settlement(store::Blacklist& blacklist, const Ledger& ledger, const Journal& journal, Time started,
             const Clock& clock, const Settings& settings, const Told& told, Outcome& outcome)
      : blacklist_(blacklist),
        ledger_(ledger),
        journal_(journal),
        started_(started),
        clock_(clock),
        dry_run_(settings.mode == Settings::Mode::kDryRun),
        told_(told),
        outcome_(outcome) {}

  /// Sets outcome.finished, unless it was stopped.
  [[nodiscard]] Expected<void, Error> Run();

 private:
  [[nodiscard]] Expected<void, Error> Write();
  [[nodiscard]] Expected<void, Error> Consider(Noted&& noted);
  [[nodiscard]] Expected<void, Error> Flush();
  [[nodiscard]] Expected<void, Error> Remove();
  [[nodiscard]] Expected<void, Error> RemoveThese(std::vector<store::BlacklistEntry> entries);

  store::Blacklist& blacklist_;
  const Ledger& ledger_;
  const Journal& journal_;
  const Time started_;
  const Clock& clock_;
  const bool dry_run_;
  const Told& told_;
  Outcome& outcome_;
  std::vector<Change> pending_;
  bool stopped_ = false;
};

}  // namespace brood::retrohunt
