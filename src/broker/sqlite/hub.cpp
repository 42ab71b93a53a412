#include "broker/sqlite/hub.hpp"

#include <algorithm>
#include <stdexcept>

#include "broker/sqlite/headers_text.hpp"

namespace brood::broker::sqlite {

BrokerError ToBrokerError(const brood::sqlite::SqliteError& error) {
  switch (error.code) {
    case brood::sqlite::Errc::kFull:
    case brood::sqlite::Errc::kReadOnly:
      return {Errc::kFull, error.what, {}};
    default:
      return {Errc::kUnavailable, error.what, {}};
  }
}

Hub::Hub(brood::sqlite::Writer& writer, std::size_t max_message)
    : writer_(writer),
      readers_(writer),
      holders_file_(writer.File().string() + ".holders"),
      max_message_(max_message) {
  if (writer.InMemory())
    throw std::runtime_error("the SQLite broker needs a file: holders lock bytes beside it");
  brood::sqlite::Migrate(writer, BrokerSchema());
}

Expected<QueueId, BrokerError> Hub::Queue(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = queues_.find(name); known != queues_.end()) return known->second;
  }
  const auto found = readers_.ReadFor<std::optional<std::pair<QueueId, QueueType>>>(
      [&](Connection& db) { return FindQueue(db, name); });
  if (!found) return Unexpected(ToBrokerError(found.error()));
  if (!*found) return Unexpected(BrokerError{broker::Errc::kUnknownQueue, "there is no queue " + name, {}});
  const std::lock_guard lock(mutex_);
  return queues_.emplace(name, (*found)->first).first->second;
}

Expected<std::vector<Row>, BrokerError> Hub::Rows(std::span<const Outgoing> messages) {
  if (auto checked = CheckOutgoing(messages, max_message_); !checked) return Unexpected(checked.error());
  std::vector<Row> rows;
  rows.reserve(messages.size());
  for (const Outgoing& message : messages) {
    const auto queue = Queue(message.queue);
    if (!queue) return Unexpected(queue.error());
    rows.push_back({*queue, EncodeHeaders(message.headers), message.body});
  }
  return rows;
}

void Hub::Ring(std::span<const Row> rows) {
  std::vector<QueueId> queues;
  for (const Row& row : rows) {
    if (std::ranges::find(queues, row.queue) == queues.end()) queues.push_back(row.queue);
  }
  bell_.Ring(queues);
}

}  // namespace brood::broker::sqlite
