#include <fmt/format.h>

#include "store/limits.hpp"
#include "store/sqlite/paging.hpp"
#include "store/sqlite/ports.hpp"

namespace brood::store::sqlite {
namespace {

constexpr auto kSelect =
    "SELECT seq, key, version, state, queue, submission, attempts, due, changed, failure, note FROM "
    "dead_letters";

constexpr auto kPut = R"sql(
INSERT INTO dead_letters(key, version, state, queue, submission, attempts, due, changed, failure, note)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(key) DO UPDATE SET version = excluded.version, state = excluded.state, queue = excluded.queue,
  submission = excluded.submission, attempts = excluded.attempts, due = excluded.due, changed = excluded.changed,
  failure = excluded.failure, note = excluded.note
WHERE dead_letters.version = excluded.version - 1)sql";

db::Result<Placed<DeadLetter>> ReadRow(const db::Statement& row) {
  Placed<DeadLetter> placed;
  DeadLetter& letter = placed.record;
  letter.key = row.Text(1);
  letter.version = row.Int(2);
  letter.queue = row.Text(4);
  letter.submission = model::SubmissionId(std::string(row.Text(5)));
  letter.attempts = static_cast<int>(row.Int(6));
  letter.due = FromMillis(row.Int(7));
  letter.changed = FromMillis(row.Int(8));
  letter.failure = row.Text(9);
  letter.note = row.Text(10);
  const auto state = LetterStateFrom(row.Text(3));
  if (!state) return Unexpected(DamagedRow("dead_letters", letter.key, "its state is unknown"));
  letter.state = *state;
  placed.at = {row.Int(8), row.Int(0)};
  return placed;
}

db::Result<DeadLetter> ReadLetter(const db::Statement& row) {
  return ReadRow(row).map([](Placed<DeadLetter>&& placed) { return std::move(placed.record); });
}

void BindAll(db::Statement& statement, const DeadLetter& letter) {
  statement.Bind(1, letter.key).Bind(2, letter.version + 1).Bind(3, Name(letter.state));
  statement.Bind(4, letter.queue).Bind(5, letter.submission.Get()).Bind(6, letter.attempts);
  statement.Bind(7, ToMillis(letter.due)).Bind(8, ToMillis(letter.changed)).Bind(9, letter.failure);
  statement.Bind(10, letter.note);
}

class SqliteDeadLetters final : public DeadLetters {
 public:
  explicit SqliteDeadLetters(Database& database) : database_(database) {}

  Result<Moved> Put(const DeadLetter& letter) override {
    if (auto fine = Check(letter); !fine) return Unexpected(fine.error());
    return database_.Write<Moved>([&](db::Connection& connection) -> db::Result<Moved> {
      db::Statement put = connection.Prepare(kPut);
      BindAll(put, letter);
      if (auto run = put.Run(); !run) return Unexpected(run.error());
      return connection.Changes() == 1 ? Moved::kMoved : Moved::kCurrent;
    });
  }

  Result<std::optional<DeadLetter>> Get(std::string_view key) override {
    static const std::string get = fmt::format("{} WHERE key = ?", kSelect);
    return database_.Read<std::optional<DeadLetter>>([&](db::Connection& connection) {
      db::Statement statement = connection.Prepare(get);
      statement.Bind(1, key);
      return OneRow<DeadLetter>(statement, ReadLetter);
    });
  }

  Result<std::vector<DeadLetter>> Due(Time now, std::size_t max) override {
    static const std::string due =
        fmt::format("{} WHERE state = 'delayed' AND due <= ? ORDER BY due, seq LIMIT ?", kSelect);
    return database_.Read<std::vector<DeadLetter>>([&](db::Connection& connection) {
      db::Statement statement = connection.Prepare(due);
      statement.Bind(1, ToMillis(now)).Bind(2, max);
      return AllRows<DeadLetter>(statement, ReadLetter);
    });
  }

  Result<Listing<DeadLetter>> List(const LetterFilter& filter, const Page& page) override {
    const auto after = PositionFrom(page.after);
    if (!after) return Unexpected(after.error());
    Conditions conditions;
    if (filter.state) conditions.Add("state = ?", {std::string(Name(*filter.state))});
    if (!filter.queue.empty()) conditions.Add("queue = ?", {filter.queue});
    if (!filter.key_prefix.empty()) {
      conditions.Add("key >= ? AND key < ? || char(1114111)", {filter.key_prefix, filter.key_prefix});
    }
    if (*after) conditions.Add("(changed, seq) < (?, ?)", {(*after)->time, (*after)->row});
    return database_.Read<Listing<DeadLetter>>([&](db::Connection& connection) {
      db::Statement statement =
          conditions.Prepare(connection, kSelect, "ORDER BY changed DESC, seq DESC LIMIT ?", RowsFor(page));
      return AllRows<Placed<DeadLetter>>(statement, ReadRow).map([&](auto&& rows) {
        return ToListing(std::forward<decltype(rows)>(rows), page);
      });
    });
  }

  Result<bool> Remove(std::string_view key) override {
    return database_.Write<bool>([&](db::Connection& connection) -> db::Result<bool> {
      auto removed = connection.Prepare("DELETE FROM dead_letters WHERE key = ?").Bind(1, key).Run();
      if (!removed) return Unexpected(removed.error());
      return connection.Changes() == 1;
    });
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<DeadLetters> MakeDeadLetters(Database& records) {
  return std::make_unique<SqliteDeadLetters>(records);
}

}  // namespace brood::store::sqlite
