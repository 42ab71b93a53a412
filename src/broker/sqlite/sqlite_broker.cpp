#include "broker/sqlite/sqlite_broker.hpp"

#include <utility>

#include "broker/sqlite/sqlite_source.hpp"
#include "broker/sqlite/watch.hpp"

namespace brood::broker::sqlite {

SqliteBroker::SqliteBroker(brood::sqlite::Writer& writer, std::size_t max_message)
    : hub_(std::make_shared<Hub>(writer, max_message)), watch_(std::make_unique<Watch>(*hub_)) {}

SqliteBroker::~SqliteBroker() = default;

std::size_t SqliteBroker::MaxMessage() const { return hub_->MaxMessage(); }

void SqliteBroker::LetGo(Source& source) { dynamic_cast<SqliteSource&>(source).LetGo(); }

Expected<std::uint64_t, BrokerError> SqliteBroker::Ready(const std::string& queue) {
  const auto id = hub_->Queue(queue);
  if (!id) return Unexpected(id.error());
  return hub_->Readers()
      .ReadFor<std::uint64_t>([&](Connection& db) { return CountReady(db, *id); })
      .map_error(ToBrokerError);
}

Expected<void, BrokerError> SqliteBroker::DoDeclare(const QueueShape& queue) {
  QueueType type = queue.type;
  auto declared = hub_->Writer().Write([&](Connection& db) -> Result<void> {
    const auto found = FindQueue(db, queue.name);
    if (!found) return Unexpected(found.error());
    if (!*found) return AddQueue(db, queue);
    type = (*found)->second;
    return {};
  });
  if (!declared) return Unexpected(ToBrokerError(declared.error()));
  if (type == queue.type) return {};
  return Unexpected(BrokerError{
      Errc::kOtherShape, "the queue " + queue.name + " exists and is " + std::string(Name(type)), {}});
}

Expected<void, BrokerError> SqliteBroker::DoPublish(std::span<const Outgoing> messages) {
  const auto rows = hub_->Rows(messages);
  if (!rows) return Unexpected(rows.error());
  auto written = hub_->Writer().Write([&](Connection& db) -> Result<void> {
    for (const Row& row : *rows) {
      if (auto appended = Append(db, row); !appended) return appended;
    }
    return {};
  });
  if (!written) return Unexpected(ToBrokerError(written.error()));
  hub_->Ring(*rows);
  return {};
}

Expected<std::unique_ptr<Source>, BrokerError> SqliteBroker::DoConsume(const ConsumeOptions& options) {
  return SqliteSource::Open(hub_, options);
}

}  // namespace brood::broker::sqlite
