#pragma once

#include <functional>

#include "retrohunt/hunt.hpp"
#include "retrohunt/journal.hpp"
#include "retrohunt/judge.hpp"
#include "retrohunt/ledger.hpp"

namespace brood::retrohunt {

/// The first half of a hunt: reads every report from the standpoint on and enters what the judge finds in
/// ledger and journal, page by page in the order of the reports; workers judge pages that lie ahead meanwhile.
class Reading {
 public:
  Reading(store::Reports& reports, const Judge& judge, Ledger& ledger, Journal& journal)
      : reports_(reports), judge_(judge), ledger_(ledger), journal_(journal) {}

  /// Until all are read or told.stop says so; `standpoint` tells how far it came.
  [[nodiscard]] Expected<void, Error> Run(Standpoint& standpoint, const Settings& settings, const Told& told);

 private:
  struct Ahead;
  [[nodiscard]] Expected<void, Error> Enter(Findings findings, Standpoint& standpoint);

  store::Reports& reports_;
  const Judge& judge_;
  Ledger& ledger_;
  Journal& journal_;
};

}  // namespace brood::retrohunt
