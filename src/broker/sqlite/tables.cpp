#include "broker/sqlite/tables.hpp"

#include <unistd.h>

#include "broker/sqlite/headers_text.hpp"

namespace brood::broker::sqlite {

using brood::sqlite::Errc;
using brood::sqlite::SqliteError;
using brood::sqlite::Statement;

// `position` orders a queue and names a delivery: each time a message becomes ready it gets a new one, so that
// an old delivery is never mistaken for a later one of the same message. It comes from the sequence of message
// ids.
const brood::sqlite::Schema& BrokerSchema() {
  static const brood::sqlite::Schema schema{"broker", {R"sql(
    CREATE TABLE broker_queue(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL) STRICT;
    CREATE TABLE broker_message(id INTEGER PRIMARY KEY AUTOINCREMENT, headers BLOB NOT NULL, body BLOB NOT NULL)
      STRICT;
    CREATE TABLE broker_ready(queue INTEGER NOT NULL, position INTEGER NOT NULL, message INTEGER NOT NULL,
      seen INTEGER NOT NULL, PRIMARY KEY(queue, position)) STRICT, WITHOUT ROWID;
    CREATE TABLE broker_held(holder INTEGER NOT NULL, position INTEGER NOT NULL, message INTEGER NOT NULL,
      queue INTEGER NOT NULL, PRIMARY KEY(holder, position)) STRICT, WITHOUT ROWID;
    CREATE TABLE broker_holder(id INTEGER PRIMARY KEY AUTOINCREMENT, pid INTEGER NOT NULL) STRICT;
  )sql"}};
  return schema;
}

Result<std::optional<std::pair<QueueId, QueueType>>> FindQueue(Connection& db, std::string_view name) {
  Statement find = db.Prepare("SELECT id, type FROM broker_queue WHERE name = ?");
  const auto row = find.Bind(1, name).Step();
  if (!row) return Unexpected(row.error());
  if (!*row) return std::nullopt;
  const auto type = find.Text(1) == Name(QueueType::kQuorum) ? QueueType::kQuorum : QueueType::kClassic;
  return std::pair{QueueId(find.Int(0)), type};
}

Result<void> AddQueue(Connection& db, const QueueShape& shape) {
  return db.Prepare("INSERT INTO broker_queue(name, type) VALUES(?, ?)")
      .Bind(1, shape.name)
      .Bind(2, Name(shape.type))
      .Run();
}

Result<std::uint64_t> CountReady(Connection& db, QueueId queue) {
  Statement count = db.Prepare("SELECT count(*) FROM broker_ready WHERE queue = ?");
  const auto row = count.Bind(1, queue.Get()).Step();
  if (!row) return Unexpected(row.error());
  return static_cast<std::uint64_t>(count.Int(0));
}

Result<void> Append(Connection& db, const Row& row) {
  auto written = db.Prepare("INSERT INTO broker_message(headers, body) VALUES(?, ?)")
                     .BindBlob(1, row.headers)
                     .BindBlob(2, row.body)
                     .Run();
  if (!written) return written;
  const std::int64_t id = db.LastInsertId();
  return db.Prepare("INSERT INTO broker_ready(queue, position, message, seen) VALUES(?, ?, ?, 0)")
      .Bind(1, row.queue.Get())
      .Bind(2, id)
      .Bind(3, id)
      .Run();
}

namespace {

Result<std::vector<Delivery>> Oldest(Connection& db, const NamedQueue& queue, std::size_t max,
                                     std::size_t max_bytes) {
  Statement rows = db.Prepare(
      "SELECT r.position, r.seen, m.headers, m.body FROM broker_ready r JOIN broker_message m ON m.id = "
      "r.message "
      "WHERE r.queue = ? ORDER BY r.position LIMIT ?");
  rows.Bind(1, queue.id.Get()).Bind(2, max);
  std::vector<Delivery> deliveries;
  for (std::size_t bytes = 0;;) {
    const auto row = rows.Step();
    if (!row) return Unexpected(row.error());
    if (!*row) return deliveries;
    const std::string_view body = rows.Blob(3);
    bytes += body.size();
    if (!deliveries.empty() && bytes > max_bytes) return deliveries;
    auto headers = DecodeHeaders(rows.Blob(2));
    if (!headers) return Unexpected(SqliteError{Errc::kCorrupt, db.File().string() + ": damaged headers"});
    deliveries.push_back({DeliveryId(static_cast<std::uint64_t>(rows.Int(0))),
                          {queue.name, std::string(body), std::move(*headers), rows.Int(1) != 0}});
  }
}

}  // namespace

Result<std::vector<Delivery>> TakeReady(Connection& db, const NamedQueue& queue, HolderId holder,
                                        std::size_t max, std::size_t max_bytes) {
  auto deliveries = Oldest(db, queue, max, max_bytes);
  if (!deliveries || deliveries->empty()) return deliveries;
  const std::uint64_t last = deliveries->back().id.Get();
  auto held = db.Prepare(
                    "INSERT INTO broker_held(holder, position, message, queue) "
                    "SELECT ?, position, message, queue FROM broker_ready WHERE queue = ? AND position <= ?")
                  .Bind(1, holder.Get())
                  .Bind(2, queue.id.Get())
                  .Bind(3, last)
                  .Run();
  if (!held) return Unexpected(held.error());
  auto gone = db.Prepare("DELETE FROM broker_ready WHERE queue = ? AND position <= ?")
                  .Bind(1, queue.id.Get())
                  .Bind(2, last)
                  .Run();
  if (!gone) return Unexpected(gone.error());
  return deliveries;
}

Result<bool> Holds(Connection& db, HolderId holder, DeliveryId delivery) {
  return db.Prepare("SELECT 1 FROM broker_held WHERE holder = ? AND position = ?")
      .Bind(1, holder.Get())
      .Bind(2, delivery.Get())
      .Step();
}

Result<void> Remove(Connection& db, HolderId holder, DeliveryId delivery) {
  auto removed = db.Prepare(
                       "DELETE FROM broker_message WHERE id = (SELECT message FROM broker_held WHERE holder = "
                       "? AND position = ?)")
                     .Bind(1, holder.Get())
                     .Bind(2, delivery.Get())
                     .Run();
  if (!removed) return removed;
  return db.Prepare("DELETE FROM broker_held WHERE holder = ? AND position = ?")
      .Bind(1, holder.Get())
      .Bind(2, delivery.Get())
      .Run();
}

Result<void> Return(Connection& db, HolderId holder, DeliveryId delivery) {
  auto position = db.Prepare("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'broker_message'").Run();
  if (!position) return position;
  auto ready =
      db.Prepare(
            "INSERT INTO broker_ready(queue, position, message, seen) SELECT h.queue, s.seq, h.message, 1 "
            "FROM broker_held h, sqlite_sequence s "
            "WHERE h.holder = ? AND h.position = ? AND s.name = 'broker_message'")
          .Bind(1, holder.Get())
          .Bind(2, delivery.Get())
          .Run();
  if (!ready) return ready;
  return db.Prepare("DELETE FROM broker_held WHERE holder = ? AND position = ?")
      .Bind(1, holder.Get())
      .Bind(2, delivery.Get())
      .Run();
}

Result<HolderId> AddHolder(Connection& db) {
  auto added = db.Prepare("INSERT INTO broker_holder(pid) VALUES(?)").Bind(1, ::getpid()).Run();
  if (!added) return Unexpected(added.error());
  return HolderId(db.LastInsertId());
}

Result<bool> HasHolder(Connection& db, HolderId holder) {
  return db.Prepare("SELECT 1 FROM broker_holder WHERE id = ?").Bind(1, holder.Get()).Step();
}

Result<std::vector<HolderId>> Holders(Connection& db) {
  Statement rows = db.Prepare("SELECT id FROM broker_holder");
  std::vector<HolderId> holders;
  for (;;) {
    const auto row = rows.Step();
    if (!row) return Unexpected(row.error());
    if (!*row) return holders;
    holders.emplace_back(rows.Int(0));
  }
}

Result<std::size_t> RemoveHolder(Connection& db, HolderId holder) {
  std::vector<DeliveryId> held;
  {
    Statement rows = db.Prepare("SELECT position FROM broker_held WHERE holder = ? ORDER BY position");
    rows.Bind(1, holder.Get());
    for (;;) {
      const auto row = rows.Step();
      if (!row) return Unexpected(row.error());
      if (!*row) break;
      held.emplace_back(static_cast<std::uint64_t>(rows.Int(0)));
    }
  }
  for (const DeliveryId delivery : held) {
    if (auto returned = Return(db, holder, delivery); !returned) return Unexpected(returned.error());
  }
  auto removed = db.Prepare("DELETE FROM broker_holder WHERE id = ?").Bind(1, holder.Get()).Run();
  if (!removed) return Unexpected(removed.error());
  return held.size();
}

}  // namespace brood::broker::sqlite
