#include "transfer/export.hpp"

#include <unordered_set>

#include "model/json_text.hpp"

namespace brood::transfer {
namespace {

using store::Result;
using Sink = std::function<void(std::string_view)>;

constexpr std::size_t kPage = 1'000;

/// One line, its source written piece by piece.
class Line {
 public:
  Line(std::string_view index, std::string_view type, std::string_view id) {
    Text("_index", index).Text("_type", type).Text("_id", id);
    Key("_source");
    text_ += '{';
  }
  Line& Text(std::string_view key, std::string_view value) {
    Key(key);
    model::AppendJson(text_, value);
    return *this;
  }
  template <class T>
  Line& Value(std::string_view key, T value) {
    Key(key);
    model::AppendJson(text_, value);
    return *this;
  }
  Line& Raw(std::string_view key, std::string_view json) {
    Key(key);
    text_ += json;
    return *this;
  }
  [[nodiscard]] std::string Done() && { return std::move(text_) + "}}\n"; }

 private:
  void Key(std::string_view key) {
    if (text_.back() != '{') text_ += ',';
    model::AppendJson(text_, key);
    text_ += ':';
  }
  std::string text_ = "{";
};

std::string LineOf(const store::HashRecord& record) {
  Line line("hashes", "item", record.sha256.Get());
  line.Value("timestamp", ToMillis(record.first_seen));
  line.Value("counter", static_cast<std::int64_t>(record.counter));
  if (record.submission.Get().empty()) line.Value("claimed", false);
  return std::move(line).Done();
}

std::string LineOf(const store::BlacklistEntry& entry) {
  Line line("blacklist", entry.type, entry.value);
  line.Value("last_change", ToMillis(entry.last_change));
  line.Raw("reason", entry.reasons.empty() ? "[]" : entry.reasons).Value("score", entry.score);
  line.Text("origin", store::Name(entry.origin));
  if (!entry.sha256.empty()) line.Text("sha256", entry.sha256);
  return std::move(line).Done();
}

Result<void> ExportHashes(store::Hashes& hashes, const Sink& sink, std::uint64_t& count) {
  store::Page page{kPage, ""};
  do {
    const auto listing = hashes.Scan(page);
    if (!listing) return Unexpected(listing.error());
    for (const auto& record : listing->items) sink(LineOf(record));
    count += listing->items.size();
    page.after = listing->next;
  } while (!page.after.empty());
  return {};
}

/// An entry that changes while one pages comes twice from the store.
Result<void> ExportBlacklist(store::Blacklist& blacklist, const Sink& sink, std::uint64_t& count) {
  std::unordered_set<std::string> seen;
  store::Page page{kPage, ""};
  do {
    const auto listing = blacklist.Since("", std::nullopt, page);
    if (!listing) return Unexpected(listing.error());
    for (const auto& entry : listing->items) {
      if (!seen.insert(store::EntryId(entry.type, entry.value)).second) continue;
      sink(LineOf(entry));
      ++count;
    }
    page.after = listing->next;
  } while (!page.after.empty());
  return {};
}

Result<void> ExportLists(store::Lists& lists, const Sink& sink, Exported& exported) {
  const auto whitelist = lists.Whitelist();
  if (!whitelist) return Unexpected(whitelist.error());
  for (const auto& entry : *whitelist) {
    Line line("whitelist", store::Name(entry.kind), entry.value);
    line.Text("owner", entry.owner);
    sink(std::move(line).Done());
  }
  exported.whitelist = whitelist->size();
  const auto feeds = lists.Feeds();
  if (!feeds) return Unexpected(feeds.error());
  for (const auto& feed : *feeds) {
    for (const std::string& entry : feed.entries) {
      Line line("third_party_blacklist", feed.category, entry);
      line.Text("location", feed.source);
      sink(std::move(line).Done());
    }
    exported.third_party += feed.entries.size();
  }
  return {};
}

}  // namespace

Result<Exported> Export(store::Store& store, const Sink& sink) {
  Exported exported;
  auto done = ExportHashes(store.Hashes(), sink, exported.hashes)
                  .and_then([&] { return ExportBlacklist(store.Blacklist(), sink, exported.blacklist); })
                  .and_then([&] { return ExportLists(store.Lists(), sink, exported); });
  if (!done) return Unexpected(std::move(done.error()));
  return exported;
}

}  // namespace brood::transfer
