#include "store/lists.hpp"

#include "base/text.hpp"
#include "store/limits.hpp"
#include "store/sqlite/ports.hpp"

namespace brood::store::sqlite {
namespace {

constexpr auto kPut =
    "INSERT INTO whitelist(type, value, owner) VALUES(?, ?, ?) "
    "ON CONFLICT(type, value) DO UPDATE SET owner = excluded.owner";

constexpr auto kInOrder =
    "SELECT type, value, owner FROM whitelist "
    "ORDER BY CASE type WHEN 'subnet' THEN 0 WHEN 'hash' THEN 1 ELSE 2 END, value";

constexpr auto kReplace =
    "INSERT OR REPLACE INTO third_party_blacklist(type, location, entries) VALUES(?, ?, ?)";

constexpr auto kPutNote =
    "INSERT OR REPLACE INTO feed_notes(type, location, looked, fetched, etag, last_modified, skipped, trouble) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?)";

constexpr auto kUntouched =
    "SELECT NOT EXISTS(SELECT 1 FROM store_meta WHERE name = 'whitelist_seeded') "
    "AND NOT EXISTS(SELECT 1 FROM whitelist)";

constexpr auto kSeeded = "INSERT OR REPLACE INTO store_meta(name, number) VALUES('whitelist_seeded', 1)";

db::Result<void> RaiseGeneration(db::Connection& connection) {
  return connection.Prepare("UPDATE store_meta SET number = number + 1 WHERE name = 'lists_generation'").Run();
}

db::Result<WhitelistEntry> ReadEntry(const db::Statement& row) {
  const auto kind = WhitelistKindFrom(row.Text(0));
  if (!kind) return Unexpected(DamagedRow("whitelist", row.Text(1), "its type is unknown"));
  return WhitelistEntry{*kind, std::string(row.Text(1)), std::string(row.Text(2))};
}

db::Result<Lists::Feed> ReadFeed(const db::Statement& row) {
  Lists::Feed feed{std::string(row.Text(0)), std::string(row.Text(1)), {}};
  for (const std::string_view entry : Split(row.Text(2), '\n')) feed.entries.emplace_back(entry);
  return feed;
}

db::Result<Lists::FeedNote> ReadNote(const db::Statement& row) {
  return Lists::FeedNote{std::string(row.Text(0)),
                         std::string(row.Text(1)),
                         FromMillis(row.Int(2)),
                         FromMillis(row.Int(3)),
                         std::string(row.Text(4)),
                         std::string(row.Text(5)),
                         row.Int(6),
                         std::string(row.Text(7))};
}

db::Result<void> PutEntry(db::Connection& connection, const WhitelistEntry& entry) {
  db::Statement put = connection.Prepare(kPut);
  return put.Bind(1, Name(entry.kind)).Bind(2, entry.value).Bind(3, entry.owner).Run();
}

/// True if the entries were put.
db::Result<bool> Seed(db::Connection& connection, std::span<const WhitelistEntry> entries) {
  const auto untouched = connection.QueryInt(kUntouched);
  if (!untouched) return Unexpected(untouched.error());
  if (auto seeded = connection.Prepare(kSeeded).Run(); !seeded) return Unexpected(seeded.error());
  if (*untouched == 0) return false;
  for (const WhitelistEntry& entry : entries) {
    if (auto put = PutEntry(connection, entry); !put) return Unexpected(put.error());
  }
  return RaiseGeneration(connection).map([] { return true; });
}

std::string Lines(std::span<const std::string> entries) {
  std::string lines;
  for (const std::string& entry : entries) {
    if (!lines.empty()) lines += '\n';
    lines += entry;
  }
  return lines;
}

class SqliteLists final : public Lists {
 public:
  explicit SqliteLists(Database& database) : database_(database) {}

