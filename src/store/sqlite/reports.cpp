#include <algorithm>

#include "store/limits.hpp"
#include "store/sqlite/ports.hpp"

namespace brood::store::sqlite {
namespace {

/// A page of a scan ends behind the document that goes over this.
constexpr std::size_t kScanBytes = std::size_t{16} << 20;

constexpr auto kPut = R"sql(
INSERT INTO cuckoo(id, run_fed_at, run_id, submission, stored, processed) VALUES(?, ?, ?, ?, ?, ?)
ON CONFLICT(id) DO UPDATE SET run_fed_at = excluded.run_fed_at, run_id = excluded.run_id,
  submission = excluded.submission, stored = excluded.stored, processed = excluded.processed
WHERE (excluded.run_fed_at, excluded.run_id) > (cuckoo.run_fed_at, cuckoo.run_id)
RETURNING seq)sql";

constexpr auto kGet = R"sql(
SELECT id, run_fed_at, run_id, submission, stored, processed, document, seq
FROM cuckoo JOIN cuckoo_documents USING(seq) WHERE id = ?)sql";

constexpr auto kScan = R"sql(
SELECT id, run_fed_at, run_id, submission, stored, processed, document, seq
FROM cuckoo JOIN cuckoo_documents USING(seq) WHERE id > ? ORDER BY id LIMIT ?)sql";

constexpr auto kUnprocessed = R"sql(
SELECT id, run_fed_at, run_id, submission, stored, processed, ''
FROM cuckoo WHERE processed = 0 AND stored < ? ORDER BY stored, seq LIMIT ?)sql";

constexpr auto kMark =
    "UPDATE cuckoo SET processed = 1 WHERE id = ? AND run_fed_at = ? AND run_id = ? AND processed = 0";

db::Result<StoredReport> ReadRow(const db::Statement& row) {
  StoredReport report;
  report.id = row.Text(0);
  report.run = {FromMillis(row.Int(1)), std::string(row.Text(2))};
  report.submission = model::SubmissionId(std::string(row.Text(3)));
  report.stored = FromMillis(row.Int(4));
  report.processed = row.Int(5) != 0;
  report.document = row.Text(6);
  return report;
}

/// The row with its document; one that stands in pieces is put together.
db::Result<StoredReport> ReadWhole(db::Connection& connection, const db::Statement& row) {
  auto report = ReadRow(row);
  if (!report || !report->document.empty()) return report;
  db::Statement pieces =
      connection.Prepare("SELECT piece FROM cuckoo_document_pieces WHERE seq = ? ORDER BY number");
  pieces.Bind(1, row.Int(7));
  for (;;) {
    const auto piece = pieces.Step();
    if (!piece) return Unexpected(piece.error());
    if (!*piece) return report;
    report->document += pieces.Blob(0);
  }
}

/// The number of the record that is to get the document; none where the one that stands is newer or the same.
db::Result<std::optional<std::int64_t>> PutRecord(db::Connection& connection, const StoredReport& report) {
  db::Statement put = connection.Prepare(kPut);
  put.Bind(1, report.id).Bind(2, ToMillis(report.run.fed_at)).Bind(3, report.run.id);
  put.Bind(4, report.submission.Get()).Bind(5, ToMillis(report.stored)).Bind(6, report.processed);
  return OneRow<std::int64_t>(put,
                              [](const db::Statement& row) -> db::Result<std::int64_t> { return row.Int(0); });
}

db::Result<void> PutDocument(db::Connection& connection, std::int64_t seq, std::string_view document) {
  auto written = connection.Prepare("INSERT OR REPLACE INTO cuckoo_documents(seq, document) VALUES(?, ?)")
                     .Bind(1, seq)
                     .Bind(2, document)
                     .Run();
  if (!written) return written;
  return connection.Prepare("DELETE FROM cuckoo_document_pieces WHERE seq = ?").Bind(1, seq).Run();
}

db::Result<void> PutPieces(db::Connection& connection, std::int64_t seq, const DocumentSource& document) {
  db::Statement put =
      connection.Prepare("INSERT INTO cuckoo_document_pieces(seq, number, piece) VALUES(?, ?, ?)");
  db::Result<void> written;
  std::int64_t number = 0;
  document([&](std::string_view piece) {
    if (!written) return;
    written = put.Bind(1, seq).Bind(2, number++).BindBlob(3, piece).Run();
    put.Reset();
  });
  return written;
}

