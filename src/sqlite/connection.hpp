#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "sqlite/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace brood::sqlite {

/// A prepared statement, lent from its connection's cache and given back (reset, without values) at the end.
/// What goes wrong while preparing or binding is told by the next Step or Run, so that calls can be chained:
/// `connection.Prepare("DELETE FROM t WHERE id = ?").Bind(1, id).Run()`. Must not outlive its connection.
class Statement {
 public:
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;

  /// Parameters count from 1. Text is copied.
  Statement& Bind(int parameter, std::integral auto value) {
    return BindInt(parameter, static_cast<std::int64_t>(value));
  }
  Statement& Bind(int parameter, double value);
  Statement& Bind(int parameter, std::string_view text);
  Statement& BindNull(int parameter);
  template <class T>
  Statement& Bind(int parameter, const std::optional<T>& value) {
    return value ? Bind(parameter, *value) : BindNull(parameter);
  }
  /// Not copied: `bytes` must live until the statement is reset, bound anew or gone.
  Statement& BindBlob(int parameter, std::string_view bytes);

  /// True: a row stands ready. False: there are no more; the statement may be bound and stepped anew.
  [[nodiscard]] Result<bool> Step();
  /// Steps to the end and resets.
  [[nodiscard]] Result<void> Run();
  void Reset();

  /// Columns of the row that stands ready count from 0. Views live until the next Step or Reset.
  [[nodiscard]] std::int64_t Int(int column) const;
  [[nodiscard]] double Double(int column) const;
  [[nodiscard]] std::string_view Text(int column) const;
  [[nodiscard]] std::string_view Blob(int column) const;
  [[nodiscard]] bool IsNull(int column) const;

 private:
  friend class Connection;
  struct Cached {
    sqlite3_stmt* handle = nullptr;
    bool lent = false;
  };

  Statement(class Connection& connection, Cached* cached, sqlite3_stmt* handle);
  Statement& BindInt(int parameter, std::int64_t value);
  void Note(int code);

  Connection* connection_;
  Cached* cached_;        ///< null: this statement is its own and is finalized at the end
  sqlite3_stmt* handle_;  ///< null: could not be prepared
  std::optional<SqliteError> error_;
};

enum class Mode { kReadWrite, kReadOnly };

/// One connection to a database file. Used by one thread at a time. Reading connections refuse to write.
class Connection {
 public:
  static constexpr std::size_t kMmapBytes = std::size_t{256} << 20;

  /// Opens, or makes, the file; ":memory:" is one that lives and dies with the connection. Throws
  /// std::runtime_error naming the path.
  Connection(const std::filesystem::path& path, Mode mode, Millis busy_timeout = Millis{5'000});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// `sql` is one statement. The same text is prepared once.
  [[nodiscard]] Statement Prepare(std::string_view sql);
  /// Runs any number of statements; rows are dropped. For schemas and pragmas.
  [[nodiscard]] Result<void> Execute(const std::string& sql);
  /// The first column of the first row; an error if there is none.
  [[nodiscard]] Result<std::int64_t> QueryInt(std::string_view sql);

  /// Rows the last INSERT, UPDATE or DELETE touched.
  [[nodiscard]] std::int64_t Changes() const;
  /// Rows touched since the connection was opened.
  [[nodiscard]] std::int64_t TotalChanges() const;
  [[nodiscard]] std::int64_t LastInsertId() const;
  [[nodiscard]] bool InTransaction() const;
  [[nodiscard]] const std::filesystem::path& File() const { return file_; }

 private:
  friend class Statement;
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  [[nodiscard]] SqliteError ErrorOf(int code) const;

  std::filesystem::path file_;
  sqlite3* handle_ = nullptr;
  std::unordered_map<std::string, Statement::Cached, TextHash, std::equal_to<>> cache_;
};

}  // namespace brood::sqlite
