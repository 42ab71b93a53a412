#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.hpp"
#include "store/limits.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/ports.hpp"
#include "store/opensearch/source_json.hpp"

namespace brood::store::opensearch {
namespace {

// The generation is the version that the engine itself counts for one document: each write raises it by one.
constexpr auto kGenerationId = "brood:generation";
constexpr auto kGenerationSource = R"({"type":"generation"})";

// Stands once the whitelist that ships was put, or found not to be needed.
constexpr auto kSeededId = "brood:seeded";
constexpr auto kSeededSource = R"({"type":"seeded"})";

// Notes stand beside the whitelist: their index of old holds lists alone.
constexpr auto kNoteType = "feed_note";

constexpr std::size_t kWhitelistPage = 5'000;
constexpr std::size_t kFeedPage = 4;  ///< a feed may have megabytes

/// A subnet is its own id; the other kinds, and what looks like them, have their kind in front.
std::string WhitelistId(WhitelistKind kind, std::string_view value) {
  const bool plain = kind == WhitelistKind::kSubnet && !value.starts_with("subnet:") &&
                     !value.starts_with("hash:") && !value.starts_with("domain:") &&
                     !value.starts_with("brood:");
  return DocumentId(plain ? "" : fmt::format("{}:", Name(kind)), value);
}

/// A colon in the category is written as %3A, so that no two feeds have one id.
std::string FeedId(std::string_view category, std::string_view source) {
  std::string id;
  for (const char c : category) id += c == ':' ? "%3A" : c == '%' ? "%25" : std::string(1, c);
  return DocumentId("", fmt::format("{}:{}", id, source));
}

std::string NoteId(std::string_view category, std::string_view source) {
  return DocumentId("brood:feed:", FeedId(category, source));
}

Write Put(std::string id, std::string source) {
  return {Write::Kind::kPut, std::move(id), std::move(source), std::nullopt, std::nullopt};
}
Write Remove(std::string id) { return {Write::Kind::kRemove, std::move(id), {}, std::nullopt, std::nullopt}; }

std::string ToSource(const WhitelistEntry& entry) {
  SourceWriter source;
  source.Text("type", Name(entry.kind)).Text("id", WhitelistId(entry.kind, entry.value));
  source.Text("value", entry.value).Text("owner", entry.owner);
  return std::move(source).Take();
}

std::string ToSource(std::string_view category, std::span<const std::string> entries,
                     std::string_view location) {
  std::string lines;
  for (const std::string& entry : entries) lines.append(lines.empty() ? "" : "\n").append(entry);
  SourceWriter source;
  source.Text("type", category).Text("id", FeedId(category, location)).Text("location", location);
  source.Int("amount", static_cast<std::int64_t>(entries.size())).Text("entries", lines);
  return std::move(source).Take();
}

std::string ToSource(const Lists::FeedNote& note) {
  SourceWriter source;
  source.Text("type", kNoteType).Text("id", NoteId(note.category, note.source));
  source.Text("category", note.category).Text("location", note.source);
  source.Time("looked", note.looked).Time("fetched", note.fetched);
  source.Text("etag", note.etag).Text("last_modified", note.last_modified);
  source.Int("skipped", note.skipped).Text("trouble", note.trouble);
  return std::move(source).Take();
}

Result<Lists::FeedNote> ReadNote(std::string_view json) {
  SourceReader source("whitelist", json);
  Lists::FeedNote note{source.Text("category"), source.Text("location"), source.Time("looked"),
                       source.Time("fetched"),  source.Text("etag"),     source.Text("last_modified"),
                       source.Int("skipped"),   source.Text("trouble")};
  if (!source.Fine()) return Unexpected(source.Damaged());
  return note;
}

Result<WhitelistEntry> ReadEntry(std::string_view json) {
  SourceReader source("whitelist", json);
  const auto kind = WhitelistKindFrom(source.Text("type"));
  if (!kind) source.Fail("its type is unknown");
  WhitelistEntry entry{kind.value_or(WhitelistKind::kSubnet), source.Text("value"), source.Text("owner")};
  if (!source.Fine()) return Unexpected(source.Damaged());
  return entry;
}

Result<Lists::Feed> ReadFeed(std::string_view json) {
  SourceReader source("third_party_blacklist", json);
  Lists::Feed feed{source.Text("type"), source.Text("location"), {}};
  const std::string lines = source.Text("entries");
  for (const std::string_view entry : Split(lines, '\n')) feed.entries.emplace_back(entry);
  if (!source.Fine()) return Unexpected(source.Damaged());
  return feed;
}

/// Everything that `query` finds, what was written just now too.
template <class T, class Read, class Id>
Result<std::vector<T>> All(Documents& documents, Query query, std::size_t page_size, const Read& read,
                           const Id& id) {
  if (auto refreshed = documents.Refresh(); !refreshed) return Unexpected(refreshed.error());
  std::vector<T> all;
  for (;;) {
    const auto sources = documents.Search(query.Body(page_size));
    if (!sources) return Unexpected(sources.error());
    for (const std::string& source : *sources) {
      auto item = read(source);
      if (!item) return Unexpected(std::move(item.error()));
      all.push_back(std::move(*item));
    }
    if (sources->size() < page_size) return all;
    query.After({0, id(all.back())});
  }
}

class EngineLists final : public Lists {
 public:
  EngineLists(Documents& whitelist, Documents& feeds) : whitelist_(whitelist), feeds_(feeds) {}

