#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/digest.hpp"
#include "sandboxd/testing/running_sandbox.hpp"

namespace brood::sandboxd {
namespace {

using testing::HasSubstr;

Settings Busy() {
  Settings settings;
  settings.machines = 1;
  settings.duration = std::chrono::hours{1};
  return settings;
}

std::string JournalOf(const RunningSandbox& sandbox) {
  return ReadFile(sandbox.Storage() / "tasks.journal").value();
}

TEST(Restart, KeepsTasksAndTheirReports) {
  RunningSandbox sandbox;
  const auto id = sandbox.Submit("a.txt", "some text", {{"custom", "mine"}, {"owner", "me"}});
  ASSERT_EQ(sandbox.Await(id), "reported");
  const auto row = sandbox.Json("/tasks/view/" + std::to_string(id));
  const auto report = sandbox.Report(id);
  sandbox.Stop();
  sandbox.Start();
  EXPECT_EQ(sandbox.Json("/tasks/view/" + std::to_string(id)), row);
  EXPECT_EQ(sandbox.Report(id), report);
}

TEST(Restart, RunsATaskAgainThatWasRunning) {
  RunningSandbox sandbox(Busy());
  const auto id = sandbox.Submit("a.txt", "some text");
  ASSERT_EQ(sandbox.Await(id, "running"), "running");
  sandbox.Stop();
  sandbox.Change().duration = Millis{0};
  sandbox.Start();
  EXPECT_EQ(sandbox.Await(id), "reported");
}

TEST(Restart, NeverGivesAnIdTwice) {
  RunningSandbox sandbox(Busy());
  sandbox.Submit("busy", "busy");
  const auto id = sandbox.Submit("a.txt", "some text");
  EXPECT_EQ(sandbox.Get("/tasks/delete/" + std::to_string(id)).status, 200);
  sandbox.Stop();
  sandbox.Start();
  EXPECT_EQ(sandbox.Get("/tasks/view/" + std::to_string(id)).status, 404);
  EXPECT_GT(sandbox.Submit("b.txt", "other text"), id);
}

TEST(Restart, SurvivesAJournalThatIsCutAnywhereInItsLastLine) {
  RunningSandbox sandbox(Busy());
  sandbox.Submit("busy", "busy");
  const auto kept = sandbox.Submit("kept.txt", "kept");
  const std::string before = JournalOf(sandbox);
  const auto last = sandbox.Submit("last.txt", "last");
  const std::string journal = JournalOf(sandbox);
  sandbox.Stop();
  for (std::size_t size = before.size(); size < journal.size(); size += 37) {
    std::ofstream(sandbox.Storage() / "tasks.journal", std::ios::binary) << journal.substr(0, size);
    sandbox.Start();
    EXPECT_EQ(sandbox.Get("/tasks/view/" + std::to_string(kept)).status, 200) << size;
    EXPECT_EQ(sandbox.Get("/tasks/view/" + std::to_string(last)).status, 404) << size;
    sandbox.Stop();
  }
}

TEST(Restart, LeavesOutADamagedLineAndKeepsTheRest) {
  RunningSandbox sandbox(Busy());
  sandbox.Submit("busy", "busy");
  const auto kept = sandbox.Submit("kept.txt", "kept");
  sandbox.Stop();
  const std::string journal = JournalOf(sandbox);
  const auto first_end = journal.find('\n') + 1;
  std::ofstream(sandbox.Storage() / "tasks.journal", std::ios::binary)
      << journal.substr(0, first_end) << "rubbish\n{\"e\":\"task\"}\n{\"e\":\"end\",\"id\":77}\n[]\n"
      << journal.substr(first_end);
  sandbox.Start();
  EXPECT_EQ(sandbox.Get("/tasks/view/" + std::to_string(kept)).status, 200);
}

TEST(Restart, FailsATaskWhoseSampleIsGone) {
  RunningSandbox sandbox(Busy());
  sandbox.Submit("busy", "busy");
  const auto id = sandbox.Submit("a.txt", "some text");
  sandbox.Stop();
  std::filesystem::remove(sandbox.Storage() / "binaries" / Sha256Hex("some text"));
  sandbox.Change().duration = Millis{0};
  sandbox.Start();
  EXPECT_EQ(sandbox.Await(id, "failed_analysis"), "failed_analysis");
  EXPECT_THAT(sandbox.Get("/tasks/view/" + std::to_string(id)).body, HasSubstr("binaries"));
}

TEST(Restart, KeepsCountOfWhatWasUploaded) {
  RunningSandbox sandbox;
  sandbox.Submit("a", "same", {{"custom", "one"}});
  sandbox.Submit("b", "same", {{"custom", "two"}});
  const auto id = sandbox.Submit("c", "same", {{"custom", "two"}});
  ASSERT_EQ(sandbox.Await(id), "reported");
  sandbox.Get("/tasks/delete/" + std::to_string(id));
  for (int i = 0; i < 2; ++i) {
    const auto counted = sandbox.Json("/brood/statistics");
    EXPECT_EQ(counted.at("tasks_created").as_int64(), 3);
    EXPECT_EQ(counted.at("distinct_samples").as_int64(), 1);
    EXPECT_EQ(counted.at("submitted_twice").as_int64(), 1);
    EXPECT_EQ(counted.at("same_custom_twice").as_int64(), 1);
    sandbox.Stop();
    sandbox.Start();
  }
}

TEST(Storage, IsForItsOwnerAlone) {
  RunningSandbox sandbox;
  const auto id = sandbox.Submit("a.txt", "some text");
  ASSERT_EQ(sandbox.Await(id), "reported");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(sandbox.Storage())) {
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    EXPECT_EQ(entry.status().permissions() & others, std::filesystem::perms::none) << entry.path();
  }
}

TEST(Wipe, StartsIdsAgain) {
  Settings settings;
  settings.token = Secret("t");
  settings.first_id = 40;
  RunningSandbox sandbox(settings);
  const auto id = sandbox.Submit("a.txt", "some text");
  EXPECT_EQ(id, 40);
  ASSERT_EQ(sandbox.Await(id), "reported");
  EXPECT_EQ(sandbox.Post("/brood/wipe", "", "text/plain").status, 200);
  EXPECT_EQ(sandbox.Get("/tasks/view/40").status, 404);
  EXPECT_EQ(sandbox.Submit("b.txt", "other"), 40);
}

TEST(Wipe, WantsAToken) {
  RunningSandbox sandbox;
  const auto id = sandbox.Submit("a.txt", "some text");
  EXPECT_EQ(sandbox.Post("/brood/wipe", "", "text/plain").status, 403);
  EXPECT_EQ(sandbox.Get("/tasks/view/" + std::to_string(id)).status, 200);
}

}  // namespace
}  // namespace brood::sandboxd
