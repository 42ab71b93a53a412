#include "sqlite/readers.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/file.hpp"

namespace brood::sqlite {
namespace {

Result<void> Insert(Connection& db) { return db.Prepare("INSERT INTO t VALUES(1)").Run(); }
Result<std::int64_t> Count(Connection& db) { return db.QueryInt("SELECT count(*) FROM t"); }

class ReadersTest : public testing::TestWithParam<const char*> {
 protected:
  ReadersTest() : writer_(GetParam() == std::string(":memory:") ? GetParam() : folder_ / GetParam()) {
    if (!writer_.Write([](Connection& db) { return db.Execute("CREATE TABLE t(v)"); })) std::abort();
  }
  TempDir folder_;
  Writer writer_;
  Readers readers_{writer_};
};

TEST_P(ReadersTest, SeeWhatWasCommittedBefore) {
  for (int n = 1; n <= 3; ++n) {
    ASSERT_TRUE(writer_.Write(Insert));
    EXPECT_EQ(readers_.ReadFor<std::int64_t>(Count), n);
  }
}

TEST_P(ReadersTest, ServeTheNextReadAfterOneThatFailed) {
  EXPECT_FALSE(readers_.Read([](Connection& db) { return db.Execute("SELECT nonsense FROM t"); }));
  EXPECT_THROW((void)readers_.Read([](Connection&) -> Result<void> { throw std::logic_error("bug"); }),
               std::logic_error);
  EXPECT_EQ(readers_.ReadFor<std::int64_t>(Count), 0);
}

INSTANTIATE_TEST_SUITE_P(Files, ReadersTest, testing::Values("x.db", ":memory:"));

TEST(Readers, SeeOneStateThroughoutARead) {
  const TempDir folder;
  Writer writer(folder / "x.db");
  ASSERT_TRUE(writer.Write([](Connection& db) { return db.Execute("CREATE TABLE t(v)"); }));
  Readers readers(writer);
  const auto read = readers.Read([&](Connection& db) -> Result<void> {
    EXPECT_EQ(Count(db), 0);
    EXPECT_TRUE(writer.Write(Insert));
    EXPECT_EQ(Count(db), 0);
    return {};
  });
  EXPECT_TRUE(read);
  EXPECT_EQ(readers.ReadFor<std::int64_t>(Count), 1);
}

}  // namespace
}  // namespace brood::sqlite
