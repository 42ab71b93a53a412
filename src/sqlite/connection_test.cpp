#include "sqlite/connection.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file.hpp"

namespace brood::sqlite {
namespace {

class ConnectionTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(db_.Execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v)")); }
  Connection db_{":memory:", Mode::kReadWrite};
};

TEST_F(ConnectionTest, GivesBackWhatWasBound) {
  const std::string blob("a\0b\xFF", 4);
  ASSERT_TRUE(db_.Prepare("INSERT INTO t(v) VALUES(?)").Bind(1, "text").Run());
  ASSERT_TRUE(db_.Prepare("INSERT INTO t(v) VALUES(?)").BindBlob(1, blob).Run());
  ASSERT_TRUE(db_.Prepare("INSERT INTO t(v) VALUES(?)").Bind(1, 2.5).Run());
  ASSERT_TRUE(db_.Prepare("INSERT INTO t(v) VALUES(?)").Bind(1, std::optional<int>{}).Run());
  ASSERT_TRUE(db_.Prepare("INSERT INTO t(v) VALUES(?)").Bind(1, std::string_view{}).Run());
  Statement rows = db_.Prepare("SELECT v FROM t ORDER BY id");
  ASSERT_TRUE(rows.Step().value());
  EXPECT_EQ(rows.Text(0), "text");
  ASSERT_TRUE(rows.Step().value());
  EXPECT_EQ(rows.Blob(0), blob);
  ASSERT_TRUE(rows.Step().value());
  EXPECT_EQ(rows.Double(0), 2.5);
  ASSERT_TRUE(rows.Step().value());
  EXPECT_TRUE(rows.IsNull(0));
  ASSERT_TRUE(rows.Step().value());
  EXPECT_FALSE(rows.IsNull(0));
  EXPECT_FALSE(rows.Step().value());
}

TEST_F(ConnectionTest, TellsAMistakeInTheStatementWhenItIsRun) {
  const auto run = db_.Prepare("INSERT INTO nowhere VALUES(?)").Bind(1, 1).Run();
  ASSERT_FALSE(run);
  EXPECT_NE(run.error().what.find("no such table: nowhere"), std::string::npos) << run.error().what;
}

TEST_F(ConnectionTest, TellsAWrongParameterWhenItIsRun) {
  EXPECT_FALSE(db_.Prepare("INSERT INTO t(v) VALUES(?)").Bind(2, 1).Run());
  EXPECT_TRUE(db_.Prepare("INSERT INTO t(v) VALUES(?)").Bind(1, 1).Run());
}

TEST_F(ConnectionTest, CallsABrokenRuleAConstraint) {
  ASSERT_TRUE(db_.Prepare("INSERT INTO t(id) VALUES(1)").Run());
  const auto again = db_.Prepare("INSERT INTO t(id) VALUES(1)").Run();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::kConstraint);
}

TEST_F(ConnectionTest, LendsTheSameTextTwiceAtATime) {
  ASSERT_TRUE(db_.Execute("INSERT INTO t(v) VALUES(1),(2)"));
  Statement outer = db_.Prepare("SELECT v FROM t ORDER BY id");
  ASSERT_TRUE(outer.Step().value());
  {
    Statement inner = db_.Prepare("SELECT v FROM t ORDER BY id");
    ASSERT_TRUE(inner.Step().value());
    EXPECT_EQ(inner.Int(0), 1);
  }
  ASSERT_TRUE(outer.Step().value());
  EXPECT_EQ(outer.Int(0), 2);
}

TEST_F(ConnectionTest, ForgetsValuesWhenAStatementIsGivenBack) {
  ASSERT_TRUE(db_.Prepare("INSERT INTO t(v) VALUES(?)").Bind(1, 7).Run());
  ASSERT_TRUE(db_.Prepare("INSERT INTO t(v) VALUES(?)").Run());
  EXPECT_EQ(db_.QueryInt("SELECT count(*) FROM t WHERE v IS NULL").value(), 1);
}

TEST(Connection, RefusesToWriteWhenItIsForReading) {
  const TempDir folder;
  Connection writing(folder / "x.db", Mode::kReadWrite);
  ASSERT_TRUE(writing.Execute("CREATE TABLE t(v)"));
  Connection reading(folder / "x.db", Mode::kReadOnly);
  const auto written = reading.Execute("INSERT INTO t VALUES(1)");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::kReadOnly);
}

TEST(Connection, NamesTheFileThatIsNoDatabase) {
  const TempDir folder;
  const auto path = folder / "x.db";
  std::ofstream(path) << std::string(8192, 'x');
  try {
    const Connection connection(path, Mode::kReadWrite);
    FAIL() << "opened";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(),
              "cannot open the database " + path.string() +
                  ": file is not a database (no database, or a damaged one: put it aside or restore "
                  "a copy)");
  }
}

TEST(Connection, NamesTheFolderThatIsNotThere) {
  try {
    const Connection connection("/nowhere/x.db", Mode::kReadWrite);
    FAIL() << "opened";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/x.db"), std::string::npos);
  }
}

}  // namespace
}  // namespace brood::sqlite
