#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sqlite/readers.hpp"
#include "sqlite/writer.hpp"
#include "store/result.hpp"

namespace brood::store::sqlite {

namespace db = ::brood::sqlite;

/// What SQLite said, in the ports' words.
[[nodiscard]] StoreError ToStoreError(const db::SqliteError& error);

/// A row that this program did not write so: kDamaged to the caller of the port.
[[nodiscard]] db::SqliteError DamagedRow(std::string_view table, std::string_view id, std::string_view what);

/// One database file: its writer, shared with others, and readers. Thread-safe.
class Database {
 public:
  explicit Database(std::shared_ptr<db::Writer> writer) : writer_(std::move(writer)), readers_(*writer_) {}

  /// `work(Connection&)` gives a db::Result<T>; its effects are durable on return. It may run on another
  /// thread.
  template <class T, class F>
  [[nodiscard]] Result<T> Write(const F& work) {
    return Translated(writer_->WriteFor<T>(work));
  }
  [[nodiscard]] Result<void> Write(const db::Writer::Work& work) { return Translated(writer_->Write(work)); }

  template <class T, class F>
  [[nodiscard]] Result<T> Read(const F& work) {
    return Translated(readers_.ReadFor<T>(work));
  }

 private:
  template <class T>
  static Result<T> Translated(db::Result<T>&& result) {
    return std::move(result).map_error(ToStoreError);
  }

  std::shared_ptr<db::Writer> writer_;
  db::Readers readers_;
};

/// `read(const Statement&)` gives a db::Result<T> for each row.
template <class T, class F>
[[nodiscard]] db::Result<std::vector<T>> AllRows(db::Statement& statement, const F& read) {
  std::vector<T> rows;
  for (;;) {
    const auto row = statement.Step();
    if (!row) return Unexpected(row.error());
    if (!*row) return rows;
    db::Result<T> value = read(statement);
    if (!value) return Unexpected(std::move(value.error()));
    rows.push_back(std::move(*value));
  }
}

/// The same for at most one row.
template <class T, class F>
[[nodiscard]] db::Result<std::optional<T>> OneRow(db::Statement& statement, const F& read) {
  const auto row = statement.Step();
  if (!row) return Unexpected(row.error());
  if (!*row) return std::optional<T>();
  return read(statement).map([](T&& value) { return std::optional<T>(std::move(value)); });
}

}  // namespace brood::store::sqlite
