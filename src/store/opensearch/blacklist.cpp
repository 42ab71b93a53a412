#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>

#include "base/digest.hpp"
#include "store/limits.hpp"
#include "store/opensearch/amend.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/ports.hpp"
#include "store/opensearch/source_json.hpp"

namespace brood::store::opensearch {
namespace {

// The generation is two versions that the engine itself counts, of documents in the index `whitelist`: they
// would be entries here.
const std::vector<std::string> kCounters{"brood:blacklist_additions", "brood:blacklist_removals"};
constexpr std::size_t kAdditions = 0, kRemovals = 1;
constexpr auto kCounterSource = R"({"type":"generation"})";

/// EntryId where an engine and a page's place can have it; else the value, or all of it, by its SHA-256.
std::string IdOf(std::string_view type, std::string_view value) {
  std::string id = EntryId(type, value);
  if (CheckId("id", id)) return id;
  id = fmt::format("{}:{}", type, Sha256Hex(value));
  return CheckId("id", id) ? id : fmt::format("sha256:{}", Sha256Hex(fmt::format("{}:{}", type, value)));
}

std::string ToSource(const BlacklistEntry& entry) {
  SourceWriter source;
  source.Text("type", entry.type).Text("id", IdOf(entry.type, entry.value)).Text("value", entry.value);
  source.Text("sha256", entry.sha256).Time("last_change", entry.last_change).Text("reason", entry.reasons);
  source.Real("score", entry.score).Text("origin", Name(entry.origin));
  return std::move(source).Take();
}

Result<BlacklistEntry> Read(std::string_view json) {
  SourceReader source("blacklist", json);
  BlacklistEntry entry;
  entry.type = source.Text("type");
  entry.value = source.Text("value");
  entry.sha256 = source.Text("sha256");
  entry.last_change = source.Time("last_change");
  entry.reasons = source.Text("reason");
  entry.score = source.Real("score");
  const auto origin = OriginFrom(source.Text("origin"));
  if (!origin) source.Fail("its origin is unknown");
  if (!source.Fine()) return Unexpected(source.Damaged());
  entry.origin = *origin;
  return entry;
}

void Refresh(BlacklistEntry& standing, const BlacklistEntry& entry) {
  if (!entry.sha256.empty()) standing.sha256 = entry.sha256;
  standing.last_change = std::max(standing.last_change, entry.last_change);
  standing.reasons = entry.reasons;
  standing.score = entry.score;
  if (entry.origin != Origin::kRule) standing.origin = entry.origin;
}

using Entries = std::vector<const BlacklistEntry*>;

/// `entries` are those of one id, in order.
Result<Change> Decide(const std::optional<Document>& standing, const Entries& entries) {
  BlacklistEntry entry = *entries.front();
  auto rest = entries.begin() + 1;
  if (standing) {
    auto read = Read(standing->source);
    if (!read) return Unexpected(std::move(read.error()));
    entry = std::move(*read);
    rest = entries.begin();
  }
  for (; rest != entries.end(); ++rest) Refresh(entry, **rest);
  return Change{Verb::kPut, ToSource(entry)};
}

class EngineBlacklist final : public Blacklist {
 public:
  EngineBlacklist(Documents& documents, Documents& counters) : documents_(documents), counters_(counters) {}

  Result<void> Upsert(std::span<const BlacklistEntry> entries) override {
    if (auto fine = CheckAll(entries); !fine) return fine;
    if (entries.empty()) return {};
    std::map<std::string, Entries> by_id;
    for (const BlacklistEntry& entry : entries) by_id[IdOf(entry.type, entry.value)].push_back(&entry);
    std::vector<Amendment> amendments;
    for (const auto& [id, of_id] : by_id) {
      amendments.push_back({id, [&of_id = of_id](const auto& standing) { return Decide(standing, of_id); }});
    }
    auto written = Amend(documents_, std::move(amendments), Expect::kNothing);
    const auto raised = Raise(kAdditions);  // of a bulk that failed a part may be there
    return written ? raised : written;
  }

