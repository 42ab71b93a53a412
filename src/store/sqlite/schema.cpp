#include "store/sqlite/schema.hpp"

namespace brood::store::sqlite {
namespace {

// Times are milliseconds since 1970, UTC. `seq` makes the places where listings go on; every index ends in it.
// The index of sha256 holds no time, so that an Advance leaves it alone.
constexpr auto kQueue = R"sql(
CREATE TABLE queue(
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  origin TEXT NOT NULL,
  options TEXT NOT NULL, -- name=value&…, percent-encoded
  accepted INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  node TEXT NOT NULL,
  task_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  stage TEXT NOT NULL,
  reason TEXT NOT NULL,
  report_note TEXT NOT NULL,
  score REAL NOT NULL,
  blacklisted INTEGER NOT NULL,
  reasons TEXT NOT NULL
) STRICT;
CREATE INDEX queue_changed ON queue(changed);
CREATE INDEX queue_state ON queue(state, changed);
CREATE INDEX queue_sha256 ON queue(sha256);
)sql";

constexpr auto kHashes = R"sql(
CREATE TABLE hashes(
  seq INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  submission TEXT NOT NULL, -- whose claim it is; empty after a release
  timestamp INTEGER NOT NULL,
  counter INTEGER NOT NULL
) STRICT;
CREATE TABLE sightings(
  hash INTEGER NOT NULL REFERENCES hashes(seq),
  submission TEXT NOT NULL,
  PRIMARY KEY(hash, submission)
) STRICT, WITHOUT ROWID;
)sql";

constexpr auto kBlacklist = R"sql(
CREATE TABLE blacklist(
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, -- type:value, over 400 bytes type:sha256(value)
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  last_change INTEGER NOT NULL,
  reason TEXT NOT NULL,
  score REAL NOT NULL,
  origin TEXT NOT NULL
) STRICT;
CREATE INDEX blacklist_changed ON blacklist(last_change);
CREATE INDEX blacklist_type ON blacklist(type, last_change);
)sql";

// A feed is one row, its entries a line each: it is only ever swapped and read as a whole.
constexpr auto kLists = R"sql(
CREATE TABLE whitelist(
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  owner TEXT NOT NULL,
  PRIMARY KEY(type, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE third_party_blacklist(
  type TEXT NOT NULL, -- the category
  location TEXT NOT NULL,
  entries TEXT NOT NULL,
  PRIMARY KEY(type, location)
) STRICT;
CREATE TABLE store_meta(name TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO store_meta(name, number) VALUES('lists_generation', 0);
)sql";

constexpr auto kDeadLetters = R"sql(
CREATE TABLE dead_letters(
  seq INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  queue TEXT NOT NULL,
  submission TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  failure TEXT NOT NULL
) STRICT;
CREATE INDEX dead_letters_changed ON dead_letters(changed);
CREATE INDEX dead_letters_state ON dead_letters(state, changed);
CREATE INDEX dead_letters_due ON dead_letters(state, due);
)sql";

// `done` is 0 while it may or may not have happened.
constexpr auto kEffects = R"sql(
CREATE TABLE effects(
  key TEXT PRIMARY KEY,
  begun INTEGER NOT NULL,
  done INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX effects_begun ON effects(begun);
)sql";

constexpr auto kNotes = "ALTER TABLE dead_letters ADD COLUMN note TEXT NOT NULL DEFAULT ''";

// What is known of a list's source, beside its entries.
constexpr auto kFeedNotes = R"sql(
CREATE TABLE feed_notes(
  type TEXT NOT NULL, -- the category
  location TEXT NOT NULL,
  looked INTEGER NOT NULL,
  fetched INTEGER NOT NULL,
  etag TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  skipped INTEGER NOT NULL,
  trouble TEXT NOT NULL,
  PRIMARY KEY(type, location)
) STRICT, WITHOUT ROWID;
)sql";

// Documents stand apart, so that marking a report processed does not write its document again.
constexpr auto kReports = R"sql(
CREATE TABLE cuckoo(
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  run_fed_at INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  submission TEXT NOT NULL,
  stored INTEGER NOT NULL,
  processed INTEGER NOT NULL
) STRICT;
CREATE TABLE cuckoo_documents(
  seq INTEGER PRIMARY KEY REFERENCES cuckoo(seq),
  document TEXT NOT NULL
) STRICT;
CREATE INDEX cuckoo_stored ON cuckoo(stored);
CREATE INDEX cuckoo_unprocessed ON cuckoo(stored) WHERE processed = 0;
)sql";

// A large document stands here, piece by piece, and '' in cuckoo_documents.
constexpr auto kPieces = R"sql(
CREATE TABLE cuckoo_document_pieces(
  seq INTEGER NOT NULL REFERENCES cuckoo(seq),
  number INTEGER NOT NULL,
  piece BLOB NOT NULL,
  PRIMARY KEY(seq, number)
) STRICT;
)sql";

}  // namespace

brood::sqlite::Schema RecordsSchema() {
  return {"store_records",
          {std::string(kQueue) + kHashes + kBlacklist + kLists + kDeadLetters, kEffects, kNotes, kFeedNotes}};
}

brood::sqlite::Schema ReportsSchema() { return {"store_reports", {kReports, kPieces}}; }

}  // namespace brood::store::sqlite
