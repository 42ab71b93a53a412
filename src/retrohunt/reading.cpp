#include "retrohunt/reading.hpp"

#include <algorithm>
#include <deque>

#include "base/crash_point.hpp"
#include "retrohunt/workers.hpp"

namespace brood::retrohunt {

/// A page that a worker judges.
struct Reading::Ahead {
  std::future<Findings> findings;
  std::string next;
};

Expected<void, Error> Reading::Run(Standpoint& standpoint, const Settings& settings, const Told& told) {
  const auto all = reports_.CountSince(std::nullopt);
  if (!all) return Unexpected(store::ToError(all.error()));
  const std::uint64_t before = standpoint.reports;
  std::deque<Ahead> ahead;
  Workers workers(settings.workers);  // behind `ahead`: they end first
  std::string next = standpoint.next;
  bool last = false;
  for (;;) {
    told.progress({standpoint.reports, std::max<std::uint64_t>(*all, standpoint.reports), before});
    if (standpoint.all_read || told.stop()) return {};
    while (!last && ahead.size() < settings.workers + 2) {
      auto page = reports_.Scan({settings.page, next});
      if (!page) return Unexpected(store::ToError(page.error()));
      next = page->next;
      last = next.empty();
      auto items = std::make_shared<std::vector<store::StoredReport>>(std::move(page->items));
      ahead.push_back({workers.Do<Findings>([this, items] { return judge_(*items); }), next});
    }
    standpoint.next = ahead.front().next;
    standpoint.all_read = standpoint.next.empty();
    auto entered = Enter(ahead.front().findings.get(), standpoint);
    if (!entered) return entered;
    ahead.pop_front();
  }
}

Expected<void, Error> Reading::Enter(Findings findings, Standpoint& standpoint) {
  for (Findings::Listed& listed : findings.listed) {
    const bool stood = ledger_.Stands(listed.key);
    const auto told = ledger_.Lists(listed.key, listed.entry);
    if (told == Ledger::Told::kSame) journal_.NoteSame(ToHex(listed.key));
    if (told == Ledger::Told::kBest) journal_.Note({std::move(listed.entry), stood});
  }
  for (const ValueKey& key : findings.spared) {
    if (ledger_.Spares(key)) journal_.NoteSpared(ToHex(key));
  }
  standpoint.reports += findings.reports;
  standpoint.unreadable += findings.unreadable;
  standpoint.doubtful += findings.doubtful;
  auto committed = journal_.Commit(standpoint);
  CrashPoint("retrohunt.page_entered");
  return committed;
}

}  // namespace brood::retrohunt
