#include <algorithm>
#include <deque>
#include <map>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "base/digest.hpp"
#include "model/json_text.hpp"
#include "store/limits.hpp"
#include "store/opensearch/amend.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/ports.hpp"
#include "store/opensearch/source_json.hpp"

namespace brood::store::opensearch {
namespace {

using model::SampleHash;
using model::SubmissionId;

/// Sightings that a record remembers, the last ones: a sighting is told twice only by who died while telling
/// it.
constexpr std::size_t kRemembered = 500;
constexpr std::size_t kMarkBytes = 16;

struct Stored {
  HashRecord record;
  std::deque<std::string> sightings;  ///< the beginnings of the submissions' SHA-256, oldest first
};

std::string ToSource(const Stored& stored) {
  std::string sightings = "[";
  for (const std::string& mark : stored.sightings) {
    if (sightings.size() > 1) sightings += ',';
    model::AppendJson(sightings, std::string_view(mark));
  }
  SourceWriter source;
  source.Text("type", "hash").Text("id", stored.record.sha256.Get());
  source.Time("timestamp", stored.record.first_seen);
  source.Int("counter", static_cast<std::int64_t>(stored.record.counter));
  source.Text("submission", stored.record.submission.Get()).Raw("sightings", sightings + "]");
  return std::move(source).Take();
}

Result<Stored> Read(std::string_view json) {
  SourceReader source("hashes", json);
  Stored stored;
  stored.record.sha256 = SampleHash(source.Text("id"));
  stored.record.submission = SubmissionId(source.Text("submission"));
  stored.record.first_seen = source.Time("timestamp");
  stored.record.counter = static_cast<std::uint64_t>(source.Int("counter"));
  const boost::json::value* sightings = source.Value("sightings");
  if (sightings != nullptr && sightings->is_array()) {
    for (const auto& mark : sightings->as_array()) {
      if (mark.is_string()) stored.sightings.emplace_back(mark.as_string());
    }
  }
  if (!source.Fine()) return Unexpected(source.Damaged());
  return stored;
}

/// False if it was counted before.
bool CountOnce(Stored& stored, const SubmissionId& sighting) {
  std::string mark = Sha256Hex(sighting.Get()).substr(0, kMarkBytes);
  if (std::ranges::find(stored.sightings, mark) != stored.sightings.end()) return false;
  ++stored.record.counter;
  stored.sightings.push_back(std::move(mark));
  if (stored.sightings.size() > kRemembered) stored.sightings.pop_front();
  return true;
}

Result<void> CheckIds(const SampleHash& sha256, const SubmissionId& submission) {
  if (auto fine = CheckId("sample's SHA-256", sha256.Get()); !fine) return fine;
  return CheckId("submission's id", submission.Get());
}

/// The claims of one hash, in order, and where their answers go.
using ClaimsOfHash = std::vector<std::pair<SubmissionId, Claimed*>>;

Result<Change> Decide(const std::optional<Document>& standing, const SampleHash& sha256,
                      const ClaimsOfHash& claims, Time now) {
  Stored stored;
  stored.record = {sha256, {}, now, 0};
  if (standing) {
    auto read = Read(standing->source);
    if (!read) return Unexpected(std::move(read.error()));
    stored = std::move(*read);
  }
  bool changed = !standing;
  for (const auto& [claimant, answer] : claims) {
    if (stored.record.submission.Get().empty()) {
      stored.record.submission = claimant;
      changed = true;
    }
    changed = CountOnce(stored, claimant) || changed;
    *answer = stored.record.submission == claimant ? Claimed::kOurs : Claimed::kTaken;
  }
  return changed ? Change{Verb::kPut, ToSource(stored)} : Change{};
}

/// Whether it changed anything.
bool MergeInto(HashRecord& standing, const HashRecord& record) {
  const HashRecord before = standing;
  standing.counter = std::max(standing.counter, record.counter);
  standing.first_seen = std::min(standing.first_seen, record.first_seen);
  return standing != before;
}

Result<Change> DecideImport(const std::optional<Document>& standing, const HashRecord& record, bool& changed) {
  Stored stored{record, {}};
  changed = true;
  if (standing) {
    auto read = Read(standing->source);
    if (!read) return Unexpected(std::move(read.error()));
    stored = std::move(*read);
    changed = MergeInto(stored.record, record);
  }
  return changed ? Change{Verb::kPut, ToSource(stored)} : Change{};
}

class EngineHashes final : public Hashes {
 public:
  explicit EngineHashes(Documents& documents) : documents_(documents) {}

