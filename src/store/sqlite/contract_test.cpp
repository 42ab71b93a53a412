#include "store/contract/contract.hpp"

#include "base/file.hpp"
#include "sqlite/writer.hpp"
#include "store/indexed_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::store::contract {
namespace {

using brood::sqlite::Writer;
using sqlite::SqliteStore;

std::shared_ptr<Writer> Open(const std::filesystem::path& file) { return std::make_shared<Writer>(file); }

/// Both handles are one store in memory; to reopen is to make a second store of the same database.
class InMemory final : public Bench {
 public:
  Store& First() override { return *store_; }
  Store& Second() override { return *store_; }
  void Reopen() override { store_ = std::make_unique<SqliteStore>(writer_, writer_); }

 private:
  std::shared_ptr<Writer> writer_ = Open(":memory:");
  std::unique_ptr<SqliteStore> store_ = std::make_unique<SqliteStore>(writer_, writer_);
};

/// Two handles with writers of their own, as two processes have them; reports in the records' file or not.
class OnFiles final : public Bench {
 public:
  OnFiles(std::string records, std::string reports)
      : records_(std::move(records)), reports_(std::move(reports)), first_(OpenStore()), second_(OpenStore()) {}

  Store& First() override { return *first_; }
  Store& Second() override { return *second_; }
  void Reopen() override {
    first_.reset();
    second_.reset();
    first_ = OpenStore();
    second_ = OpenStore();
  }

 private:
  std::unique_ptr<SqliteStore> OpenStore() {
    const auto records = Open(folder_ / records_);
    return std::make_unique<SqliteStore>(records, reports_ == records_ ? records : Open(folder_ / reports_));
  }

  TempDir folder_;
  std::string records_, reports_;
  std::unique_ptr<SqliteStore> first_, second_;
};

/// Two stores on one writer, as two stages of one process have them.
class OneWriter final : public Bench {
 public:
  OneWriter() { Reopen(); }
  Store& First() override { return *first_; }
  Store& Second() override { return *second_; }
  void Reopen() override {
    first_.reset();
    second_.reset();
    const auto writer = Open(folder_ / "brood.db");
    first_ = std::make_unique<SqliteStore>(writer, writer);
    second_ = std::make_unique<SqliteStore>(writer, writer);
  }

 private:
  TempDir folder_;
  std::unique_ptr<SqliteStore> first_, second_;
};

/// Two processes on one file, each with the blacklist's values in memory.
class HeldInMemory final : public Bench {
 public:
  HeldInMemory() { Reopen(); }
  Store& First() override { return *first_; }
  Store& Second() override { return *second_; }
  void Reopen() override {
    first_.reset();
    second_.reset();
    first_ = OpenStore();
    second_ = OpenStore();
  }

 private:
  std::unique_ptr<IndexedStore> OpenStore() {
    const auto writer = Open(folder_ / "brood.db");
    return std::make_unique<IndexedStore>(std::make_unique<SqliteStore>(writer, writer), 1 << 20, metrics_,
                                          clock_);
  }

  TempDir folder_;
  metrics::Registry metrics_;
  SystemClock clock_;
  std::unique_ptr<IndexedStore> first_, second_;
};

const auto kBackends = testing::Values(
    Backend{"InMemory", [] { return std::make_unique<InMemory>(); }},
    Backend{"OneWriter", [] { return std::make_unique<OneWriter>(); }},
    Backend{"TwoHandlesOnOneFile", [] { return std::make_unique<OnFiles>("brood.db", "brood.db"); }},
    Backend{"TwoHandlesOnTwoFiles", [] { return std::make_unique<OnFiles>("brood.db", "reports.db"); }});

const auto kHeldInMemory =
    testing::Values(Backend{"HeldInMemory", [] { return std::make_unique<HeldInMemory>(); }});

}  // namespace

INSTANTIATE_TEST_SUITE_P(Indexed, BlacklistContract, kHeldInMemory, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Sqlite, SubmissionsContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Sqlite, HashesContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Sqlite, ReportsContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Sqlite, BlacklistContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Sqlite, ListsContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Sqlite, DeadLettersContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Sqlite, EffectsContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Sqlite, CountsContract, kBackends, NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Sqlite, DurabilityContract, kBackends, NameOfBackend);

}  // namespace brood::store::contract
