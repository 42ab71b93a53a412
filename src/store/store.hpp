#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "model/ids.hpp"
#include "model/submission.hpp"

namespace brood::store {

// The record ports. Every write is durable on return. Bulk writes are per item, never atomic across items. A
// read by id is current; a list or search may lag by a second. No transactions over documents, no scripts:
// ports that a search engine can keep. All thread-safe. Errors are expected only when the store is away, full
// or read-only.

enum class Errc {
  kUnavailable,  ///< cannot be reached or did not answer in time; try again
  kFull,         ///< no room on the disk, or read-only because of it; goes away by itself
  kDamaged,      ///< a document that is not of our shape
};

struct StoreError {
  Errc code = Errc::kUnavailable;
  std::string what;
};

template <class T>
using Result = Expected<T, StoreError>;

[[nodiscard]] Error ToError(const StoreError& error);

/// A page of a listing: `next` is passed back to go on, empty at the end.
struct Page {
  std::size_t size = 100;
  std::string after;
};
template <class T>
struct Listing {
  std::vector<T> items;
  std::string next;
};

// --- submissions (index `queue`)
// ------------------------------------------------------------------------------------

enum class Moved {
  kMoved,    ///< the record is now ours
  kCurrent,  ///< a record of the same or a later version stands: read it and follow
};

struct SubmissionFilter {
  std::optional<model::State> state;
  std::optional<model::SampleHash> sha256;
  std::optional<Time> changed_before;  ///< for the sweeper
};

class Submissions {
 public:
  virtual ~Submissions() = default;
  [[nodiscard]] virtual Result<std::optional<model::Submission>> Get(const model::SubmissionId& id) = 0;
  /// Writes each record if its Version() is greater than the stored one's; one answer for each, in order.
  [[nodiscard]] virtual Result<std::vector<Moved>> Advance(std::span<const model::Submission> records) = 0;
  /// Newest change first.
  [[nodiscard]] virtual Result<Listing<model::Submission>> List(const SubmissionFilter& filter,
                                                                const Page& page) = 0;
  /// How many stand in each state, in the order of model::State.
  [[nodiscard]] virtual Result<std::vector<std::uint64_t>> CountByState() = 0;
};

// --- hashes (index `hashes`)
// ----------------------------------------------------------------------------------------

struct HashRecord {
  model::SampleHash sha256;
  model::SubmissionId submission;  ///< whose claim it is; empty after a release
  Time first_seen{};
  std::uint64_t counter = 0;  ///< sightings
  bool operator==(const HashRecord&) const = default;
};

enum class Claimed { kOurs, kTaken };

class Hashes {
 public:
  virtual ~Hashes() = default;
  /// The first claimant wins; the same claimant wins again. Counts the claimant's sighting once.
  [[nodiscard]] virtual Result<Claimed> Claim(const model::SampleHash& sha256,
                                              const model::SubmissionId& claimant, Time now) = 0;
  /// Counts a sighting of a known hash; each `sighting` (a submission's id) once.
  [[nodiscard]] virtual Result<void> Count(const model::SampleHash& sha256,
                                           const model::SubmissionId& sighting) = 0;
  /// Gives a claim back, if it is still that submission's: the next sighting is analysed.
  [[nodiscard]] virtual Result<void> Release(const model::SampleHash& sha256,
                                             const model::SubmissionId& claimant) = 0;
  [[nodiscard]] virtual Result<std::optional<HashRecord>> Get(const model::SampleHash& sha256) = 0;
};

// --- reports (index `cuckoo`)
// ---------------------------------------------------------------------------------------

/// A filtered report as stored. `id` is the sample's SHA-256, without one the submission's id, else
/// "node:task".
struct StoredReport {
  std::string id;
  model::Run run;
  model::SubmissionId submission;
  Time stored{};
  bool processed = false;
  std::string document;  ///< model::ToJson of the report
  bool operator==(const StoredReport&) const = default;
};

struct ReportKey {
  std::string id;
  model::Run run;
};

class Reports {
 public:
  virtual ~Reports() = default;
  /// Idempotent per (id, run): the same run again changes nothing, `processed` included; an older run never
  /// replaces a newer one. kCurrent is said of both.
  [[nodiscard]] virtual Result<std::vector<Moved>> Put(std::span<const StoredReport> reports) = 0;
  [[nodiscard]] virtual Result<std::optional<StoredReport>> Get(const std::string& id) = 0;
  /// Each only if it is still the run that was read.
  [[nodiscard]] virtual Result<void> MarkProcessed(std::span<const ReportKey> keys) = 0;
  /// Stored before `before` and not processed, oldest first; keys only.
  [[nodiscard]] virtual Result<std::vector<StoredReport>> Unprocessed(Time before, std::size_t max) = 0;
  /// All, in order of id.
  [[nodiscard]] virtual Result<Listing<StoredReport>> Scan(const Page& page) = 0;
  [[nodiscard]] virtual Result<std::uint64_t> CountSince(std::optional<Time> since) = 0;
};

// --- blacklist
// ------------------------------------------------------------------------------------------------------

enum class Origin { kRule, kApi, kImport };
[[nodiscard]] std::string_view Name(Origin origin);  ///< "rule", "api", "import"

struct BlacklistEntry {
  std::string type, value;
  std::string sha256;  ///< for type hash: the sample's SHA-256
  Time last_change{};
  std::string reasons;  ///< JSON list [{reason, data}]
  double score = 0.0;
  Origin origin = Origin::kRule;
  bool operator==(const BlacklistEntry&) const = default;
};

/// "type:value", over 400 bytes "type:sha256(value)".
[[nodiscard]] std::string EntryId(std::string_view type, std::string_view value);

class Blacklist {
 public:
  virtual ~Blacklist() = default;
  /// An entry that exists is kept and its reasons, score and last_change are refreshed; a rule never turns an
  /// entry of origin api or import into one of its own.
  [[nodiscard]] virtual Result<void> Upsert(std::span<const BlacklistEntry> entries) = 0;
  [[nodiscard]] virtual Result<bool> Remove(std::string_view type, std::string_view value) = 0;
  [[nodiscard]] virtual Result<std::optional<BlacklistEntry>> Get(std::string_view type,
                                                                  std::string_view value) = 0;
  /// Changed at or after `since` (all without), oldest change first. An empty type means all types.
  [[nodiscard]] virtual Result<Listing<BlacklistEntry>> Since(std::string_view type, std::optional<Time> since,
                                                              const Page& page) = 0;
};

// --- lists (indices `whitelist`, `third_party_blacklist`)
// -----------------------------------------------------------

enum class WhitelistKind { kSubnet, kHash, kDomain };
[[nodiscard]] std::string_view Name(WhitelistKind kind);  ///< "subnet", "hash", "domain"

struct WhitelistEntry {
  WhitelistKind kind = WhitelistKind::kSubnet;
  std::string value;  ///< CIDR as given by the network's canonical text, MD5/SHA-256, domain
  std::string owner;
  bool operator==(const WhitelistEntry&) const = default;
};

class Lists {
 public:
  virtual ~Lists() = default;
  [[nodiscard]] virtual Result<void> PutWhitelist(const WhitelistEntry& entry) = 0;
  [[nodiscard]] virtual Result<bool> RemoveWhitelist(WhitelistKind kind, std::string_view value) = 0;
  [[nodiscard]] virtual Result<std::vector<WhitelistEntry>> Whitelist() = 0;
  /// The whole list of one category from one source: swapped in whole or not at all.
  [[nodiscard]] virtual Result<void> ReplaceFeed(std::string_view category,
                                                 std::span<const std::string> entries,
                                                 std::string_view source) = 0;
  struct Feed {
    std::string category, source;
    std::vector<std::string> entries;
    bool operator==(const Feed&) const = default;
  };
  [[nodiscard]] virtual Result<std::vector<Feed>> Feeds() = 0;
  /// Grows with every change of a list; polled each second, so that a change is effective at once everywhere.
  [[nodiscard]] virtual Result<std::int64_t> Generation() = 0;
};

// --- dead letters
// ---------------------------------------------------------------------------------------------------

enum class LetterState {
  kDelayed,  ///< goes back to its queue when due
  kSent,     ///< went back; kept for its count
  kDead,     ///< given up, waits for a person
};
[[nodiscard]] std::string_view Name(LetterState state);

struct DeadLetter {
  std::string key;      ///< SHA-256 hex of (queue, body)
  std::string failure;  ///< the failure record as it came (JSON)
  std::string queue;    ///< where it goes back to
  model::SubmissionId submission;
  LetterState state = LetterState::kDelayed;
  int attempts = 0;  ///< failures so far
  Time due{};
  Time changed{};
  std::int64_t version = 0;  ///< as read; 0 for a new one
  bool operator==(const DeadLetter&) const = default;
};

class DeadLetters {
 public:
  virtual ~DeadLetters() = default;
  /// The new record under letter.key if none stands or the stored version is letter.version; it then has
  /// version + 1.
  [[nodiscard]] virtual Result<Moved> Put(const DeadLetter& letter) = 0;
  [[nodiscard]] virtual Result<std::optional<DeadLetter>> Get(std::string_view key) = 0;
  /// Delayed ones that are due, oldest first.
  [[nodiscard]] virtual Result<std::vector<DeadLetter>> Due(Time now, std::size_t max) = 0;
  [[nodiscard]] virtual Result<Listing<DeadLetter>> List(std::optional<LetterState> state,
                                                         const Page& page) = 0;
  [[nodiscard]] virtual Result<bool> Remove(std::string_view key) = 0;
};

/// The ports of one store together, as a backend gives them.
class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual store::Submissions& Submissions() = 0;
  [[nodiscard]] virtual store::Hashes& Hashes() = 0;
  [[nodiscard]] virtual store::Reports& Reports() = 0;
  [[nodiscard]] virtual store::Blacklist& Blacklist() = 0;
  [[nodiscard]] virtual store::Lists& Lists() = 0;
  [[nodiscard]] virtual store::DeadLetters& DeadLetters() = 0;
};

}  // namespace brood::store
