#include "broker/sqlite/seat.hpp"

#include <exception>
#include <utility>

namespace brood::broker::sqlite {

using brood::sqlite::Errc;
using brood::sqlite::LockFile;
using brood::sqlite::SqliteError;

Result<std::shared_ptr<Seat>> Seat::Take(Connection& db, const std::filesystem::path& holders_file) {
  try {
    LockFile locks(holders_file);
    for (;;) {
      const auto id = AddHolder(db);
      if (!id) return Unexpected(id.error());
      if (locks.TryLock(id->Get())) return std::shared_ptr<Seat>(new Seat(std::move(locks), *id));
      // A side file from another database's life may still be in use: that number is taken, the next is not.
      if (auto removed = RemoveHolder(db, *id); !removed) return Unexpected(removed.error());
    }
  } catch (const std::exception& error) {
    return Unexpected(SqliteError{Errc::kOther, error.what()});
  }
}

Result<std::size_t> ReturnOfDead(Connection& db, LockFile& locks, HolderId holder) {
  if (!locks.TryLock(holder.Get())) return 0;
  auto returned = RemoveHolder(db, holder);
  locks.Unlock(holder.Get());
  return returned;
}

}  // namespace brood::broker::sqlite
