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
      db::Statement put = connection.Prepare(kPut);
      put.Bind(1, Name(entry.kind)).Bind(2, entry.value).Bind(3, entry.owner);
      return put.Run().and_then([&] { return RaiseGeneration(connection); });
    });
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
      return statement.Run().and_then([&] { return RaiseGeneration(connection); });
    });
  }

  Result<std::vector<Feed>> Feeds() override {
    return database_.Read<std::vector<Feed>>([](db::Connection& connection) {
      db::Statement statement = connection.Prepare(
          "SELECT type, location, entries FROM third_party_blacklist ORDER BY type, location");
      return AllRows<Feed>(statement, ReadFeed);
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
