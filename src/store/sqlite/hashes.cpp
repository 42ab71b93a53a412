#include <algorithm>

#include "store/limits.hpp"
#include "store/sqlite/ports.hpp"

namespace brood::store::sqlite {
namespace {

using model::SampleHash;
using model::SubmissionId;

constexpr auto kClaim = R"sql(
INSERT INTO hashes(sha256, submission, timestamp, counter) VALUES(?, ?, ?, 0)
ON CONFLICT(sha256) DO UPDATE SET submission = excluded.submission WHERE submission = '')sql";

constexpr auto kImport = R"sql(
INSERT INTO hashes(sha256, submission, timestamp, counter) VALUES(?, ?, ?, ?)
ON CONFLICT(sha256) DO UPDATE SET
  counter = max(counter, excluded.counter), timestamp = min(timestamp, excluded.timestamp)
WHERE counter < excluded.counter OR timestamp > excluded.timestamp)sql";

constexpr auto kScan =
    "SELECT sha256, submission, timestamp, counter FROM hashes WHERE sha256 > ? ORDER BY sha256 LIMIT ?";

db::Result<HashRecord> ReadRow(const db::Statement& row) {
  return HashRecord{SampleHash(std::string(row.Text(0))), SubmissionId(std::string(row.Text(1))),
                    FromMillis(row.Int(2)), static_cast<std::uint64_t>(row.Int(3))};
}

/// What a claim and a sighting have to know of a hash.
struct Holder {
  std::int64_t seq = 0;
  SubmissionId submission;
};

db::Result<std::optional<Holder>> HolderOf(db::Connection& connection, const SampleHash& sha256) {
  db::Statement statement = connection.Prepare("SELECT seq, submission FROM hashes WHERE sha256 = ?");
  statement.Bind(1, sha256.Get());
  return OneRow<Holder>(statement, [](const db::Statement& row) -> db::Result<Holder> {
    return Holder{row.Int(0), SubmissionId(std::string(row.Text(1)))};
  });
}

db::Result<void> CountOnce(db::Connection& connection, std::int64_t hash, const SubmissionId& sighting) {
  auto noted = connection.Prepare("INSERT OR IGNORE INTO sightings(hash, submission) VALUES(?, ?)")
                   .Bind(1, hash)
                   .Bind(2, sighting.Get())
                   .Run();
  if (!noted || connection.Changes() == 0) return noted;
  return connection.Prepare("UPDATE hashes SET counter = counter + 1 WHERE seq = ?").Bind(1, hash).Run();
}

db::Result<Claimed> ClaimHere(db::Connection& connection, const Claim& claim, Time now) {
  auto claimed = connection.Prepare(kClaim)
                     .Bind(1, claim.sha256.Get())
                     .Bind(2, claim.claimant.Get())
                     .Bind(3, ToMillis(now))
                     .Run();
  if (!claimed) return Unexpected(claimed.error());
  const auto holder = HolderOf(connection, claim.sha256);
  if (!holder) return Unexpected(holder.error());
  if (!*holder) {
    return Unexpected(DamagedRow("hashes", claim.sha256.Get(), "it cannot be found by its own hash"));
  }
  auto counted = CountOnce(connection, (*holder)->seq, claim.claimant);
  if (!counted) return Unexpected(counted.error());
  return (*holder)->submission == claim.claimant ? Claimed::kOurs : Claimed::kTaken;
}

Result<void> CheckIds(const SampleHash& sha256, const SubmissionId& submission) {
  if (auto fine = CheckId("sample's SHA-256", sha256.Get()); !fine) return fine;
  return CheckId("submission's id", submission.Get());
}

class SqliteHashes final : public Hashes {
 public:
  explicit SqliteHashes(Database& database) : database_(database) {}

  Result<std::vector<Claimed>> ClaimAll(std::span<const Claim> claims, Time now) override {
    for (const Claim& claim : claims) {
      if (auto fine = CheckIds(claim.sha256, claim.claimant); !fine) return Unexpected(fine.error());
    }
    return database_.Write<std::vector<Claimed>>(
        [&](db::Connection& connection) -> db::Result<std::vector<Claimed>> {
          std::vector<Claimed> answers;
          for (const Claim& claim : claims) {
            const auto claimed = ClaimHere(connection, claim, now);
            if (!claimed) return Unexpected(claimed.error());
            answers.push_back(*claimed);
          }
          return answers;
        });
  }

