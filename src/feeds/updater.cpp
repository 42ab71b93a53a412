#include "feeds/updater.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/log.hpp"
#include "feeds/fetch.hpp"
#include "feeds/list_text.hpp"

namespace brood::feeds {
namespace {

using Feed = store::Lists::Feed;
using Note = store::Lists::FeedNote;

template <class Item>
const Item* FindOf(const std::vector<Item>& items, const Source& source) {
  const auto found = std::ranges::find_if(
      items, [&](const Item& item) { return item.category == source.category && item.source == source.url; });
  return found == items.end() ? nullptr : &*found;
}

metrics::Labels LabelsOf(const Source& source) {
  return {{"category", source.category}, {"source", http::ShownUrl(source.url)}};
}

Outcome Failed(const Source& source, std::size_t entries, std::string why) {
  return {source, Outcome::Kind::kFailed, entries, entries, 0, std::move(why)};
}

}  // namespace

/// What stood of one source before it was asked.
struct Updater::Known {
  std::size_t entries = 0;
  std::optional<Note> note;
};

Updater::Updater(Settings settings, store::Lists& lists, http::Client& client, Clock& clock,
                 metrics::Registry& metrics)
    : settings_(std::move(settings)),
      sources_(SourcesOf(settings_)),
      lists_(lists),
      client_(client),
      clock_(clock),
      metrics_(metrics) {
  for (const Source& source : sources_)
    metrics_.GetCounter("brood_feeds_failures_total", "Looks at a third-party list that gave none.",
                        LabelsOf(source));
}

std::vector<Outcome> Updater::Update(std::span<const Source> sources, Shrunken shrunken,
                                     const std::stop_token& stop, const Told& told) {
  if (sources.empty()) return {};
  std::vector<Outcome> outcomes;
  const auto feeds = lists_.Feeds();
  const auto notes = lists_.FeedNotes();
  for (const Source& source : sources) {
    if (stop.stop_requested()) {
      outcomes.push_back({source, Outcome::Kind::kStopped, 0, 0, 0, ""});
    } else if (!feeds || !notes) {
      outcomes.push_back(Failed(source, 0, "the store: " + (feeds ? notes.error() : feeds.error()).what));
    } else {
      const Feed* feed = FindOf(*feeds, source);
      const Note* note = FindOf(*notes, source);
      const Known known{feed == nullptr ? 0 : feed->entries.size(),
                        note == nullptr ? std::nullopt : std::optional(*note)};
      outcomes.push_back(UpdateOne(source, known, shrunken, stop));
    }
    Count(outcomes.back());
    if (told) told(outcomes.back());
  }
  return outcomes;
}

Outcome Updater::UpdateOne(const Source& source, const Known& known, Shrunken shrunken,
                           const std::stop_token& stop) {
  Validators validators;
  if (known.entries > 0 && known.note) validators = {known.note->etag, known.note->last_modified};
  auto got = Fetch(client_, source.url, validators,
                   {static_cast<std::size_t>(settings_.max_size), settings_.timeout}, stop);
  if (stop.stop_requested()) return {source, Outcome::Kind::kStopped, known.entries, known.entries, 0, ""};
  if (!got) return Keep(source, known, Failed(source, known.entries, std::move(got.error())));
  if (auto* fetched = std::get_if<Fetched>(&*got)) return Swap(source, known, shrunken, std::move(*fetched));
  // Nobody asked whether it had changed: there was nothing to compare with.
  if (validators.etag.empty() && validators.last_modified.empty())
    return Keep(source, known, Failed(source, known.entries, "it says that nothing has changed since nothing"));
  const auto skipped = static_cast<std::size_t>(known.note->skipped);
  return Keep(source, known, {source, Outcome::Kind::kUnchanged, known.entries, known.entries, skipped, ""});
}

Outcome Updater::Swap(const Source& source, const Known& known, Shrunken shrunken, Fetched fetched) {
  const auto list = ReadList(fetched.text);
  if (!list) return Keep(source, known, Failed(source, known.entries, list.error()));
  std::string few = shrunken == Shrunken::kTaken ? "" : TooFew(list->entries.size(), known.entries);
  if (!few.empty()) return Keep(source, known, Failed(source, known.entries, std::move(few)));
  const auto put = lists_.ReplaceFeed(source.category, list->entries, source.url);
  if (!put) return Keep(source, known, Failed(source, known.entries, "the store: " + put.error().what));
  const Time now = clock_.Now();
  const Note note{source.category,
                  source.url,
                  now,
                  now,
                  fetched.validators.etag,
                  fetched.validators.last_modified,
                  static_cast<std::int64_t>(list->skipped),
                  ""};
  if (const auto noted = lists_.NoteFeed(note); !noted)
    log::Warning("a list is in force, but not noted as fetched: it is fetched again",
                 {{"source", http::ShownUrl(source.url)}, {"why", noted.error().what}});
  if (list->skipped > 0)
    log::Warning(
        "lines of a list are no entries",
        {{"source", http::ShownUrl(source.url)}, {"lines", list->skipped}, {"first", list->first_skipped}});
  return {source, Outcome::Kind::kReplaced, list->entries.size(), known.entries, list->skipped, ""};
}

/// The entries stay; that it was asked, and what came of it, is noted.
Outcome Updater::Keep(const Source& source, const Known& known, Outcome outcome) {
  Note note = known.note.value_or(Note{source.category, source.url, {}, {}, "", "", 0, ""});
  note.looked = clock_.Now();
  note.trouble = outcome.trouble;
  if (outcome.kind == Outcome::Kind::kUnchanged) note.fetched = note.looked;
  if (const auto noted = lists_.NoteFeed(note); !noted)
    log::Warning("it cannot be noted that a list was asked",
                 {{"source", http::ShownUrl(source.url)}, {"why", noted.error().what}});
  return outcome;
}

std::string Updater::TooFew(std::size_t entries, std::size_t before) const {
  const double least = static_cast<double>(before) * settings_.keep_share;
  if (static_cast<double>(entries) >= least) return "";
  return fmt::format(
      "it has {} entries after {}, fewer than feeds.keep_share allows; `brood feeds update "
      "--force` takes it",
      entries, before);
}

void Updater::Count(const Outcome& outcome) {
  const metrics::Labels labels = LabelsOf(outcome.source);
  const std::string url = http::ShownUrl(outcome.source.url);
  switch (outcome.kind) {
    case Outcome::Kind::kReplaced:
      log::Info("a third-party list is in force", {{"category", outcome.source.category},
                                                   {"source", url},
                                                   {"entries", outcome.entries},
                                                   {"before", outcome.before}});
      break;
    case Outcome::Kind::kUnchanged:
      log::Debug("a third-party list has not changed", {{"source", url}});
      break;
    case Outcome::Kind::kFailed:
      log::Warning("a third-party list cannot be taken, the former one stays in force",
                   {{"category", outcome.source.category}, {"source", url}, {"why", outcome.trouble}});
      metrics_.GetCounter("brood_feeds_failures_total", "Looks at a third-party list that gave none.", labels)
          .Add();
      break;
    case Outcome::Kind::kStopped:
      return;
  }
  metrics_.GetGauge("brood_feeds_entries", "Entries of a third-party list in force.", labels)
      .Set(static_cast<double>(outcome.entries));
}

std::vector<Source> Updater::Due() {
  const auto notes = lists_.FeedNotes();
  if (!notes) return {};
  const Time now = clock_.Now();
  std::vector<Source> due;
  for (const Source& source : sources_) {
    const Note* note = FindOf(*notes, source);
    if (note == nullptr || IsDue(*note, settings_, now)) due.push_back(source);
    if (note == nullptr || note->fetched == Time{}) continue;
    metrics_
        .GetGauge("brood_feeds_age_seconds", "Since a third-party list in force was downloaded or confirmed.",
                  LabelsOf(source))
        .Set(std::chrono::duration<double>(now - note->fetched).count());
  }
  return due;
}

bool IsDue(const Note& note, const Settings& settings, Time now) {
  const Millis wait = note.trouble.empty() ? settings.update_every : settings.retry_after;
  // A note of the future was written by a clock that was wrong.
  return now < note.looked || now - note.looked >= wait;
}

}  // namespace brood::feeds
