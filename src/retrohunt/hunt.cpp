#include "retrohunt/hunt.hpp"

#include "base/log.hpp"
#include "retrohunt/journal.hpp"
#include "retrohunt/judge.hpp"
#include "retrohunt/ledger.hpp"
#include "retrohunt/reading.hpp"
#include "retrohunt/settlement.hpp"

namespace brood::retrohunt {
namespace {

constexpr std::size_t kEntriesAPage = 1'000;

/// What the journal has of a hunt to go on with; a new one otherwise.
Expected<Journal::Kept, Error> Begin(Journal& journal, const Settings& settings, Time now) {
  auto kept = journal.Read();
  if (!kept) return Unexpected(kept.error());
  const bool go_on = *kept && settings.start == Settings::Start::kGoOn;
  if (go_on && (*kept)->heading.basis == settings.basis) return std::move(**kept);
  if (go_on) log::Info("rules or lists have changed since the retro-hunt was ended: it begins anew");
  const Heading heading{now, settings.basis};
  return journal.Begin(heading).map([&] { return Journal::Kept{heading, {}}; });
}

Expected<void, Error> LoadStanding(store::Blacklist& blacklist, Ledger& ledger) {
  store::Page page{kEntriesAPage, {}};
  do {
    const auto listing = blacklist.Since("", std::nullopt, page);
    if (!listing) return Unexpected(store::ToError(listing.error()));
    for (const store::BlacklistEntry& entry : listing->items) ledger.Stand(entry);
    page.after = listing->next;
  } while (!page.after.empty());
  ledger.Seal();
  return {};
}

/// An entry that stood and is gone by now was removed by somebody: it is not made anew.
Expected<void, Error> Recall(const Journal& journal, Ledger& ledger) {
  Journal::Reader reader;
  reader.noted = [&](Noted&& noted) -> Expected<void, Error> {
    const ValueKey key = KeyOf(noted.entry.type, noted.entry.value);
    if (ledger.Stands(key) || !noted.stood) (void)ledger.Lists(key, noted.entry);
    return {};
  };
  reader.same = [&](std::string_view hex) {
    if (const auto key = KeyFromHex(hex)) ledger.RecallSame(*key);
  };
  reader.spared = [&](std::string_view hex) {
    if (const auto key = KeyFromHex(hex)) (void)ledger.Spares(*key);
  };
  return journal.Replay(reader);
}

}  // namespace

Expected<Outcome, Error> Hunt(store::Reports& reports, store::Blacklist& blacklist, const rules::RuleSet& rules,
                              std::shared_ptr<const rules::Lists> lists, const Clock& clock,
                              const Settings& settings, const Told& told) {
  auto journal = Journal::Open(settings.journal);
  if (!journal) return Unexpected(journal.error());
  auto kept = Begin(*journal, settings, clock.Now());
  if (!kept) return Unexpected(kept.error());
  Ledger ledger(kept->heading.started);
  if (auto loaded = LoadStanding(blacklist, ledger); !loaded) return Unexpected(loaded.error());
  if (auto recalled = Recall(*journal, ledger); !recalled) return Unexpected(recalled.error());

  Standpoint& standpoint = kept->standpoint;
  Outcome outcome;
  outcome.before = standpoint.reports;
  const Judge judge(rules, std::move(lists), ledger);
  if (auto read = Reading(reports, judge, ledger, *journal).Run(standpoint, settings, told); !read)
    return Unexpected(read.error());
  outcome.reports = standpoint.reports;
  outcome.unreadable = standpoint.unreadable;
  outcome.doubtful = standpoint.doubtful;
  if (!standpoint.all_read) return outcome;
  Settlement settlement(blacklist, ledger, *journal, kept->heading.started, clock, settings, told, outcome);
  if (auto settled = settlement.Run(); !settled) return Unexpected(settled.error());
  if (outcome.finished) journal->Remove();
  return outcome;
}

}  // namespace brood::retrohunt
