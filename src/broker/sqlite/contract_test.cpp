#include <gtest/gtest.h>

#include "base/file.hpp"
#include "broker/contract/broker_contract.hpp"
#include "broker/sqlite/sqlite_broker.hpp"

namespace brood::broker::sqlite {
namespace {

using brood::sqlite::Connection;
using brood::sqlite::Writer;

/// Every connection has a writer of its own, as if each were another process.
class SqliteBackend final : public contract::Backend {
 public:
  std::unique_ptr<Broker> Connect() override {
    writers_.push_back(std::make_unique<Writer>(folder_ / "queue.db"));
    return std::make_unique<SqliteBroker>(*writers_.back(), std::size_t{1} << 20);
  }
  void Break(Source& source) override { SqliteBroker::LetGo(source); }
  void RefuseLarge() override { LimitPages("(SELECT page_count + 20 FROM pragma_page_count)"); }
  void AcceptAgain() override { LimitPages("(SELECT 1000000)"); }
  void InterruptNextSettle(Source&) override { RefuseLarge(); }  // publishing and acknowledging are one step

 private:
  void LimitPages(const std::string& pages) {
    for (const auto& writer : writers_) {
      const auto limited = writer->Write([&](Connection& db) -> brood::sqlite::Result<void> {
        const auto limit = db.QueryInt("SELECT * FROM " + pages);
        if (!limit) return Unexpected(limit.error());
        return db.Execute("PRAGMA max_page_count=" + std::to_string(*limit));
      });
      if (!limited) throw std::runtime_error(limited.error().what);
    }
  }

  TempDir folder_;
  std::vector<std::unique_ptr<Writer>> writers_;
};

const contract::BackendKind kSqlite{"Sqlite", [] { return std::make_unique<SqliteBackend>(); }};

}  // namespace
}  // namespace brood::broker::sqlite

namespace brood::broker::contract {
INSTANTIATE_TEST_SUITE_P(Backends, BrokerContract, testing::Values(sqlite::kSqlite), NameOfKind);
}  // namespace brood::broker::contract
