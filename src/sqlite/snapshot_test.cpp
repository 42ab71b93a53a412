#include "sqlite/snapshot.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "base/file.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/writer.hpp"

namespace brood::sqlite {
namespace {

Result<void> AddPair(Connection& connection, std::int64_t value) {
  for (const char* table : {"a", "b"}) {
    auto added = connection.Prepare(std::string("INSERT INTO ") + table + " VALUES (?)").Bind(1, value).Run();
    if (!added) return added;
  }
  return {};
}

class SnapshotTest : public testing::Test {
 protected:
  SnapshotTest() {
    EXPECT_TRUE(writer_.Write(
        [](Connection& connection) { return connection.Execute("CREATE TABLE a (x); CREATE TABLE b (x);"); }));
  }

  TempDir folder_;
  Writer writer_{folder_ / "x.db"};
};

TEST_F(SnapshotTest, HasWhatWasCommittedAndIsForItsOwnerAlone) {
  ASSERT_TRUE(writer_.Write([](Connection& connection) { return AddPair(connection, 7); }));
  const auto copied = CopySnapshot(folder_ / "x.db", folder_ / "copy.db");
  ASSERT_TRUE(copied) << copied.error().what;
  Connection copy(folder_ / "copy.db", Mode::kReadOnly);
  EXPECT_EQ(copy.QueryInt("SELECT x FROM a").value(), 7);
  struct stat facts {};
  ASSERT_EQ(::stat((folder_ / "copy.db").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST_F(SnapshotTest, IsOneMomentWhileAnotherThreadWrites) {
  std::atomic<bool> over = false;
  std::jthread writing([&] {
    for (std::int64_t i = 0; !over; ++i) {
      ASSERT_TRUE(writer_.Write([i](Connection& connection) { return AddPair(connection, i); }));
    }
  });
  for (int i = 0; i < 5; ++i) {
    const auto to = folder_ / ("copy" + std::to_string(i));
    const auto copied = CopySnapshot(folder_ / "x.db", to);
    ASSERT_TRUE(copied) << copied.error().what;
    Connection copy(to, Mode::kReadOnly);
    EXPECT_EQ(copy.QueryInt("SELECT count(*) FROM a").value(), copy.QueryInt("SELECT count(*) FROM b").value());
  }
  over = true;
}

TEST_F(SnapshotTest, OverwritesNothingAndMakesNothingOfNothing) {
  ASSERT_TRUE(WriteFileDurably(folder_ / "there", "mine"));
  const auto over_it = CopySnapshot(folder_ / "x.db", folder_ / "there");
  ASSERT_FALSE(over_it);
  EXPECT_NE(over_it.error().what.find("there"), std::string::npos);
  EXPECT_EQ(ReadFile(folder_ / "there").value(), "mine");

  const auto of_nothing = CopySnapshot(folder_ / "none.db", folder_ / "copy");
  ASSERT_FALSE(of_nothing);
  EXPECT_NE(of_nothing.error().what.find("none.db"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none.db"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "copy"));
}

TEST_F(SnapshotTest, WhatIsNoDatabaseLeavesNoCopy) {
  ASSERT_TRUE(WriteFileDurably(folder_ / "text.db", std::string(10'000, 'x')));
  EXPECT_FALSE(CopySnapshot(folder_ / "text.db", folder_ / "copy"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "copy"));
}

}  // namespace
}  // namespace brood::sqlite