/// `document(seq)` writes the document of a record that moved.
db::Result<Moved> PutOne(db::Connection& connection, const StoredReport& report, const auto& document) {
  const auto seq = PutRecord(connection, report);
  if (!seq) return Unexpected(seq.error());
  if (!*seq) return Moved::kCurrent;
  return document(**seq).map([] { return Moved::kMoved; });
}

db::Result<Listing<StoredReport>> ReadPage(db::Connection& connection, db::Statement& statement,
                                           std::size_t size) {
  Listing<StoredReport> listing;
  std::size_t bytes = 0;
  for (;;) {
    const auto row = statement.Step();
    if (!row) return Unexpected(row.error());
    if (!*row) return listing;
    if (listing.items.size() == size || bytes > kScanBytes) {
      listing.next = listing.items.back().id;
      return listing;
    }
    auto report = ReadWhole(connection, statement);
    if (!report) return Unexpected(report.error());
    bytes += report->document.size();
    listing.items.push_back(std::move(*report));
  }
}

class SqliteReports final : public Reports {
 public:
  explicit SqliteReports(Database& database) : database_(database) {}

  Result<std::vector<Moved>> Put(std::span<const StoredReport> reports) override {
    if (auto fine = CheckAll(reports); !fine) return Unexpected(fine.error());
    if (reports.empty()) return std::vector<Moved>();
    return database_.Write<std::vector<Moved>>(
        [&](db::Connection& connection) -> db::Result<std::vector<Moved>> {
          std::vector<Moved> answers;
          for (const StoredReport& report : reports) {
            const auto moved = PutOne(connection, report, [&](std::int64_t seq) {
              return PutDocument(connection, seq, report.document);
            });
            if (!moved) return Unexpected(moved.error());
            answers.push_back(*moved);
          }
          return answers;
        });
  }

  Result<Moved> PutInPieces(StoredReport report, const DocumentSource& document) override {
    if (auto fine = Check(report); !fine) return Unexpected(fine.error());
    return database_.Write<Moved>([&](db::Connection& connection) {
      return PutOne(connection, report, [&](std::int64_t seq) {
        return PutDocument(connection, seq, "").and_then([&] { return PutPieces(connection, seq, document); });
      });
    });
  }

  Result<std::optional<StoredReport>> Get(const std::string& id) override {
    return database_.Read<std::optional<StoredReport>>([&](db::Connection& connection) {
      db::Statement statement = connection.Prepare(kGet);
      statement.Bind(1, id);
      return OneRow<StoredReport>(statement,
                                  [&](const db::Statement& row) { return ReadWhole(connection, row); });
    });
  }

  Result<void> MarkProcessed(std::span<const ReportKey> keys) override {
    if (keys.empty()) return {};
    return database_.Write([&](db::Connection& connection) -> db::Result<void> {
      db::Statement mark = connection.Prepare(kMark);
      for (const ReportKey& key : keys) {
        mark.Bind(1, key.id).Bind(2, ToMillis(key.run.fed_at)).Bind(3, key.run.id);
        if (auto marked = mark.Run(); !marked) return marked;
      }
      return {};
    });
  }

  Result<std::vector<StoredReport>> Unprocessed(Time before, std::size_t max) override {
    return database_.Read<std::vector<StoredReport>>([&](db::Connection& connection) {
      db::Statement statement = connection.Prepare(kUnprocessed);
      statement.Bind(1, ToMillis(before)).Bind(2, max);
      return AllRows<StoredReport>(statement, ReadRow);
    });
  }

  Result<Listing<StoredReport>> Scan(const Page& page) override {
    return database_.Read<Listing<StoredReport>>([&](db::Connection& connection) {
      const std::size_t size = std::max<std::size_t>(page.size, 1);
      db::Statement statement = connection.Prepare(kScan);
      statement.Bind(1, page.after).Bind(2, size + 1);
      return ReadPage(connection, statement, size);
    });
  }

  Result<std::uint64_t> CountSince(std::optional<Time> since) override {
    return database_.Read<std::uint64_t>([&](db::Connection& connection) -> db::Result<std::uint64_t> {
      db::Statement statement = since ? connection.Prepare("SELECT count(*) FROM cuckoo WHERE stored >= ?")
                                      : connection.Prepare("SELECT count(*) FROM cuckoo");
      if (since) statement.Bind(1, ToMillis(*since));
      const auto row = statement.Step();
      if (!row) return Unexpected(row.error());
      return static_cast<std::uint64_t>(statement.Int(0));
    });
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Reports> MakeReports(Database& reports) { return std::make_unique<SqliteReports>(reports); }

}  // namespace brood::store::sqlite