  Result<void> PutWhitelist(const WhitelistEntry& entry) override {
    if (auto fine = Check(entry); !fine) return fine;
    const std::vector<Write> writes{Put(WhitelistId(entry.kind, entry.value), ToSource(entry)),
                                    Put(kGenerationId, kGenerationSource)};
    return whitelist_.WriteAll(writes).map([](const auto&) {});
  }

  Result<bool> SeedWhitelist(std::span<const WhitelistEntry> entries) override {
    if (auto fine = CheckAll(entries); !fine) return Unexpected(fine.error());
    const auto seeded = whitelist_.GetOne(kSeededId);
    if (!seeded) return Unexpected(seeded.error());
    if (*seeded) return false;
    const auto standing = Whitelist();
    if (!standing) return Unexpected(standing.error());
    std::vector<Write> writes;
    if (standing->empty()) {
      for (const WhitelistEntry& entry : entries)
        writes.push_back(Put(WhitelistId(entry.kind, entry.value), ToSource(entry)));
      writes.push_back(Put(kGenerationId, kGenerationSource));
    }
    writes.push_back(Put(kSeededId, kSeededSource));  // the last: what breaks off is done again
    return whitelist_.WriteAll(writes).map([&](const auto&) { return standing->empty(); });
  }

  Result<bool> RemoveWhitelist(WhitelistKind kind, std::string_view value) override {
    if (!CheckId("whitelist entry", value)) return false;
    const std::string id = WhitelistId(kind, value);
    const auto stands = whitelist_.GetOne(id);
    if (!stands) return Unexpected(stands.error());
    if (!*stands) return false;
    const std::vector<Write> writes{Remove(id), Put(kGenerationId, kGenerationSource)};
    return whitelist_.WriteAll(writes).map(
        [](const std::vector<Written>& written) { return written.front() == Written::kDone; });
  }

  Result<std::vector<WhitelistEntry>> Whitelist() override {
    Query query;
    query
        .IsOneOf("type",
                 {Name(WhitelistKind::kSubnet), Name(WhitelistKind::kHash), Name(WhitelistKind::kDomain)})
        .Sorted("", "asc");
    auto entries =
        All<WhitelistEntry>(whitelist_, std::move(query), kWhitelistPage, ReadEntry,
                            [](const WhitelistEntry& entry) { return WhitelistId(entry.kind, entry.value); });
    if (!entries) return entries;
    std::ranges::sort(*entries, {},
                      [](const WhitelistEntry& entry) { return std::tie(entry.kind, entry.value); });
    return entries;
  }

  Result<void> ReplaceFeed(std::string_view category, std::span<const std::string> entries,
                           std::string_view source) override {
    if (auto fine = CheckFeed(category, entries, source); !fine) return fine;
    const std::string id = FeedId(category, source);
    const Write write = entries.empty() ? Remove(id) : Put(id, ToSource(category, entries, source));
    const Write forget = Remove(NoteId(category, source));
    if (auto forgotten = whitelist_.WriteAll(std::span(&forget, 1)); !forgotten)
      return Unexpected(forgotten.error());
    return feeds_.WriteAll(std::span(&write, 1)).and_then([&](const auto&) { return RaiseGeneration(); });
  }

  Result<std::vector<Feed>> Feeds() override {
    Query query;
    query.Sorted("", "asc");
    auto feeds = All<Feed>(feeds_, std::move(query), kFeedPage, ReadFeed,
                           [](const Feed& feed) { return FeedId(feed.category, feed.source); });
    if (!feeds) return feeds;
    std::ranges::sort(*feeds, {}, [](const Feed& feed) { return std::tie(feed.category, feed.source); });
    return feeds;
  }

  Result<void> NoteFeed(const FeedNote& note) override {
    if (auto fine = CheckFeed(note.category, {}, note.source); !fine) return fine;
    const Write write = Put(NoteId(note.category, note.source), ToSource(note));
    return whitelist_.WriteAll(std::span(&write, 1)).map([](const auto&) {});
  }

  Result<std::vector<FeedNote>> FeedNotes() override {
    Query query;
    query.Is("type", kNoteType).Sorted("", "asc");
    auto notes = All<FeedNote>(whitelist_, std::move(query), kWhitelistPage, ReadNote,
                               [](const FeedNote& note) { return NoteId(note.category, note.source); });
    if (!notes) return notes;
    std::ranges::sort(*notes, {}, [](const FeedNote& note) { return std::tie(note.category, note.source); });
    return notes;
  }

  Result<std::int64_t> Generation() override {
    return whitelist_.GetOne(kGenerationId).map([](const std::optional<Document>& document) {
      return document ? document->version : std::int64_t{0};
    });
  }

 private:
  Result<void> RaiseGeneration() {
    const Write raise = Put(kGenerationId, kGenerationSource);
    return whitelist_.WriteAll(std::span(&raise, 1)).map([](const auto&) {});
  }

  Documents& whitelist_;
  Documents& feeds_;
};

}  // namespace

std::unique_ptr<Lists> MakeLists(Documents& whitelist, Documents& third_party_blacklist) {
  return std::make_unique<EngineLists>(whitelist, third_party_blacklist);
}

}  // namespace brood::store::opensearch
