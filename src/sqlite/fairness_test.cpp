#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "base/file.hpp"
#include "sqlite/readers.hpp"

namespace brood::sqlite {
namespace {

/// Commits for ever, one row of its own counted up. Runs in a process of its own until it is killed.
[[noreturn]] void CountForEver(const std::filesystem::path& file, int who) {
  Writer writer(file);
  for (;;) {
    const auto counted = writer.Write(
        [&](Connection& db) { return db.Prepare("UPDATE t SET n = n + 1 WHERE who = ?").Bind(1, who).Run(); });
    if (!counted) ::_exit(1);
  }
}

TEST(Writer, LetsEveryProcessHaveItsTurn) {
  constexpr int kProcesses = 6;
  const TempDir folder;
  Writer writer(folder / "x.db");
  ASSERT_TRUE(writer.Write([](Connection& db) {
    return db.Execute(
        "CREATE TABLE t(who INTEGER PRIMARY KEY, n INTEGER);"
        "INSERT INTO t VALUES(0, 0),(1, 0),(2, 0),(3, 0),(4, 0),(5, 0);");
  }));
  std::vector<pid_t> children;
  for (int who = 0; who < kProcesses; ++who) {
    const pid_t child = ::fork();
    if (child == 0) CountForEver(folder / "x.db", who);
    children.push_back(child);
  }
  Readers readers(writer);
  const auto read = [&](const char* sql) {
    return readers.ReadFor<std::int64_t>([&](Connection& db) { return db.QueryInt(sql); }).value_or(-1);
  };
  // The race starts when the last one has come.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  const auto wait_for = [&](std::int64_t least) {
    while (read("SELECT min(n) FROM t") < least && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(Millis{2});
    }
  };
  wait_for(1);
  ASSERT_TRUE(writer.Write([](Connection& db) { return db.Execute("UPDATE t SET n = 0"); }));
  wait_for(100);
  const auto slowest = read("SELECT min(n) FROM t");
  const auto fastest = read("SELECT max(n) FROM t");
  for (const pid_t child : children) ::kill(child, SIGKILL);
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
  EXPECT_GE(slowest, 100);
  EXPECT_LE(fastest, 5 * slowest + 100);
}

}  // namespace
}  // namespace brood::sqlite
