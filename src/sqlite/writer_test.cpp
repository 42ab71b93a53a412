#include "sqlite/writer.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "base/file.hpp"

namespace brood::sqlite {
namespace {

Result<void> Insert(Connection& db) { return db.Prepare("INSERT INTO t VALUES(1)").Run(); }
Result<void> InsertLarge(Connection& db) { return db.Prepare("INSERT INTO t VALUES(zeroblob(1000000))").Run(); }
Result<void> InsertThenFail(Connection& db) {
  if (auto inserted = Insert(db); !inserted) return inserted;
  return Unexpected(SqliteError{Errc::kOther, "thought better of it"});
}

class WriterTest : public testing::Test {
 protected:
  WriterTest() {
    if (!writer_.Write([](Connection& db) { return db.Execute("CREATE TABLE t(v)"); })) std::abort();
  }
  std::int64_t Count() {
    return writer_.WriteFor<std::int64_t>([](Connection& db) { return db.QueryInt("SELECT count(*) FROM t"); })
        .value();
  }
  void InThreads(int threads, const std::function<void(int)>& body) {
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) running.emplace_back([&, i] { body(i); });
  }

  TempDir folder_;
  Writer writer_{folder_ / "x.db"};
};

TEST_F(WriterTest, UndoesWorkThatFails) {
  const auto failed = writer_.Write(InsertThenFail);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().what, "thought better of it");
  EXPECT_EQ(Count(), 0);
}

TEST_F(WriterTest, UndoesWorkThatThrowsAndHandsTheExceptionOut) {
  const auto throwing = [](Connection& db) -> Result<void> {
    (void)Insert(db);
    throw std::logic_error("bug");
  };
  EXPECT_THROW((void)writer_.Write(throwing), std::logic_error);
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(writer_.Write(Insert));
}

TEST_F(WriterTest, GathersWhatSeveralThreadsWrite) {
  const auto before = writer_.Counted();
  InThreads(8, [&](int) {
    for (int n = 0; n < 50; ++n) EXPECT_TRUE(writer_.Write(Insert));
  });
  const auto after = writer_.Counted();
  EXPECT_EQ(after.works - before.works, 400U);
  EXPECT_LT(after.transactions - before.transactions, 400U);
  EXPECT_EQ(Count(), 400);
}

TEST_F(WriterTest, UndoesAloneWhatFailsAmongOthers) {
  InThreads(6, [&](int thread) {
    for (int n = 0; n < 50; ++n)
      EXPECT_EQ(writer_.Write(thread % 2 == 0 ? Insert : InsertThenFail).has_value(), thread % 2 == 0);
  });
  EXPECT_EQ(Count(), 150);
}

TEST_F(WriterTest, CallsItFullAndGoesOnWhenThereIsRoomAgain) {
  const auto limit = [&](const std::string& pages) {
    return writer_.Write([&](Connection& db) { return db.Execute("PRAGMA max_page_count=" + pages); });
  };
  ASSERT_TRUE(limit("20"));
  const auto refused = writer_.Write(InsertLarge);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kFull);
  EXPECT_EQ(Count(), 0);
  ASSERT_TRUE(limit("1000000"));
  EXPECT_TRUE(writer_.Write(InsertLarge));
  EXPECT_EQ(Count(), 1);
}

TEST_F(WriterTest, FailsAllThatWasGatheredWhenTheDiskIsFullAndLosesNothingBefore) {
  ASSERT_TRUE(writer_.Write(Insert));
  ::signal(SIGXFSZ, SIG_IGN);
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = before;
  small.rlim_cur = 200'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  std::atomic<int> full{0};
  InThreads(4, [&](int) {
    const auto written = writer_.Write(InsertLarge);
    if (!written && written.error().code == Errc::kFull) ++full;
  });
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(full, 4);
  EXPECT_EQ(Count(), 1);
  EXPECT_TRUE(writer_.Write(InsertLarge));
  EXPECT_EQ(Count(), 2);
}

TEST_F(WriterTest, KeepsItsFilesToTheOwner) {
  ASSERT_TRUE(writer_.Write(Insert));
  for (const char* name : {"x.db", "x.db-wal", "x.db-shm", "x.db.lock"}) {
    struct stat facts {};
    ASSERT_EQ(::stat((folder_ / name).c_str(), &facts), 0) << name;
    EXPECT_EQ(facts.st_mode & 07777, 0600U) << name;
  }
}

TEST(Writer, TakesOpenModesFromAnExistingFile) {
  const TempDir folder;
  std::ofstream(folder / "x.db").close();
  ASSERT_EQ(::chmod((folder / "x.db").c_str(), 0644), 0);
  const Writer writer(folder / "x.db");
  struct stat facts {};
  ASSERT_EQ(::stat((folder / "x.db").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600U);
}

TEST(Writer, GivesANewFileItsPagesAndLeavesAnOlderOneItsOwn) {
  const TempDir folder;
  for (const std::size_t asked : {std::size_t{16'384}, std::size_t{4'096}}) {
    Writer writer(folder / "x.db", {.page_bytes = asked});
    ASSERT_TRUE(writer.Write([](Connection& db) { return db.Execute("CREATE TABLE IF NOT EXISTS t(v)"); }));
    EXPECT_EQ(writer.WriteFor<std::int64_t>([](Connection& db) { return db.QueryInt("PRAGMA page_size"); }),
              16'384);
  }
}

TEST(Writer, NamesTheFileThatIsNoDatabase) {
  const TempDir folder;
  std::ofstream(folder / "x.db") << std::string(8192, 'x');
  try {
    const Writer writer(folder / "x.db");
    FAIL() << "opened";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find((folder / "x.db").string() + ": file is not a database"),
              std::string::npos)
        << error.what();
  }
}

TEST(Writer, KeepsWhatItCommittedForTheNextOne) {
  const TempDir folder;
  {
    Writer writer(folder / "x.db");
    ASSERT_TRUE(writer.Write([](Connection& db) { return db.Execute("CREATE TABLE t(v)"); }));
    ASSERT_TRUE(writer.Write(Insert));
  }
  Writer again(folder / "x.db");
  EXPECT_EQ(again.WriteFor<std::int64_t>([](Connection& db) { return db.QueryInt("SELECT count(*) FROM t"); }),
            1);
}

}  // namespace
}  // namespace brood::sqlite
