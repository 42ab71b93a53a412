#pragma once

#include <filesystem>
#include <memory>

#include "broker/sqlite/tables.hpp"
#include "sqlite/lock_file.hpp"

namespace brood::broker::sqlite {

/// The place of one consumer among the holders: its row, and the lock on its byte of "<file>.holders" that says
/// it is alive. The kernel lets go of the lock when the process dies, however it dies.
class Seat {
 public:
  /// Takes a new seat inside a transaction of the caller. The lock is held before others can see the row.
  [[nodiscard]] static Result<std::shared_ptr<Seat>> Take(Connection& db,
                                                          const std::filesystem::path& holders_file);

  [[nodiscard]] HolderId Id() const { return id_; }
  /// For tests: what a kill does. The seat must not be used for taking any more.
  void LetGo() { locks_.Unlock(id_.Get()); }

 private:
  Seat(brood::sqlite::LockFile locks, HolderId id) : locks_(std::move(locks)), id_(id) {}

  brood::sqlite::LockFile locks_;
  HolderId id_;
};

/// Returns all that a dead holder held. Zero, and nothing done, if it lives after all or somebody else has just
/// seen to it. `locks` is the caller's own view of the side file.
[[nodiscard]] Result<std::size_t> ReturnOfDead(Connection& db, brood::sqlite::LockFile& locks, HolderId holder);

}  // namespace brood::broker::sqlite
