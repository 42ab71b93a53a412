#include "sqlite/writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <utility>

#include "base/unique_fd.hpp"

namespace brood::sqlite {
namespace {

namespace fs = std::filesystem;

// Two bytes of the lock file. Who waits for kTurn stands in the kernel's queue; only the holder of kNext waits
// for kTurn, so that a process that has just written cannot overtake those that wait.
constexpr std::int64_t kNext = 0;
constexpr std::int64_t kTurn = 1;

class ByteGuard {
 public:
  ByteGuard(LockFile& lock, std::int64_t byte) : lock_(lock), byte_(byte) { lock_.Lock(byte_); }
  ~ByteGuard() { lock_.Unlock(byte_); }
  ByteGuard(const ByteGuard&) = delete;
  ByteGuard& operator=(const ByteGuard&) = delete;

 private:
  LockFile& lock_;
  const std::int64_t byte_;
};

/// Holds this process's turn to write; nothing for a database in memory.
class TurnGuard {
 public:
  explicit TurnGuard(std::optional<LockFile>& lock) {
    if (!lock) return;
    const ByteGuard next(*lock, kNext);
    turn_.emplace(*lock, kTurn);
  }

 private:
  std::optional<ByteGuard> turn_;
};

/// SQLite gives -wal and -shm the mode of the file, so the file must have the right one before SQLite sees it.
const fs::path& MadePrivate(const fs::path& file) {
  if (file == ":memory:") return file;
  const UniqueFd made(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  // An existing file is not opened here: closing it again would drop SQLite's locks of this process.
  const bool fits = made || (errno == EEXIST && ::chmod(file.c_str(), 0600) == 0);
  if (!fits)
    throw std::runtime_error("cannot make the database " + file.string() + ": " + std::strerror(errno));
  return file;
}

std::optional<LockFile> LockFor(const fs::path& file) {
  if (file == ":memory:") return std::nullopt;
  return std::optional<LockFile>(std::in_place, file.string() + ".lock");
}

constexpr std::size_t kCheckpointBytes = std::size_t{16} << 20;

std::string PragmasFor(std::size_t page_bytes) {
  return fmt::format(
      "PRAGMA page_size={};PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA wal_autocheckpoint={};"
      "PRAGMA journal_size_limit=67108864;",
      page_bytes, kCheckpointBytes / page_bytes);
}

}  // namespace

Writer::Writer(const fs::path& file, Settings settings)
    : settings_(settings), lock_(LockFor(file)), connection_(MadePrivate(file), Mode::kReadWrite) {
  const TurnGuard turn(lock_);
  if (auto set = connection_.Execute(PragmasFor(settings_.page_bytes)); !set) {
    throw std::runtime_error("cannot open the database " + set.error().what);
  }
}

Writer::~Writer() = default;

Writer::Counts Writer::Counted() const { return {transactions_.load(), works_.load()}; }

Result<void> Writer::Write(const Work& work) {
  Pending mine{&work, {}, nullptr, false, {}};
  {
    std::unique_lock lock(mutex_);
    queue_.push_back(&mine);
    arrived_.notify_one();
    while (!mine.done) {
      if (leading_) {
        mine.wake.wait(lock);
      } else {
        Lead(lock);
      }
    }
  }
  if (mine.thrown) std::rethrow_exception(mine.thrown);
  return std::move(mine.result);
}

/// Commits one batch for all who wait, then lets the next of them lead.
void Writer::Lead(std::unique_lock<std::mutex>& lock) {
  leading_ = true;
  if (queue_.size() < expected_) {
    arrived_.wait_for(lock, settings_.gather, [&] { return queue_.size() >= expected_; });
  }
  lock.unlock();
  Batch batch;
  try {
    const std::lock_guard one_user(connection_mutex_);
    const TurnGuard turn(lock_);
    lock.lock();
    batch = TakeBatch();
    lock.unlock();
    RunBatch(batch);
  } catch (...) {  // no memory, no locks left in the kernel: nobody may be left waiting
    for (Pending* failed : batch) failed->thrown = std::current_exception();
    if (batch.empty()) batch = FailAll(std::current_exception());
  }
  lock.lock();
  expected_ = batch.size();
  leading_ = false;
  for (Pending* done : batch) {
    done->done = true;
    done->wake.notify_one();
  }
  if (!queue_.empty()) queue_.front()->wake.notify_one();
}

Writer::Batch Writer::FailAll(const std::exception_ptr& why) {
  const std::lock_guard lock(mutex_);
  Batch batch = TakeBatch();
  for (Pending* failed : batch) failed->thrown = why;
  return batch;
}

Writer::Batch Writer::TakeBatch() {
  Batch batch;
  while (!queue_.empty() && batch.size() < settings_.max_gathered) {
    batch.push_back(queue_.front());
    queue_.pop_front();
  }
  return batch;
}

void Writer::RunBatch(const Batch& batch) {
  works_ += batch.size();
  for (std::size_t first = 0; first < batch.size();) first = RunFrom(batch, first);
}

/// One transaction from `first` on; returns where the next one has to begin. SQLite may roll back a whole
/// transaction by itself (a full disk, an I/O error): then all so far share the failure.
std::size_t Writer::RunFrom(const Batch& batch, std::size_t first) {
  const std::int64_t changes_before = connection_.TotalChanges();
  const auto fail_from_first = [&](std::size_t end, const SqliteError& error) {
    for (std::size_t i = first; i < end; ++i) {
      if (batch[i]->result && !batch[i]->thrown) batch[i]->result = Unexpected(error);
    }
    return end;
  };
  if (connection_.InTransaction()) (void)connection_.Prepare("ROLLBACK").Run();  // left by a batch that threw
  if (auto begun = connection_.Prepare("BEGIN IMMEDIATE").Run(); !begun) {
    return fail_from_first(batch.size(), begun.error());
  }
  for (std::size_t i = first; i < batch.size(); ++i) {
    RunOne(*batch[i], batch.size());
    if (connection_.InTransaction()) continue;
    const SqliteError lost{Errc::kOther, File().string() + ": the transaction was ended by the work in it"};
    return fail_from_first(i + 1, batch[i]->result ? lost : batch[i]->result.error());
  }
  if (auto committed = Commit(); !committed) return fail_from_first(batch.size(), committed.error());
  if (connection_.TotalChanges() != changes_before) ++transactions_;
  return batch.size();
}

void Writer::RunOne(Pending& pending, std::size_t batch_size) {
  if (batch_size > 1) {
    pending.result = connection_.Prepare("SAVEPOINT work").Run();
    if (!pending.result) return;
  }
  try {
    pending.result = (*pending.work)(connection_);
  } catch (...) {
    pending.thrown = std::current_exception();
  }
  if (!connection_.InTransaction()) return;
  Result<void> ended;
  if (!pending.result || pending.thrown) {
    ended = Undo(batch_size);
  } else if (batch_size > 1) {
    ended = connection_.Prepare("RELEASE work").Run();
  }
  if (ended) return;
  if (pending.result) pending.result = ended;
  // Half a work must never be committed: where it cannot be undone or closed alone, the whole transaction goes.
  (void)connection_.Prepare("ROLLBACK").Run();
}

Result<void> Writer::Undo(std::size_t batch_size) {
  if (batch_size == 1) return connection_.Prepare("ROLLBACK").Run();
  auto undone = connection_.Prepare("ROLLBACK TO work").Run();
  return undone ? connection_.Prepare("RELEASE work").Run() : undone;
}

Result<void> Writer::Commit() {
  auto committed = connection_.Prepare("COMMIT").Run();
  if (!committed && connection_.InTransaction()) {
    auto undone = connection_.Prepare("ROLLBACK").Run();
    if (!undone) return undone;
  }
  if (!committed && committed.error().code == Errc::kFull) {
    // What the WAL holds may fit into the file itself; then the WAL begins anew and there is room for small
    // things.
    (void)connection_.Prepare("PRAGMA wal_checkpoint(PASSIVE)").Run();
  }
  return committed;
}

Result<void> Writer::ReadHere(const Work& work) {
  const std::lock_guard one_user(connection_mutex_);
  return work(connection_);
}

}  // namespace brood::sqlite
