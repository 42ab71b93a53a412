#include "store/effects.hpp"

#include "store/limits.hpp"
#include "store/sqlite/ports.hpp"

namespace brood::store::sqlite {
namespace {

class SqliteEffects final : public Effects {
 public:
  explicit SqliteEffects(Database& database) : database_(database) {}

  Result<Begun> Begin(std::string_view key, Time now) override {
    if (auto fine = CheckId("key of an effect", key); !fine) return Unexpected(fine.error());
    return database_.Write<Begun>([&](db::Connection& connection) -> db::Result<Begun> {
      auto begun = connection.Prepare("INSERT OR IGNORE INTO effects(key, begun, done) VALUES(?, ?, 0)")
                       .Bind(1, key)
                       .Bind(2, ToMillis(now))
                       .Run();
      if (!begun) return Unexpected(begun.error());
      if (connection.Changes() == 1) return Begun::kFirst;
      db::Statement statement = connection.Prepare("SELECT done FROM effects WHERE key = ?");
      statement.Bind(1, key);
      const auto done = OneRow<std::int64_t>(
          statement, [](const db::Statement& row) -> db::Result<std::int64_t> { return row.Int(0); });
      if (!done) return Unexpected(done.error());
      return *done && **done != 0 ? Begun::kDone : Begun::kUnsure;
    });
  }

  Result<void> Finish(std::string_view key, Time now) override {
    if (auto fine = CheckId("key of an effect", key); !fine) return fine;
    return database_.Write([&](db::Connection& connection) {
      return connection
          .Prepare(
              "INSERT INTO effects(key, begun, done) VALUES(?, ?, 1) ON CONFLICT(key) DO UPDATE SET done = 1")
          .Bind(1, key)
          .Bind(2, ToMillis(now))
          .Run();
    });
  }

  Result<void> Withdraw(std::string_view key) override {
    return database_.Write([&](db::Connection& connection) {
      return connection.Prepare("DELETE FROM effects WHERE key = ? AND done = 0").Bind(1, key).Run();
    });
  }

  Result<std::uint64_t> Forget(Time before) override {
    return database_.Write<std::uint64_t>([&](db::Connection& connection) -> db::Result<std::uint64_t> {
      auto gone = connection.Prepare("DELETE FROM effects WHERE begun < ?").Bind(1, ToMillis(before)).Run();
      if (!gone) return Unexpected(gone.error());
      return static_cast<std::uint64_t>(connection.Changes());
    });
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Effects> MakeEffects(Database& records) { return std::make_unique<SqliteEffects>(records); }

}  // namespace brood::store::sqlite
