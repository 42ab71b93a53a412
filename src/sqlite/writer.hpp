#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <type_traits>
#include <vector>

#include "sqlite/connection.hpp"
#include "sqlite/lock_file.hpp"

namespace brood::sqlite {

struct WriterSettings {
  /// How long a commit waits for work of other threads, once it was seen that several write at the same time.
  Millis gather{2};
  std::size_t max_gathered = 256;  ///< works in one transaction at most
  /// Of a new file: small for small rows, large where documents of many KB are kept. A power of two, 512 to
  /// 65536.
  std::size_t page_bytes = 4096;
};

/// The one writer of a database file in this process: everything that writes to the file shares it. Work of
/// several threads is gathered into one transaction (group commit); a lock on "<file>.lock" lets processes
/// take turns, because SQLite's own waiting starves the slowest. WAL, synchronous=FULL: what is committed
/// survives a power loss. Thread-safe. Must outlive its readers and users.
class Writer {
 public:
  using Work = std::function<Result<void>(Connection&)>;
  using Settings = WriterSettings;

  /// Opens or makes the file, 0600 (as SQLite's -wal and -shm beside it). ":memory:" is a database of its own
  /// without files. Throws std::runtime_error naming the path.
  explicit Writer(const std::filesystem::path& file, Settings settings = {});
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Runs `work` once, on this thread or on that of another caller, and returns after the commit that contains
  /// it. Work that returns an error or throws is undone, alone; the exception comes out here. kFull undoes all
  /// that was gathered with it. `work` must not start or end a transaction, nor call the writer.
  [[nodiscard]] Result<void> Write(const Work& work);

  /// The same for work with a result: `Result<int> n = writer.WriteFor<int>([](Connection& c) -> Result<int>
  /// {…})`.
  template <class T, class F>
  [[nodiscard]] Result<T> WriteFor(F&& work) {
    std::optional<T> value;
    auto written = Write([&](Connection& connection) -> Result<void> {
      Result<T> result = work(connection);
      if (!result) return Unexpected(std::move(result.error()));
      value = std::move(*result);
      return {};
    });
    if (!written) return Unexpected(std::move(written.error()));
    return std::move(*value);
  }

  [[nodiscard]] const std::filesystem::path& File() const { return connection_.File(); }
  [[nodiscard]] bool InMemory() const { return !lock_; }

  struct Counts {
    std::uint64_t transactions = 0;  ///< commits that changed something: one fdatasync each
    std::uint64_t works = 0;
  };
  [[nodiscard]] Counts Counted() const;

 private:
  friend class Readers;
  struct Pending {
    const Work* work;
    Result<void> result;
    std::exception_ptr thrown;
    bool done = false;
    std::condition_variable wake;
  };
  using Batch = std::vector<Pending*>;

  void Lead(std::unique_lock<std::mutex>& lock);
  Batch TakeBatch();
  Batch FailAll(const std::exception_ptr& why);
  void RunBatch(const Batch& batch);
  std::size_t RunFrom(const Batch& batch, std::size_t first);
  void RunOne(Pending& pending, std::size_t batch_size);
  Result<void> Undo(std::size_t batch_size);
  Result<void> Commit();
  /// For a database in memory, which only this connection sees.
  Result<void> ReadHere(const Work& work);

  const Settings settings_;
  std::optional<LockFile> lock_;  ///< none for :memory:
  Connection connection_;
  std::mutex connection_mutex_;  ///< one batch, or one read of a database in memory

  std::mutex mutex_;
  std::deque<Pending*> queue_;
  bool leading_ = false;
  std::size_t expected_ = 1;  ///< how many wrote at the same time lately
  std::condition_variable arrived_;
  std::atomic<std::uint64_t> transactions_{0}, works_{0};
};

}  // namespace brood::sqlite
