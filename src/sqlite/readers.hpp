#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "sqlite/writer.hpp"

namespace brood::sqlite {

/// Reading connections beside a writer: any number of threads read at once, none waits for a writer. Each Read
/// sees one state of the database, at least as new as everything committed before it began. Thread-safe.
class Readers {
 public:
  /// `writer` must outlive this. Of a database in memory one thread reads at a time, and may not write
  /// meanwhile.
  explicit Readers(Writer& writer) : writer_(writer) {}

  [[nodiscard]] Result<void> Read(const Writer::Work& work);

  /// The same for work with a result.
  template <class T, class F>
  [[nodiscard]] Result<T> ReadFor(F&& work) {
    std::optional<T> value;
    auto read = Read([&](Connection& connection) -> Result<void> {
      Result<T> result = work(connection);
      if (!result) return Unexpected(std::move(result.error()));
      value = std::move(*result);
      return {};
    });
    if (!read) return Unexpected(std::move(read.error()));
    return std::move(*value);
  }

 private:
  std::unique_ptr<Connection> Borrow();
  void Return(std::unique_ptr<Connection> connection);

  Writer& writer_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace brood::sqlite
