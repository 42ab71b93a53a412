#include "sandbox/cuckoo/answers_json.hpp"

#include <gtest/gtest.h>

namespace brood::sandbox::cuckoo {
namespace {

std::string Row(const std::string& more) { return R"({"id": 3, "status": "pending")" + more + "}"; }

std::string ProblemOfTask(const std::string& row) {
  const auto task = ReadTask(R"({"task": )" + row + "}");
  return task ? "" : task.error();
}

TEST(ReadTaskId, TellsWhyThereIsNone) {
  EXPECT_EQ(ReadTaskId(R"({"task_id": 17})")->Get(), 17);
  EXPECT_EQ(ReadTaskId(R"({"task_id": null})").error(), "task_id is null: the sandbox could not make the task");
  EXPECT_EQ(ReadTaskId("{}").error(), "task_id is missing");
  EXPECT_EQ(ReadTaskId(R"({"task_id": "1"})").error(), "the answer.task_id is no number");
  EXPECT_EQ(ReadTaskId(R"({"task_id": 0})").error(), "task_id is not positive");
  EXPECT_EQ(ReadTaskId("[]").error(), "the answer is no object");
  EXPECT_NE(ReadTaskId("").error().find("no JSON"), std::string::npos);
}

TEST(ReadTask, TakesOptionsAsTextAndAsObject) {
  EXPECT_EQ(ProblemOfTask(Row(R"(, "options": "a=b,c=d")")), "");
  EXPECT_EQ(ProblemOfTask(Row(R"(, "options": {"a": "b"})")), "");
}

TEST(ReadTask, TakesNullAndAbsentAlike) {
  const auto row = ReadTask(
      R"({"task": {"id": 3, "status": "pending", "custom": null, "owner": null, "sample": null, "completed_on": null,
          "timeout": null, "errors": null}})");
  ASSERT_TRUE(row) << row.error();
  EXPECT_EQ(row->custom, "");
  EXPECT_EQ(row->sha256, "");
  EXPECT_EQ(row->completed_on, std::nullopt);
}

TEST(ReadTask, KeepsAStateItDoesNotKnowAsUnknown) {
  EXPECT_EQ(ReadTask(R"({"task": {"id": 3, "status": "dreaming"}})")->state, TaskState::kUnknown);
}

TEST(ReadTask, NamesThePathOfWhatIsWrong) {
  EXPECT_EQ(ProblemOfTask("7"), "task is no object");
  EXPECT_EQ(ProblemOfTask(R"({"status": "pending"})"), "task.id is no number");
  EXPECT_EQ(ProblemOfTask(R"({"id": -3, "status": "pending"})"), "task.id is not positive");
  EXPECT_EQ(ProblemOfTask(R"({"id": 3})"), "task.status is missing");
  EXPECT_EQ(ProblemOfTask(Row(R"(, "custom": 5)")), "task.custom is no text");
  EXPECT_EQ(ProblemOfTask(Row(R"(, "completed_on": "soon")")), "task.completed_on is no date: soon");
}

TEST(ReadTasks, NamesTheRowThatIsWrong) {
  const auto tasks =
      ReadTasks(R"({"tasks": [{"id": 1, "status": "pending"}, {"id": "x", "status": "pending"}]})");
  ASSERT_FALSE(tasks);
  EXPECT_EQ(tasks.error(), "tasks[1].id is no number");
  EXPECT_EQ(ReadTasks(R"({"tasks": {}})").error(), "tasks is no list");
}

TEST(ReadStatus, NeedsMachinesAndTasks) {
  EXPECT_EQ(ReadStatus(R"({"version": "1.2"})").error(), "machines is missing");
  EXPECT_EQ(ReadStatus(R"({"machines": {"total": 1, "available": 1}})").error(), "tasks is missing");
  const auto status = ReadStatus(
      R"({"machines": {"total": 2, "available": 1}, "tasks": {"pending": 1, "running": 2, "completed": 3,
          "reported": 4}, "diskspace": {"analyses": {"free": 5, "total": 6, "used": 1}}})");
  ASSERT_TRUE(status) << status.error();
  EXPECT_EQ(status->machines_available, 1);
  EXPECT_EQ(status->reported, 4);
  EXPECT_EQ(status->disk.at("analyses").free, 5u);
}

TEST(ReadStatus, RefusesSpacesThatAreNone) {
  const auto status = ReadStatus(
      R"({"machines": {"total": 2, "available": 1}, "tasks": {"pending": 1, "running": 2, "completed": 3,
          "reported": 4}, "diskspace": {"analyses": {"free": -5}}})");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error(), "diskspace.analyses is negative");
}

TEST(ReadDone, WantsOk) {
  EXPECT_TRUE(ReadDone(R"({"status": "OK"})"));
  EXPECT_FALSE(ReadDone(R"({"status": "nearly"})"));
  EXPECT_FALSE(ReadDone(R"({})"));
}

TEST(Answers, SurviveDepthAndRubbish) {
  EXPECT_FALSE(ReadTasks(std::string(100'000, '[')));
  EXPECT_FALSE(ReadTask(std::string("{\"task\": \"\xFF\xFE\"}")));
  EXPECT_FALSE(ReadStatus(R"({"machines": 1, "tasks": 2})"));
  EXPECT_FALSE(ReadTasks(R"({"tasks": [)"));
}

TEST(MessageOf, FindsTheSentenceInAnErrorAnswer) {
  EXPECT_EQ(MessageOf(R"({"message": "Task not found"})"), "Task not found");
  EXPECT_EQ(MessageOf("<html><title>Error: 404</title><pre>Task not found</pre></html>"), "Task not found");
  EXPECT_EQ(MessageOf("<title>500 Internal Server Error</title><p>text"), "500 Internal Server Error");
  EXPECT_EQ(MessageOf("  plain\n"), "plain");
  EXPECT_LE(MessageOf(std::string(9'000, 'x')).size(), 203u);
}

}  // namespace
}  // namespace brood::sandbox::cuckoo
