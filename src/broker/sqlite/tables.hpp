#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/broker.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/migrate.hpp"

namespace brood::broker::sqlite {

using brood::sqlite::Connection;
using brood::sqlite::Result;

using QueueId = Strong<struct QueueIdTag, std::int64_t>;
/// A consumer: a row here and a lock on the byte of this number in the side file. Numbers are never used again.
using HolderId = Strong<struct HolderIdTag, std::int64_t>;

[[nodiscard]] const brood::sqlite::Schema& BrokerSchema();

/// A message ready to be written; views into memory of the caller.
struct Row {
  QueueId queue;
  std::string headers;
  std::string_view body;
};

struct NamedQueue {
  QueueId id;
  std::string name;
};

// Each of these is one step inside a transaction of the caller.

/// The queue's id and type.
[[nodiscard]] Result<std::optional<std::pair<QueueId, QueueType>>> FindQueue(Connection& db,
                                                                             std::string_view name);
[[nodiscard]] Result<void> AddQueue(Connection& db, const QueueShape& shape);
[[nodiscard]] Result<std::uint64_t> CountReady(Connection& db, QueueId queue);

[[nodiscard]] Result<void> Append(Connection& db, const Row& row);
/// The oldest messages that are ready, at most `max` and (but for the first) at most `max_bytes` of bodies, now
/// held by `holder`.
[[nodiscard]] Result<std::vector<Delivery>> TakeReady(Connection& db, const NamedQueue& queue, HolderId holder,
                                                      std::size_t max, std::size_t max_bytes);
[[nodiscard]] Result<bool> Holds(Connection& db, HolderId holder, DeliveryId delivery);
/// Acknowledged: the message is gone.
[[nodiscard]] Result<void> Remove(Connection& db, HolderId holder, DeliveryId delivery);
/// Ready again, at the end, marked seen before. Nothing happens if the holder does not hold it.
[[nodiscard]] Result<void> Return(Connection& db, HolderId holder, DeliveryId delivery);

[[nodiscard]] Result<HolderId> AddHolder(Connection& db);
[[nodiscard]] Result<bool> HasHolder(Connection& db, HolderId holder);
[[nodiscard]] Result<std::vector<HolderId>> Holders(Connection& db);
/// Returns all it holds and forgets it; how many messages came back.
[[nodiscard]] Result<std::size_t> RemoveHolder(Connection& db, HolderId holder);

}  // namespace brood::broker::sqlite
