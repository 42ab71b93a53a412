#include "store/indexed_blacklist.hpp"

#include "base/log.hpp"

namespace brood::store {
namespace {

constexpr std::size_t kPage = 2'000;
/// How far the clocks of processes may differ, and a bulk may take, before everything is read anew.
constexpr Millis kOverlap{30'000};
/// A process that is killed between writing and saying so is found out by the number of entries.
constexpr Millis kCheckEvery{60'000};

template <class Changes>
void Apply(ValueSet& values, const Changes& changes) {
  for (const auto& change : changes) {
    if (change.listed) values.Add(change.fingerprint);
    if (!change.listed) values.Remove(change.fingerprint);
  }
}

}  // namespace

IndexedBlacklist::IndexedBlacklist(Blacklist& behind, std::size_t max_bytes, metrics::Registry& metrics,
                                   Clock& clock)
    : behind_(behind),
      max_bytes_(max_bytes),
      clock_(clock),
      entries_(metrics.GetGauge("brood_blacklist_index_entries", "Values of the blacklist held in memory.")),
      bytes_(metrics.GetGauge("brood_blacklist_index_bytes", "What they take.")),
      loads_of_all_(metrics.GetCounter("brood_blacklist_index_loads_total",
                                       "How often they were read from the store.", {{"what", "all"}})),
      loads_of_new_(metrics.GetCounter("brood_blacklist_index_loads_total",
                                       "How often they were read from the store.", {{"what", "new"}})) {}

Result<void> IndexedBlacklist::Upsert(std::span<const BlacklistEntry> entries) {
  auto written = behind_.Upsert(entries);
  if (!written || entries.empty()) return written;
  std::vector<Change> changes;
  for (const BlacklistEntry& entry : entries) changes.push_back({FingerprintOf(entry.type, entry.value), true});
  Note(changes, {.additions = 1});
  return written;
}

Result<bool> IndexedBlacklist::Remove(std::string_view type, std::string_view value) {
  auto removed = behind_.Remove(type, value);
  if (!removed || !*removed) return removed;
  const Change change{FingerprintOf(type, value), false};
  Note(std::span(&change, 1), {.removals = 1});
  return removed;
}

Result<std::vector<bool>> IndexedBlacklist::RemoveUnchanged(std::span<const BlacklistEntry> entries) {
  auto removed = behind_.RemoveUnchanged(entries);
  if (!removed) return removed;
  std::vector<Change> changes;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if ((*removed)[i]) changes.push_back({FingerprintOf(entries[i].type, entries[i].value), false});
  }
  if (!changes.empty()) Note(changes, {.removals = 1});
  return removed;
}

Result<std::optional<BlacklistEntry>> IndexedBlacklist::Get(std::string_view type, std::string_view value) {
  return behind_.Get(type, value);
}

Result<bool> IndexedBlacklist::Contains(std::string_view type, std::string_view value) {
  const Fingerprint fingerprint = FingerprintOf(type, value);
  {
    const std::shared_lock lock(mutex_);
    if (holds_) return values_.Contains(fingerprint);
  }
  return behind_.Contains(type, value);
}

Result<Listing<BlacklistEntry>> IndexedBlacklist::Since(std::string_view type, std::optional<Time> since,
                                                        const Page& page) {
  return behind_.Since(type, since, page);
}

Result<std::uint64_t> IndexedBlacklist::CountSince(std::string_view type, std::optional<Time> since) {
  return behind_.CountSince(type, since);
}

Result<BlacklistGeneration> IndexedBlacklist::Generation() { return behind_.Generation(); }

void IndexedBlacklist::Note(std::span<const Change> changes, BlacklistGeneration by) {
  const std::unique_lock lock(mutex_);
  ours_.additions += by.additions;
  ours_.removals += by.removals;
  if (since_) since_->insert(since_->end(), changes.begin(), changes.end());
  if (holds_) Apply(values_, changes);
}

BlacklistGeneration IndexedBlacklist::ByOthers(const BlacklistGeneration& all) const {
  const std::shared_lock lock(mutex_);
  return {all.additions - ours_.additions, all.removals - ours_.removals};
}

bool IndexedBlacklist::Holds() const {
  const std::shared_lock lock(mutex_);
  return holds_;
}

IndexedBlacklist::Size IndexedBlacklist::Held() const {
  const std::shared_lock lock(mutex_);
  return {values_.Size(), values_.Bytes()};
}

Result<void> IndexedBlacklist::Refresh() {
  const std::lock_guard refreshing(refreshing_);
  const Time now = clock_.Now();
  const auto generation = behind_.Generation();
  if (!generation) return Unexpected(generation.error());
  const BlacklistGeneration by_others = ByOthers(*generation);
  if (auto followed = Follow(by_others, now); !followed) return followed;
  by_others_ = by_others;
  looked_ = now;
  if (const Size grown = Held(); grown.bytes > max_bytes_) LetGo(grown.entries);
  const Size held = Held();
  entries_.Set(static_cast<double>(held.entries));
  bytes_.Set(static_cast<double>(held.bytes));
  return {};
}

/// A write of ours that is in the store and not yet noted looks like another's: then something is read for
/// nothing.
Result<void> IndexedBlacklist::Follow(const BlacklistGeneration& by_others, Time now) {
  const bool check_is_due = now - checked_ >= kCheckEvery;
  if (too_large_ && !check_is_due) return {};
  if (!Holds() || by_others.removals != by_others_.removals) return LoadAll(now);
  if (by_others.additions != by_others_.additions) {
    if (auto loaded = LoadNew(); !loaded) return loaded;
    return Check(now);
  }
  return check_is_due ? Check(now) : Result<void>();
}

Result<void> IndexedBlacklist::LoadAll(Time now) {
  checked_ = now;
  const auto count = behind_.CountSince("", std::nullopt);
  if (!count) return Unexpected(count.error());
  if (ValueSet::BytesFor(*count) > max_bytes_) {
    LetGo(*count);
    return {};
  }
  too_large_ = false;
  BeginToRead();
  ValueSet all(*count);
  auto read = Read(std::nullopt, [&](const Fingerprint& found) { all.Add(found); });
  EndReading(read ? &all : nullptr, {});
  if (read) loads_of_all_.Add();
  return read;
}

Result<void> IndexedBlacklist::LoadNew() {
  BeginToRead();
  std::vector<Change> found;
  auto read = Read(looked_ - kOverlap, [&](const Fingerprint& fingerprint) {
    found.push_back({fingerprint, true});
  });
  EndReading(nullptr, found);
  if (read) loads_of_new_.Add();
  return read;
}

/// Everything is read anew where the numbers differ, unless something is being written at this moment.
Result<void> IndexedBlacklist::Check(Time now) {
  const auto before = behind_.Generation();
  const auto count = behind_.CountSince("", std::nullopt);
  if (!before || !count) return Unexpected(before ? count.error() : before.error());
  const std::size_t held = Held().entries;
  const auto after = behind_.Generation();
  if (!after) return Unexpected(after.error());
  if (*before != *after) return {};
  checked_ = now;
  return held == *count ? Result<void>() : LoadAll(now);
}

void IndexedBlacklist::LetGo(std::uint64_t entries) {
  if (!too_large_) {
    log::Warning("the blacklist is too large for the memory it may take, so look-ups ask the store",
                 {{"entries", entries}, {"bytes", ValueSet::BytesFor(entries)}, {"most", max_bytes_}});
  }
  too_large_ = true;
  const std::unique_lock lock(mutex_);
  holds_ = false;
  values_ = ValueSet();
}

void IndexedBlacklist::BeginToRead() {
  const std::unique_lock lock(mutex_);
  since_.emplace();
}

/// What was written through us while the store was read comes last: it may be newer than what was read.
void IndexedBlacklist::EndReading(ValueSet* all, std::span<const Change> found) {
  const std::unique_lock lock(mutex_);
  if (all != nullptr) values_ = std::move(*all);
  if (all != nullptr) holds_ = true;
  Apply(values_, found);
  Apply(values_, *since_);
  since_.reset();
}

Result<void> IndexedBlacklist::Read(std::optional<Time> since,
                                    const std::function<void(const Fingerprint&)>& take) {
  Page page{kPage, {}};
  do {
    auto listing = behind_.Since("", since, page);
    if (!listing) return Unexpected(listing.error());
    for (const BlacklistEntry& entry : listing->items) take(FingerprintOf(entry.type, entry.value));
    page.after = std::move(listing->next);
  } while (!page.after.empty());
  return {};
}

}  // namespace brood::store