  Result<std::vector<Claimed>> ClaimAll(std::span<const Claim> claims, Time now) override {
    for (const Claim& claim : claims) {
      if (auto fine = CheckIds(claim.sha256, claim.claimant); !fine) return Unexpected(fine.error());
    }
    std::vector<Claimed> answers(claims.size(), Claimed::kTaken);
    std::map<SampleHash, ClaimsOfHash> by_hash;
    for (std::size_t i = 0; i < claims.size(); ++i) {
      by_hash[claims[i].sha256].emplace_back(claims[i].claimant, &answers[i]);
    }
    std::vector<Amendment> amendments;
    for (const auto& [sha256, of_hash] : by_hash) {
      amendments.push_back({sha256.Get(), [&sha256 = sha256, &of_hash = of_hash, now](const auto& standing) {
                              return Decide(standing, sha256, of_hash, now);
                            }});
    }
    auto amended = Amend(documents_, std::move(amendments), Expect::kNothing);
    if (!amended) return Unexpected(std::move(amended.error()));
    return answers;
  }

  Result<void> Count(const SampleHash& sha256, const SubmissionId& sighting) override {
    if (auto fine = CheckIds(sha256, sighting); !fine) return fine;
    return ChangeStanding(sha256, [&](Stored& stored) { return CountOnce(stored, sighting); });
  }

  Result<Claimed> TakeOver(const SampleHash& sha256, const SubmissionId& holder,
                           const SubmissionId& claimant) override {
    if (auto fine = CheckIds(sha256, claimant); !fine) return Unexpected(fine.error());
    Claimed answer = Claimed::kTaken;
    const auto changed = ChangeStanding(sha256, [&](Stored& stored) {
      SubmissionId& submission = stored.record.submission;
      const bool was_its = submission == holder;
      answer = was_its || submission == claimant ? Claimed::kOurs : Claimed::kTaken;
      if (was_its) submission = claimant;
      return was_its;
    });
    return changed.map([&] { return answer; });
  }

  Result<void> Release(const SampleHash& sha256, const SubmissionId& claimant) override {
    if (!CheckIds(sha256, claimant)) return {};  // nobody can have claimed it
    return ChangeStanding(sha256, [&](Stored& stored) {
      if (stored.record.submission != claimant) return false;
      stored.record.submission = SubmissionId();
      return true;
    });
  }

  Result<std::optional<HashRecord>> Get(const SampleHash& sha256) override {
    if (!CheckId("sample's SHA-256", sha256.Get())) return std::optional<HashRecord>();
    const auto document = documents_.GetOne(sha256.Get());
    if (!document) return Unexpected(document.error());
    if (!*document) return std::optional<HashRecord>();
    return Read((*document)->source).map([](Stored&& stored) {
      return std::optional<HashRecord>(std::move(stored.record));
    });
  }

  Result<std::size_t> Import(std::span<const HashRecord> records) override {
    if (auto fine = CheckAll(records); !fine) return Unexpected(fine.error());
    std::map<std::string, HashRecord> by_id;
    for (const HashRecord& record : records) {
      const auto [known, is_new] = by_id.try_emplace(record.sha256.Get(), record);
      if (!is_new) MergeInto(known->second, record);
    }
    std::map<std::string, bool> changed;
    std::vector<Amendment> amendments;
    for (const auto& [id, record] : by_id) {
      amendments.push_back({id, [&record = record, &did = changed[id]](const auto& standing) {
                              return DecideImport(standing, record, did);
                            }});
    }
    auto amended = Amend(documents_, std::move(amendments), Expect::kNothing);
    if (!amended) return Unexpected(std::move(amended.error()));
    return static_cast<std::size_t>(std::ranges::count_if(changed, [](const auto& one) { return one.second; }));
  }

  Result<Listing<HashRecord>> Scan(const Page& page) override {
    Query query;
    query.Is("type", "hash").Sorted("", "asc");
    if (!page.after.empty()) query.After({0, page.after});
    const auto read = [](std::string_view source) {
      return Read(source).map([](Stored&& stored) { return std::move(stored.record); });
    };
    auto listing = ListPage<HashRecord>(documents_, query, page, read, [](const HashRecord& record) {
      return Position{0, record.sha256.Get()};
    });
    if (listing && !listing->next.empty()) listing->next = listing->items.back().sha256.Get();
    return listing;
  }

 private:
  /// Changes a record that stands; `change` tells whether it did.
  template <class F>
  Result<void> ChangeStanding(const SampleHash& sha256, const F& change) {
    const auto decide = [&](const std::optional<Document>& standing) -> Result<Change> {
      if (!standing) return Change{};
      auto stored = Read(standing->source);
      if (!stored) return Unexpected(std::move(stored.error()));
      return change(*stored) ? Change{Verb::kPut, ToSource(*stored)} : Change{};
    };
    return Amend(documents_, {{sha256.Get(), decide}}, Expect::kSomething);
  }

  Documents& documents_;
};

}  // namespace

std::unique_ptr<Hashes> MakeHashes(Documents& hashes) { return std::make_unique<EngineHashes>(hashes); }

}  // namespace brood::store::opensearch
