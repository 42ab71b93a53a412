#include "store/sqlite/sqlite_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "base/file.hpp"
#include "sqlite/readers.hpp"
#include "sqlite/writer.hpp"

namespace brood::store::sqlite {
namespace {

using brood::sqlite::Connection;
using brood::sqlite::Writer;
using model::Submission;
using testing::HasSubstr;

Submission Record(const std::string& id) {
  Submission record;
  record.id = model::SubmissionId(id);
  return record;
}

class OneFile : public testing::Test {
 protected:
  OneFile() : writer_(std::make_shared<Writer>(folder_ / "brood.db")), store_(writer_, writer_) {}

  void Run(const std::string& sql) {
    const auto run = writer_->Write([&](Connection& connection) { return connection.Execute(sql); });
    ASSERT_TRUE(run) << run.error().what;
  }
  Result<std::vector<Moved>> Advance(const Submission& record) {
    return store_.Submissions().Advance({&record, 1});
  }

  TempDir folder_;
  std::shared_ptr<Writer> writer_;
  SqliteStore store_;
};

TEST_F(OneFile, ABulkIsOneWorkOfTheWriter) {
  std::vector<Submission> bulk;
  for (int i = 0; i < 100; ++i) bulk.push_back(Record("s" + std::to_string(i)));
  const auto before = writer_->Counted();
  ASSERT_TRUE(store_.Submissions().Advance(bulk));
  EXPECT_EQ(writer_->Counted().works, before.works + 1);
  EXPECT_EQ(writer_->Counted().transactions, before.transactions + 1);
}

TEST_F(OneFile, CallsThatWriteAtTheSameTimeShareCommits) {
  constexpr int kThreads = 8;
  constexpr int kCalls = 50;
  const auto before = writer_->Counted();
  std::latch start(kThreads);
  std::vector<std::jthread> threads;
  for (int n = 0; n < kThreads; ++n) {
    threads.emplace_back([&, n] {
      start.arrive_and_wait();
      for (int i = 0; i < kCalls; ++i) {
        EXPECT_TRUE(Advance(Record(std::to_string(n) + "/" + std::to_string(i))));
      }
    });
  }
  threads.clear();
  EXPECT_LT(writer_->Counted().transactions - before.transactions, kThreads * kCalls / 2);
}

TEST_F(OneFile, ReadingWritesNothing) {
  ASSERT_TRUE(Advance(Record("a")));
  const auto before = writer_->Counted();
  ASSERT_TRUE(store_.Submissions().Get(model::SubmissionId("a")));
  ASSERT_TRUE(store_.Submissions().List({}, {}));
  ASSERT_TRUE(store_.Reports().Scan({}));
  ASSERT_TRUE(store_.Lists().Generation());
  ASSERT_TRUE(store_.DeadLetters().Due(Time{}, 10));
  EXPECT_EQ(writer_->Counted().works, before.works);
}

TEST_F(OneFile, ARowOfAnotherShapeIsDamagedAndNamed) {
  ASSERT_TRUE(Advance(Record("victim")));
  for (const auto* change : {"state = 'dreaming'", "options = '%'", "run = 'x'"}) {
    Run("UPDATE queue SET state = 'fed', options = '', run = '0/'");
    Run(std::string("UPDATE queue SET ") + change);
    const auto record = store_.Submissions().Get(model::SubmissionId("victim"));
    ASSERT_FALSE(record) << change;
    EXPECT_EQ(record.error().code, Errc::kDamaged);
    EXPECT_THAT(record.error().what, HasSubstr("victim of the table queue"));
  }
}

TEST_F(OneFile, AnEmptySha256KeepsTheOneThatStands) {
  BlacklistEntry entry{.type = "hash", .value = "44d88612fea8a8f36de82e1278abb02f", .sha256 = "cafe"};
  ASSERT_TRUE(store_.Blacklist().Upsert({&entry, 1}));
  entry.sha256.clear();
  ASSERT_TRUE(store_.Blacklist().Upsert({&entry, 1}));
  EXPECT_EQ(store_.Blacklist().Get("hash", entry.value).value()->sha256, "cafe");
}

TEST_F(OneFile, AScanPageOfLargeDocumentsEndsEarly) {
  for (const auto* id : {"a", "b", "c"}) {
    StoredReport report;
    report.id = id;
    report.document = std::string(std::size_t{9} << 20, 's');
    ASSERT_TRUE(store_.Reports().Put({&report, 1}));
  }
  const auto first = store_.Reports().Scan({100, {}});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->items.size(), 2U);
  const auto rest = store_.Reports().Scan({100, first->next});
  ASSERT_EQ(rest->items.size(), 1U);
  EXPECT_EQ(rest->items[0].id, "c");
  EXPECT_EQ(rest->next, "");
}

TEST_F(OneFile, ADatabaseOfANewerProgramIsRefusedAtStart) {
  Run("UPDATE schema_version SET version = version + 1 WHERE component = 'store_records'");
  EXPECT_THROW(SqliteStore(writer_, writer_), std::runtime_error);
}

TEST(SqliteStore, ReportsStayOutOfTheRecordsFile) {
  const auto records = std::make_shared<Writer>(":memory:");
  const auto reports = std::make_shared<Writer>(":memory:");
  SqliteStore store(records, reports);
  const auto before = records->Counted();
  StoredReport report;
  report.id = "a";
  ASSERT_TRUE(store.Reports().Put({&report, 1}));
  EXPECT_EQ(records->Counted().works, before.works);
  EXPECT_EQ(reports->Counted().works, 2U) << "the tables and the report";
}

/// What the planner would do without an index shows as SCAN or as a sort.
class Plans : public OneFile, public testing::WithParamInterface<const char*> {};

TEST_P(Plans, TheQueryFollowsAnIndex) {
  std::string plan;
  const auto explained = writer_->Write([&](Connection& connection) -> brood::sqlite::Result<void> {
    auto statement = connection.Prepare(std::string("EXPLAIN QUERY PLAN ") + GetParam());
    for (auto row = statement.Step();; row = statement.Step()) {
      if (!row) return Unexpected(row.error());
      if (!*row) return {};
      plan += std::string(statement.Text(3)) + "\n";
    }
  });
  ASSERT_TRUE(explained) << explained.error().what;
  EXPECT_THAT(plan, testing::AnyOf(HasSubstr("USING INDEX"), HasSubstr("USING COVERING INDEX")));
  EXPECT_THAT(plan, testing::Not(HasSubstr("TEMP B-TREE")));
}

INSTANTIATE_TEST_SUITE_P(
    Of, Plans,
    testing::Values(
        "SELECT id FROM queue ORDER BY changed DESC, seq DESC LIMIT 9",
        "SELECT id FROM queue WHERE state = 'fed' AND changed < 5 AND (changed, seq) < (5, 6) "
        "ORDER BY changed DESC, seq DESC LIMIT 9",
        "SELECT state, count(*) FROM queue GROUP BY state",
        "SELECT id FROM blacklist WHERE type = 'ip' AND last_change >= 5 AND (last_change, seq) > (5, 6) "
        "ORDER BY last_change, seq LIMIT 9",
        "SELECT id FROM blacklist WHERE last_change >= 5 ORDER BY last_change, seq LIMIT 9",
        "SELECT key FROM dead_letters WHERE state = 'delayed' AND due <= 5 ORDER BY due, seq LIMIT 9",
        "SELECT key FROM dead_letters WHERE state = 'dead' ORDER BY changed DESC, seq DESC LIMIT 9",
        "SELECT id FROM cuckoo WHERE processed = 0 AND stored < 5 ORDER BY stored, seq LIMIT 9",
        "SELECT id, document FROM cuckoo JOIN cuckoo_documents USING(seq) WHERE id > 'a' ORDER BY id LIMIT 9",
        "SELECT count(*) FROM cuckoo WHERE stored >= 5"));

}  // namespace
}  // namespace brood::store::sqlite
