#include "retrohunt/settlement.hpp"

#include <algorithm>

#include "base/crash_point.hpp"

namespace brood::retrohunt {
namespace {

constexpr std::size_t kTogether = 100;  // entries written or removed in one call

}  // namespace

Expected<void, Error> Settlement::Run() {
  outcome_.unchanged = ledger_.Unchanged();
  outcome_.of_people = ledger_.OfPeople();
  return Write().and_then([this] { return stopped_ ? Expected<void, Error>() : Remove(); });
}

Expected<void, Error> Settlement::Write() {
  Journal::Reader reader;
  reader.noted = [this](Noted&& noted) { return Consider(std::move(noted)); };
  return journal_.Replay(reader).and_then([this] { return Flush(); });
}

/// Only the last of what was noted of a value is its best.
Expected<void, Error> Settlement::Consider(Noted&& noted) {
  if (stopped_) return {};
  store::BlacklistEntry& entry = noted.entry;
  const ValueKey key = KeyOf(entry.type, entry.value);
  const auto fate = ledger_.Of(key);
  const bool wanted = fate == Ledger::Fate::kAdd || fate == Ledger::Fate::kChange;
  if (!wanted || !ledger_.IsBest(key, entry.score, entry.reasons)) return {};
  auto standing = blacklist_.Get(entry.type, entry.value);
  if (!standing) return Unexpected(store::ToError(standing.error()));
  const bool stands = standing->has_value();
  const bool touched =
      stands && ((*standing)->last_change >= started_ || (*standing)->origin != store::Origin::kRule);
  if (stands != noted.stood || touched) {
    const bool done = stands && (*standing)->score == entry.score && (*standing)->reasons == entry.reasons;
    if (!done) ++outcome_.meanwhile;  // what an earlier run of this hunt wrote is as it is to be
    return {};
  }
  entry.last_change = std::max(clock_.Now(), started_);
  if (entry.sha256.empty() && stands) entry.sha256 = (*standing)->sha256;
  pending_.push_back({std::move(*standing), std::move(entry)});
  if (pending_.size() < kTogether) return {};
  auto flushed = Flush();
  stopped_ = told_.stop();
  return flushed;
}

Expected<void, Error> Settlement::Flush() {
  std::vector<store::BlacklistEntry> entries;
  for (const Change& change : pending_) entries.push_back(*change.after);
  if (!dry_run_ && !entries.empty()) {
    if (auto written = blacklist_.Upsert(entries); !written) return Unexpected(store::ToError(written.error()));
    CrashPoint("retrohunt.entries_written");
  }
  for (const Change& change : pending_) {
    ++(change.before ? outcome_.changed : outcome_.added);
    told_.change(change);
  }
  pending_.clear();
  return {};
}

Expected<void, Error> Settlement::Remove() {
  store::Page page{1'000, {}};
  do {
    if (told_.stop()) return {};
    auto listing = blacklist_.Since("", std::nullopt, page);
    if (!listing) return Unexpected(store::ToError(listing.error()));
    std::vector<store::BlacklistEntry> removed;
    for (store::BlacklistEntry& entry : listing->items) {
      if (entry.origin != store::Origin::kRule || entry.last_change >= started_) continue;
      const auto fate = ledger_.Of(KeyOf(entry.type, entry.value));
      if (fate == Ledger::Fate::kNoReport) ++outcome_.no_report;
      if (fate == Ledger::Fate::kRemove) removed.push_back(std::move(entry));
    }
    if (auto done = RemoveThese(std::move(removed)); !done) return done;
    page.after = listing->next;
  } while (!page.after.empty());
  outcome_.finished = true;
  return {};
}

Expected<void, Error> Settlement::RemoveThese(std::vector<store::BlacklistEntry> entries) {
  std::vector<bool> gone(entries.size(), true);
  if (!dry_run_ && !entries.empty()) {
    auto removed = blacklist_.RemoveUnchanged(entries);
    if (!removed) return Unexpected(store::ToError(removed.error()));
    gone = std::move(*removed);
    CrashPoint("retrohunt.entries_removed");
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    ++(gone[i] ? outcome_.removed : outcome_.meanwhile);
    if (gone[i]) told_.change({std::move(entries[i]), std::nullopt});
  }
  return {};
}

}  // namespace brood::retrohunt
