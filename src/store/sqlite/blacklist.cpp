#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "store/limits.hpp"
#include "store/sqlite/paging.hpp"
#include "store/sqlite/ports.hpp"

namespace brood::store::sqlite {
namespace {

constexpr auto kSelect = "SELECT seq, type, value, sha256, last_change, reason, score, origin FROM blacklist";

constexpr auto kUpsert = R"sql(
INSERT INTO blacklist(id, type, value, sha256, last_change, reason, score, origin) VALUES(?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(id) DO UPDATE SET
  sha256 = CASE excluded.sha256 WHEN '' THEN sha256 ELSE excluded.sha256 END,
  last_change = max(last_change, excluded.last_change), reason = excluded.reason, score = excluded.score,
  origin = CASE excluded.origin WHEN 'rule' THEN origin ELSE excluded.origin END)sql";

constexpr auto kRemoveUnchanged = R"sql(
DELETE FROM blacklist WHERE id = ? AND type = ? AND value = ? AND sha256 = ? AND last_change = ? AND reason = ?
  AND score = ? AND origin = ?)sql";

constexpr std::int64_t kBeforeAll = std::numeric_limits<std::int64_t>::min();

// Two rows of store_meta, made with the first change.
constexpr std::string_view kAdditions = "blacklist_additions", kRemovals = "blacklist_removals";

db::Result<void> Raise(db::Connection& connection, std::string_view counter) {
  return connection
      .Prepare(
          "INSERT INTO store_meta(name, number) VALUES(?, 1) ON CONFLICT(name) DO UPDATE SET number = number + "
          "1")
      .Bind(1, counter)
      .Run();
}

db::Result<Placed<BlacklistEntry>> ReadRow(const db::Statement& row) {
  Placed<BlacklistEntry> placed;
  BlacklistEntry& entry = placed.record;
  entry.type = row.Text(1);
  entry.value = row.Text(2);
  entry.sha256 = row.Text(3);
  entry.last_change = FromMillis(row.Int(4));
  entry.reasons = row.Text(5);
  entry.score = row.Double(6);
  const auto origin = OriginFrom(row.Text(7));
  if (!origin)
    return Unexpected(DamagedRow("blacklist", EntryId(entry.type, entry.value), "its origin is unknown"));
  entry.origin = *origin;
  placed.at = {row.Int(4), row.Int(0)};
  return placed;
}

void BindAll(db::Statement& statement, const BlacklistEntry& entry) {
  statement.Bind(1, EntryId(entry.type, entry.value)).Bind(2, entry.type).Bind(3, entry.value);
  statement.Bind(4, entry.sha256).Bind(5, ToMillis(entry.last_change)).Bind(6, entry.reasons);
  statement.Bind(7, entry.score).Bind(8, Name(entry.origin));
}

class SqliteBlacklist final : public Blacklist {
 public:
  explicit SqliteBlacklist(Database& database) : database_(database) {}

  Result<void> Upsert(std::span<const BlacklistEntry> entries) override {
    if (auto fine = CheckAll(entries); !fine) return fine;
    if (entries.empty()) return {};
    return database_.Write([&](db::Connection& connection) -> db::Result<void> {
      db::Statement upsert = connection.Prepare(kUpsert);
      for (const BlacklistEntry& entry : entries) {
        BindAll(upsert, entry);
        if (auto run = upsert.Run(); !run) return run;
      }
      return Raise(connection, kAdditions);
    });
  }

  Result<bool> Remove(std::string_view type, std::string_view value) override {
    return database_.Write<bool>([&](db::Connection& connection) -> db::Result<bool> {
      auto removed =
          connection.Prepare("DELETE FROM blacklist WHERE id = ?").Bind(1, EntryId(type, value)).Run();
      if (!removed) return Unexpected(removed.error());
      if (connection.Changes() == 0) return false;
      return Raise(connection, kRemovals).map([] { return true; });
    });
  }

  Result<std::vector<bool>> RemoveUnchanged(std::span<const BlacklistEntry> entries) override {
    if (entries.empty()) return std::vector<bool>();
    return database_.Write<std::vector<bool>>([&](db::Connection& connection) -> db::Result<std::vector<bool>> {
      db::Statement remove = connection.Prepare(kRemoveUnchanged);
      std::vector<bool> answers;
      for (const BlacklistEntry& entry : entries) {
        BindAll(remove, entry);
        if (auto run = remove.Run(); !run) return Unexpected(run.error());
        answers.push_back(connection.Changes() == 1);
      }
      if (std::ranges::find(answers, true) == answers.end()) return answers;
      return Raise(connection, kRemovals).map([&] { return std::move(answers); });
    });
  }

  Result<std::optional<BlacklistEntry>> Get(std::string_view type, std::string_view value) override {
    static const std::string get = fmt::format("{} WHERE id = ?", kSelect);
    return database_.Read<std::optional<BlacklistEntry>>([&](db::Connection& connection) {
      db::Statement statement = connection.Prepare(get);
      statement.Bind(1, EntryId(type, value));
      return OneRow<BlacklistEntry>(statement, [](const db::Statement& row) {
        return ReadRow(row).map([](Placed<BlacklistEntry>&& placed) { return std::move(placed.record); });
      });
    });
  }

  Result<Listing<BlacklistEntry>> Since(std::string_view type, std::optional<Time> since,
                                        const Page& page) override {
    const auto after = PositionFrom(page.after);
    if (!after) return Unexpected(after.error());
    Conditions conditions;
    if (!type.empty()) conditions.Add("type = ?", {std::string(type)});
    if (since) conditions.Add("last_change >= ?", {ToMillis(*since)});
    if (*after) conditions.Add("(last_change, seq) > (?, ?)", {(*after)->time, (*after)->row});
    return database_.Read<Listing<BlacklistEntry>>([&](db::Connection& connection) {
      db::Statement statement =
          conditions.Prepare(connection, kSelect, "ORDER BY last_change, seq LIMIT ?", RowsFor(page));
      return AllRows<Placed<BlacklistEntry>>(statement, ReadRow).map([&](auto&& rows) {
        return ToListing(std::forward<decltype(rows)>(rows), page);
      });
    });
  }

  Result<std::uint64_t> CountSince(std::string_view type, std::optional<Time> since) override {
    return database_.Read<std::uint64_t>([&](db::Connection& connection) -> db::Result<std::uint64_t> {
      db::Statement statement = connection.Prepare(
          type.empty() ? "SELECT count(*) FROM blacklist WHERE last_change >= ?2"
                       : "SELECT count(*) FROM blacklist WHERE type = ?1 AND last_change >= ?2");
      if (!type.empty()) statement.Bind(1, type);
      const auto row = statement.Bind(2, since ? ToMillis(*since) : kBeforeAll).Step();
      if (!row) return Unexpected(row.error());
      return static_cast<std::uint64_t>(statement.Int(0));
    });
  }

  Result<BlacklistGeneration> Generation() override {
    return database_.Read<BlacklistGeneration>(
        [](db::Connection& connection) -> db::Result<BlacklistGeneration> {
          db::Statement statement = connection.Prepare(
              "SELECT (SELECT number FROM store_meta WHERE name = ?), "
              "(SELECT number FROM store_meta WHERE name = ?)");
          const auto row =
              statement.Bind(1, kAdditions).Bind(2, kRemovals).Step();  // 0 for a row that is not there
          if (!row) return Unexpected(row.error());
          return BlacklistGeneration{statement.Int(0), statement.Int(1)};
        });
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Blacklist> MakeBlacklist(Database& records) {
  return std::make_unique<SqliteBlacklist>(records);
}

}  // namespace brood::store::sqlite
