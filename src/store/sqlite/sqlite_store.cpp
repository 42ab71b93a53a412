#include "store/sqlite/sqlite_store.hpp"

#include <utility>

#include "sqlite/migrate.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/ports.hpp"
#include "store/sqlite/schema.hpp"

namespace brood::store::sqlite {

struct SqliteStore::Parts {
  Database records, reports_file;
  std::unique_ptr<store::Submissions> submissions = MakeSubmissions(records);
  std::unique_ptr<store::Hashes> hashes = MakeHashes(records);
  std::unique_ptr<store::Reports> reports = MakeReports(reports_file);
  std::unique_ptr<store::Blacklist> blacklist = MakeBlacklist(records);
  std::unique_ptr<store::Lists> lists = MakeLists(records);
  std::unique_ptr<store::DeadLetters> dead_letters = MakeDeadLetters(records);
  std::unique_ptr<store::Effects> effects = MakeEffects(records);
  std::unique_ptr<store::Counts> counts = MakeCounts(records, reports_file);

  Parts(std::shared_ptr<db::Writer> records_writer, std::shared_ptr<db::Writer> reports_writer)
      : records(std::move(records_writer)), reports_file(std::move(reports_writer)) {}
};

SqliteStore::SqliteStore(std::shared_ptr<db::Writer> records, std::shared_ptr<db::Writer> reports) {
  db::Migrate(*records, RecordsSchema());
  db::Migrate(*reports, ReportsSchema());
  parts_ = std::make_unique<Parts>(std::move(records), std::move(reports));
}

SqliteStore::~SqliteStore() = default;

store::Submissions& SqliteStore::Submissions() { return *parts_->submissions; }
store::Hashes& SqliteStore::Hashes() { return *parts_->hashes; }
store::Reports& SqliteStore::Reports() { return *parts_->reports; }
store::Blacklist& SqliteStore::Blacklist() { return *parts_->blacklist; }
store::Lists& SqliteStore::Lists() { return *parts_->lists; }
store::DeadLetters& SqliteStore::DeadLetters() { return *parts_->dead_letters; }
store::Effects& SqliteStore::Effects() { return *parts_->effects; }
store::Counts& SqliteStore::Counts() { return *parts_->counts; }

}  // namespace brood::store::sqlite
