#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/digest.hpp"
#include "store/limits.hpp"
#include "store/opensearch/amend.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/ports.hpp"
#include "store/opensearch/source_json.hpp"

namespace brood::store::opensearch {
namespace {

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
  explicit EngineBlacklist(Documents& documents) : documents_(documents) {}

  Result<void> Upsert(std::span<const BlacklistEntry> entries) override {
    if (auto fine = CheckAll(entries); !fine) return fine;
    std::map<std::string, Entries> by_id;
    for (const BlacklistEntry& entry : entries) by_id[IdOf(entry.type, entry.value)].push_back(&entry);
    std::vector<Amendment> amendments;
    for (const auto& [id, of_id] : by_id) {
      amendments.push_back({id, [&of_id = of_id](const auto& standing) { return Decide(standing, of_id); }});
    }
    return Amend(documents_, std::move(amendments), Expect::kNothing);
  }

  Result<bool> Remove(std::string_view type, std::string_view value) override {
    const Write remove{Write::Kind::kRemove, IdOf(type, value), {}, std::nullopt, std::nullopt};
    return documents_.WriteAll(std::span(&remove, 1)).map([](const std::vector<Written>& written) {
      return written.front() == Written::kDone;
    });
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
    if (!amended) return Unexpected(std::move(amended.error()));
    return std::vector<bool>(removed.begin(), removed.end());
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

 private:
  Documents& documents_;
};

}  // namespace

std::unique_ptr<Blacklist> MakeBlacklist(Documents& blacklist) {
  return std::make_unique<EngineBlacklist>(blacklist);
}

}  // namespace brood::store::opensearch
