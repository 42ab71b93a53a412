#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "broker/sqlite/bell.hpp"
#include "broker/sqlite/tables.hpp"
#include "sqlite/readers.hpp"

namespace brood::broker::sqlite {

[[nodiscard]] BrokerError ToBrokerError(const brood::sqlite::SqliteError& error);

/// What a broker and its sources share. Thread-safe.
class Hub {
 public:
  /// Makes or updates the tables. Throws std::runtime_error naming the file. `writer` outlives the hub.
  Hub(brood::sqlite::Writer& writer, std::size_t max_message);

  [[nodiscard]] Expected<QueueId, BrokerError> Queue(const std::string& name);
  /// Rows for messages that pass all checks. They view the messages' bodies.
  [[nodiscard]] Expected<std::vector<Row>, BrokerError> Rows(std::span<const Outgoing> messages);
  /// After a commit that appended them.
  void Ring(std::span<const Row> rows);

  brood::sqlite::Writer& Writer() { return writer_; }
  brood::sqlite::Readers& Readers() { return readers_; }
  sqlite::Bell& Bell() { return bell_; }
  const std::filesystem::path& HoldersFile() const { return holders_file_; }
  std::size_t MaxMessage() const { return max_message_; }

 private:
  brood::sqlite::Writer& writer_;
  brood::sqlite::Readers readers_;
  sqlite::Bell bell_;
  const std::filesystem::path holders_file_;
  const std::size_t max_message_;
  std::mutex mutex_;
  std::map<std::string, QueueId> queues_;  ///< queues are never removed
};

}  // namespace brood::broker::sqlite
