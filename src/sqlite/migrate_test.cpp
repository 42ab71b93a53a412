#include "sqlite/migrate.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"

namespace brood::sqlite {
namespace {

const Schema kFirst{"store", {"CREATE TABLE a(v); CREATE INDEX a_v ON a(v);"}};
const Schema kSecond{"store", {kFirst.steps[0], "CREATE TABLE b(v); INSERT INTO b SELECT v FROM a;"}};

std::int64_t Count(Writer& writer, const std::string& table) {
  return writer
      .WriteFor<std::int64_t>([&](Connection& db) { return db.QueryInt("SELECT count(*) FROM " + table); })
      .value_or(-1);
}

TEST(Migrate, MakesTheTablesOfANewFile) {
  Writer writer(":memory:");
  Migrate(writer, kSecond);
  EXPECT_EQ(Count(writer, "b"), 0);
}

TEST(Migrate, RunsOnlyTheStepsThatAreMissing) {
  const TempDir folder;
  Writer writer(folder / "x.db");
  Migrate(writer, kFirst);
  ASSERT_TRUE(writer.Write([](Connection& db) { return db.Execute("INSERT INTO a VALUES(1),(2)"); }));
  Migrate(writer, kSecond);
  EXPECT_EQ(Count(writer, "b"), 2);
}

TEST(Migrate, WritesNothingWhenTheVersionIsRight) {
  const TempDir folder;
  Writer writer(folder / "x.db");
  Migrate(writer, kFirst);
  const auto before = writer.Counted().transactions;
  Migrate(writer, kFirst);
  EXPECT_EQ(writer.Counted().transactions, before);
}

TEST(Migrate, KeepsComponentsApart) {
  Writer writer(":memory:");
  Migrate(writer, kFirst);
  Migrate(writer, {"broker", {"CREATE TABLE q(v)"}});
  EXPECT_EQ(Count(writer, "q"), 0);
  EXPECT_EQ(Count(writer, "schema_version"), 2);
}

TEST(Migrate, RefusesAFileOfANewerProgram) {
  const TempDir folder;
  Writer writer(folder / "x.db");
  Migrate(writer, kSecond);
  try {
    Migrate(writer, kFirst);
    FAIL() << "took it";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "cannot prepare the tables of store: " + (folder / "x.db").string() +
                                " has version 2 of the tables of store, this program knows up to 1: it was "
                                "written by a newer program");
  }
}

TEST(Migrate, LeavesNothingOfAFailedStep) {
  Writer writer(":memory:");
  EXPECT_THROW(Migrate(writer, {"store", {"CREATE TABLE a(v)", "CREATE TABLE a(v)"}}), std::runtime_error);
  EXPECT_EQ(Count(writer, "a"), -1);
  Migrate(writer, kFirst);
  EXPECT_EQ(Count(writer, "a"), 0);
}

}  // namespace
}  // namespace brood::sqlite