  Result<void> Count(const SampleHash& sha256, const SubmissionId& sighting) override {
    if (auto fine = CheckIds(sha256, sighting); !fine) return fine;
    return database_.Write([&](db::Connection& connection) -> db::Result<void> {
      const auto holder = HolderOf(connection, sha256);
      if (!holder) return Unexpected(holder.error());
      if (!*holder) return {};
      return CountOnce(connection, (*holder)->seq, sighting);
    });
  }

  Result<Claimed> TakeOver(const SampleHash& sha256, const SubmissionId& holder,
                           const SubmissionId& claimant) override {
    if (auto fine = CheckIds(sha256, claimant); !fine) return Unexpected(fine.error());
    return database_.Write<Claimed>([&](db::Connection& connection) -> db::Result<Claimed> {
      db::Statement move =
          connection.Prepare("UPDATE hashes SET submission = ? WHERE sha256 = ? AND submission IN (?, ?)");
      move.Bind(1, claimant.Get()).Bind(2, sha256.Get()).Bind(3, holder.Get()).Bind(4, claimant.Get());
      if (auto moved = move.Run(); !moved) return Unexpected(moved.error());
      return connection.Changes() == 1 ? Claimed::kOurs : Claimed::kTaken;
    });
  }

  Result<void> Release(const SampleHash& sha256, const SubmissionId& claimant) override {
    return database_.Write([&](db::Connection& connection) {
      return connection.Prepare("UPDATE hashes SET submission = '' WHERE sha256 = ? AND submission = ?")
          .Bind(1, sha256.Get())
          .Bind(2, claimant.Get())
          .Run();
    });
  }

  Result<std::optional<HashRecord>> Get(const SampleHash& sha256) override {
    return database_.Read<std::optional<HashRecord>>([&](db::Connection& connection) {
      db::Statement statement =
          connection.Prepare("SELECT submission, timestamp, counter FROM hashes WHERE sha256 = ?");
      statement.Bind(1, sha256.Get());
      return OneRow<HashRecord>(statement, [&](const db::Statement& row) -> db::Result<HashRecord> {
        return HashRecord{sha256, SubmissionId(std::string(row.Text(0))), FromMillis(row.Int(1)),
                          static_cast<std::uint64_t>(row.Int(2))};
      });
    });
  }

  Result<std::size_t> Import(std::span<const HashRecord> records) override {
    if (auto fine = CheckAll(records); !fine) return Unexpected(fine.error());
    if (records.empty()) return std::size_t{0};
    return database_.Write<std::size_t>([&](db::Connection& connection) -> db::Result<std::size_t> {
      std::size_t changed = 0;
      db::Statement import = connection.Prepare(kImport);
      for (const HashRecord& record : records) {
        import.Bind(1, record.sha256.Get()).Bind(2, record.submission.Get());
        import.Bind(3, ToMillis(record.first_seen)).Bind(4, static_cast<std::int64_t>(record.counter));
        if (auto run = import.Run(); !run) return Unexpected(run.error());
        changed += connection.Changes() == 0 ? 0 : 1;
      }
      return changed;
    });
  }

  Result<Listing<HashRecord>> Scan(const Page& page) override {
    return database_.Read<Listing<HashRecord>>([&](db::Connection& connection) {
      db::Statement scan = connection.Prepare(kScan);
      const auto size = std::max<std::size_t>(page.size, 1);
      scan.Bind(1, page.after).Bind(2, static_cast<std::int64_t>(size));
      return AllRows<HashRecord>(scan, ReadRow).map([size](std::vector<HashRecord>&& records) {
        std::string next = records.size() < size ? "" : records.back().sha256.Get();
        return Listing<HashRecord>{std::move(records), std::move(next)};
      });
    });
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Hashes> MakeHashes(Database& records) { return std::make_unique<SqliteHashes>(records); }

}  // namespace brood::store::sqlite
