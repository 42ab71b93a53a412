#include "sqlite/connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace brood::sqlite {
namespace {

bool NoRoom(int system_error) {
  return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
}

Errc ErrcOf(int code, int system_error) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Errc::kBusy;
    case SQLITE_FULL:
      return Errc::kFull;
    case SQLITE_IOERR:
      return NoRoom(system_error) ? Errc::kFull : Errc::kOther;
    case SQLITE_CANTOPEN:
      return NoRoom(system_error) ? Errc::kFull : Errc::kOther;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Errc::kReadOnly;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Errc::kCorrupt;
    case SQLITE_CONSTRAINT:
      return Errc::kConstraint;
    default:
      return Errc::kOther;
  }
}

std::string PragmasFor(Mode mode, Millis busy_timeout) {
  std::string sql = fmt::format("PRAGMA busy_timeout={};PRAGMA foreign_keys=ON;", busy_timeout.count());
  if (mode == Mode::kReadOnly) {
    return sql + fmt::format("PRAGMA query_only=ON;PRAGMA mmap_size={};", Connection::kMmapBytes);
  }
  // FAST overwrites deleted messages where that costs no further page: they may hold keys.
  return sql + "PRAGMA secure_delete=FAST;PRAGMA cache_size=-16384;";
}

}  // namespace

Connection::Connection(const std::filesystem::path& path, Mode mode, Millis busy_timeout) : file_(path) {
  // Reading connections open the file for writing too, or they could not mend the WAL a killed process left.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::kReadWrite ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  if (code == SQLITE_OK) {
    auto set = Execute(PragmasFor(mode, busy_timeout) + "SELECT count(*) FROM sqlite_schema;");
    if (set) return;
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    throw std::runtime_error("cannot open the database " + set.error().what);
  }
  const std::string what = handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_);
  sqlite3_close_v2(std::exchange(handle_, nullptr));
  throw std::runtime_error(fmt::format("cannot open the database {}: {}", path.string(), what));
}

Connection::~Connection() {
  for (auto& [sql, cached] : cache_) sqlite3_finalize(cached.handle);
  sqlite3_close_v2(handle_);
}

Statement Connection::Prepare(std::string_view sql) {
  auto found = cache_.find(sql);
  if (found != cache_.end() && !found->second.lent) return {*this, &found->second, found->second.handle};

  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  Statement::Cached* cached = nullptr;
  if (code == SQLITE_OK && found == cache_.end()) {
    cached = &cache_.emplace(std::string(sql), Statement::Cached{handle}).first->second;
  }
  Statement statement(*this, cached, handle);
  statement.Note(code);
  return statement;
}

Result<void> Connection::Execute(const std::string& sql) {
  errno = 0;
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Unexpected(ErrorOf(code));
  return {};
}

Result<std::int64_t> Connection::QueryInt(std::string_view sql) {
  Statement statement = Prepare(sql);
  const auto row = statement.Step();
  if (!row) return Unexpected(row.error());
  if (!*row)
    return Unexpected(SqliteError{Errc::kOther, fmt::format("{}: no row for: {}", file_.string(), sql)});
  return statement.Int(0);
}

std::int64_t Connection::Changes() const { return sqlite3_changes64(handle_); }
std::int64_t Connection::TotalChanges() const { return sqlite3_total_changes64(handle_); }
std::int64_t Connection::LastInsertId() const { return sqlite3_last_insert_rowid(handle_); }
bool Connection::InTransaction() const { return sqlite3_get_autocommit(handle_) == 0; }

SqliteError Connection::ErrorOf(int code) const {
  // SQLite keeps the system's error only where a statement fails, not where a COMMIT does: errno still has it.
  const int system_error = errno;
  const int kept = sqlite3_system_errno(handle_);
  const Errc errc = ErrcOf(code, NoRoom(kept) ? kept : system_error);
  std::string what = fmt::format("{}: {}", file_.string(), sqlite3_errmsg(handle_));
  if (errc == Errc::kFull) what += " (the disk is full, or a size limit is reached)";
  if (errc == Errc::kCorrupt) what += " (no database, or a damaged one: put it aside or restore a copy)";
  return {errc, std::move(what)};
}

}  // namespace brood::sqlite