  Result<void> PutWhitelist(const WhitelistEntry& entry) override {
    if (auto fine = Check(entry); !fine) return fine;
    return database_.Write([&](db::Connection& connection) {
      return PutEntry(connection, entry).and_then([&] { return RaiseGeneration(connection); });
    });
  }

  Result<bool> SeedWhitelist(std::span<const WhitelistEntry> entries) override {
    if (auto fine = CheckAll(entries); !fine) return Unexpected(fine.error());
    return database_.Write<bool>([&](db::Connection& connection) { return Seed(connection, entries); });
  }

  Result<bool> RemoveWhitelist(WhitelistKind kind, std::string_view value) override {
    return database_.Write<bool>([&](db::Connection& connection) -> db::Result<bool> {
      db::Statement remove = connection.Prepare("DELETE FROM whitelist WHERE type = ? AND value = ?");
      auto removed = remove.Bind(1, Name(kind)).Bind(2, value).Run();
      if (!removed) return Unexpected(removed.error());
      if (connection.Changes() == 0) return false;
      return RaiseGeneration(connection).map([] { return true; });
    });
  }

  Result<std::vector<WhitelistEntry>> Whitelist() override {
    return database_.Read<std::vector<WhitelistEntry>>([](db::Connection& connection) {
      db::Statement statement = connection.Prepare(kInOrder);
      return AllRows<WhitelistEntry>(statement, ReadEntry);
    });
  }

  Result<void> ReplaceFeed(std::string_view category, std::span<const std::string> entries,
                           std::string_view source) override {
    if (auto fine = CheckFeed(category, entries, source); !fine) return fine;
    const std::string lines = Lines(entries);
    return database_.Write([&](db::Connection& connection) {
      db::Statement statement =
          entries.empty()
              ? connection.Prepare("DELETE FROM third_party_blacklist WHERE type = ? AND location = ?")
              : connection.Prepare(kReplace);
      statement.Bind(1, category).Bind(2, source);
      if (!entries.empty()) statement.Bind(3, lines);
      db::Statement forget = connection.Prepare("DELETE FROM feed_notes WHERE type = ? AND location = ?");
      forget.Bind(1, category).Bind(2, source);
      return statement.Run().and_then([&] { return forget.Run(); }).and_then([&] {
        return RaiseGeneration(connection);
      });
    });
  }

  Result<std::vector<Feed>> Feeds() override {
    return database_.Read<std::vector<Feed>>([](db::Connection& connection) {
      db::Statement statement = connection.Prepare(
          "SELECT type, location, entries FROM third_party_blacklist ORDER BY type, location");
      return AllRows<Feed>(statement, ReadFeed);
    });
  }

  Result<void> NoteFeed(const FeedNote& note) override {
    if (auto fine = CheckFeed(note.category, {}, note.source); !fine) return fine;
    return database_.Write([&](db::Connection& connection) {
      db::Statement put = connection.Prepare(kPutNote);
      put.Bind(1, note.category).Bind(2, note.source);
      put.Bind(3, ToMillis(note.looked)).Bind(4, ToMillis(note.fetched));
      put.Bind(5, note.etag).Bind(6, note.last_modified).Bind(7, note.skipped).Bind(8, note.trouble);
      return put.Run();
    });
  }

  Result<std::vector<FeedNote>> FeedNotes() override {
    return database_.Read<std::vector<FeedNote>>([](db::Connection& connection) {
      db::Statement statement = connection.Prepare(
          "SELECT type, location, looked, fetched, etag, last_modified, skipped, trouble FROM feed_notes "
          "ORDER BY type, location");
      return AllRows<FeedNote>(statement, ReadNote);
    });
  }

  Result<std::int64_t> Generation() override {
    return database_.Read<std::int64_t>([](db::Connection& connection) {
      return connection.QueryInt("SELECT number FROM store_meta WHERE name = 'lists_generation'");
    });
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Lists> MakeLists(Database& records) { return std::make_unique<SqliteLists>(records); }

}  // namespace brood::store::sqlite