  Result<bool> Remove(std::string_view type, std::string_view value) override {
    const Write remove{Write::Kind::kRemove, IdOf(type, value), {}, std::nullopt, std::nullopt};
    const auto written = documents_.WriteAll(std::span(&remove, 1));
    if (!written) return Unexpected(written.error());
    if (written->front() != Written::kDone) return false;
    return Raise(kRemovals).map([] { return true; });
  }

  Result<std::vector<bool>> RemoveUnchanged(std::span<const BlacklistEntry> entries) override {
    std::vector<char> removed(entries.size());  // not bool: each amendment writes its own
    std::vector<Amendment> amendments;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto decide = [&entry = entries[i], &answer = removed[i]](const auto& standing) -> Result<Change> {
        answer = 0;
        if (!standing) return Change{};
        const auto read = Read(standing->source);
        if (!read) return Unexpected(read.error());
        if (*read != entry) return Change{};
        answer = 1;
        return Change{Verb::kRemove, {}};
      };
      amendments.push_back({IdOf(entries[i].type, entries[i].value), decide});
    }
    auto amended = Amend(documents_, std::move(amendments), Expect::kSomething);
    std::vector<bool> answers(removed.begin(), removed.end());
    const bool any = std::ranges::find(answers, true) != answers.end();
    const auto raised = any ? Raise(kRemovals) : Result<void>();  // of a bulk that failed a part may be gone
    if (!amended) return Unexpected(std::move(amended.error()));
    return raised.map([&] { return std::move(answers); });
  }

  Result<std::optional<BlacklistEntry>> Get(std::string_view type, std::string_view value) override {
    const auto document = documents_.GetOne(IdOf(type, value));
    if (!document) return Unexpected(document.error());
    if (!*document) return std::optional<BlacklistEntry>();
    return Read((*document)->source).map([](BlacklistEntry&& entry) {
      return std::optional<BlacklistEntry>(std::move(entry));
    });
  }

  Result<Listing<BlacklistEntry>> Since(std::string_view type, std::optional<Time> since,
                                        const Page& page) override {
    const auto after = PositionFrom(page.after);
    if (!after) return Unexpected(after.error());
    Query query;
    query.Sorted("last_change", "asc");
    if (!type.empty()) query.Is("type", type);
    if (since) query.Range("last_change", "gte", ToMillis(*since));
    if (*after) query.After(**after);
    return ListPage<BlacklistEntry>(documents_, query, page, Read, [](const BlacklistEntry& entry) {
      return Position{ToMillis(entry.last_change), IdOf(entry.type, entry.value)};
    });
  }

  Result<std::uint64_t> CountSince(std::string_view type, std::optional<Time> since) override {
    Query query;
    if (!type.empty()) query.Is("type", type);
    if (since) query.Range("last_change", "gte", ToMillis(*since));
    return documents_.Count(query.Conditions());
  }

  Result<BlacklistGeneration> Generation() override {
    const auto counters = counters_.Get(kCounters);
    if (!counters) return Unexpected(counters.error());
    const auto count = [&](std::size_t which) { return (*counters)[which] ? (*counters)[which]->version : 0; };
    const BlacklistGeneration generation{count(kAdditions), count(kRemovals)};
    const std::int64_t changes = generation.additions + generation.removals;
    if (listed_changes_ == changes) return generation;
    if (auto refreshed = documents_.Refresh(); !refreshed) return Unexpected(refreshed.error());
    listed_changes_ = changes;
    return generation;
  }

 private:
  Result<void> Raise(std::size_t counter) {
    const Write raise{Write::Kind::kPut, kCounters[counter], kCounterSource, std::nullopt, std::nullopt};
    return counters_.WriteAll(std::span(&raise, 1)).map([](const auto&) {});
  }

  Documents& documents_;
  Documents& counters_;
  std::atomic<std::int64_t> listed_changes_{-1};  ///< how many changes listings certainly have
};

}  // namespace

std::unique_ptr<Blacklist> MakeBlacklist(Documents& blacklist, Documents& whitelist) {
  return std::make_unique<EngineBlacklist>(blacklist, whitelist);
}

}  // namespace brood::store::opensearch
