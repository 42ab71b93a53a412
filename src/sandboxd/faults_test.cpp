#include "sandboxd/faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sandboxd/testing/running_sandbox.hpp"

namespace brood::sandboxd {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace json = boost::json;

Settings OnRequest() {
  Settings settings;
  settings.faults.on_request = true;
  settings.faults.slow_for = Millis{300};
  return settings;
}

std::int64_t SubmitWith(RunningSandbox& sandbox, const std::string& fault) {
  return sandbox.Submit("sample.bin", "content", {{"options", "a=b,fault=" + fault}, {"custom", "mine"}});
}

std::string ReportPath(std::int64_t id) { return "/tasks/report/" + std::to_string(id); }

TEST(AskedFaults, StandAmongTheOptionsOrInTheFileName) {
  TaskRequest request;
  EXPECT_THAT(AskedFaults(request), IsEmpty());
  request.options = "x=y,fault=no_report+slow,z=1";
  EXPECT_THAT(AskedFaults(request), UnorderedElementsAre(Fault::kNoReport, Fault::kSlow));
  request.options.clear();
  request.target = "sample fault=cut_report.exe";
  EXPECT_THAT(AskedFaults(request), UnorderedElementsAre(Fault::kCutReport));
  request.target = "fault=nonsense";
  EXPECT_THAT(AskedFaults(request), IsEmpty());
}

TEST(FaultDice, StrikesTheShareThatIsSetAndTheSameTasksAgain) {
  Faults faults;
  faults.failed = 0.25;
  const FaultDice dice(faults, 7), again(faults, 7), other(faults, 8);
  int struck = 0, differing = 0;
  Task task;
  task.request = std::make_shared<const TaskRequest>();
  for (task.id = 1; task.id <= 10'000; ++task.id) {
    struck += dice.Strikes(Fault::kFailed, task) ? 1 : 0;
    EXPECT_EQ(dice.Strikes(Fault::kFailed, task), again.Strikes(Fault::kFailed, task));
    differing += dice.Strikes(Fault::kFailed, task) != other.Strikes(Fault::kFailed, task) ? 1 : 0;
    EXPECT_FALSE(dice.Strikes(Fault::kNoReport, task));
  }
  EXPECT_NEAR(struck, 2'500, 150);
  EXPECT_GT(differing, 1'000);
}

TEST(FaultDice, IsDeafToUploadsUnlessItIsToldOtherwise) {
  Task task;
  TaskRequest request;
  request.options = "fault=failed";
  task.request = std::make_shared<const TaskRequest>(request);
  EXPECT_FALSE(FaultDice({}, 1).Strikes(Fault::kFailed, task));
  Faults faults;
  faults.on_request = true;
  EXPECT_TRUE(FaultDice(faults, 1).Strikes(Fault::kFailed, task));
}

TEST(FaultOnRequest, FailsATask) {
  RunningSandbox sandbox(OnRequest());
  const auto id = SubmitWith(sandbox, "failed");
  EXPECT_EQ(sandbox.Await(id, "failed_analysis"), "failed_analysis");
  EXPECT_EQ(sandbox.Get(ReportPath(id)).status, 404);
  EXPECT_THAT(sandbox.Get("/tasks/list?status=failed_analysis").body, HasSubstr("fault on request"));
}

TEST(FaultOnRequest, ReplacesATaskByANewIdOnce) {
  RunningSandbox sandbox(OnRequest());
  const auto id = SubmitWith(sandbox, "recovered");
  EXPECT_EQ(sandbox.Await(id, "recovered"), "recovered");
  EXPECT_EQ(sandbox.Await(id + 1), "reported");
  const auto successor = sandbox.Json("/tasks/view/" + std::to_string(id + 1));
  EXPECT_EQ(successor.at("task").at("custom").as_string(), "mine");
  EXPECT_EQ(sandbox.Json("/brood/statistics").at("tasks_created").as_int64(), 1);
}

TEST(FaultOnRequest, ReportsATaskWithoutAReport) {
  RunningSandbox sandbox(OnRequest());
  const auto id = SubmitWith(sandbox, "no_report");
  EXPECT_EQ(sandbox.Await(id), "reported");
  EXPECT_EQ(sandbox.Get(ReportPath(id)).status, 404);
}

TEST(FaultOnRequest, HidesATaskFromLists) {
  RunningSandbox sandbox(OnRequest());
  const auto id = SubmitWith(sandbox, "missing_from_lists");
  EXPECT_EQ(sandbox.Await(id), "reported");
  EXPECT_TRUE(sandbox.Json("/tasks/list").at("tasks").as_array().empty());
  EXPECT_EQ(sandbox.Json("/cuckoo/status").at("tasks").at("reported").as_int64(), 1);
}

TEST(FaultOnRequest, LeavesTheMachineOfATaskThatNeverEndsToOthers) {
  Settings settings = OnRequest();
  settings.machines = 1;
  RunningSandbox sandbox(settings);
  const auto endless = SubmitWith(sandbox, "never_ends");
  EXPECT_EQ(sandbox.Await(endless, "running"), "running");
  EXPECT_EQ(sandbox.Await(sandbox.Submit("a", "other")), "reported");
  EXPECT_EQ(sandbox.State(endless), "running");
  EXPECT_EQ(sandbox.Get("/tasks/delete/" + std::to_string(endless)).status, 500);
}

TEST(FaultOnRequest, CutsTheConnectionInTheMiddleOfAReport) {
  RunningSandbox sandbox(OnRequest());
  const auto id = SubmitWith(sandbox, "cut_report");
  ASSERT_EQ(sandbox.Await(id), "reported");
  const auto answer = sandbox.Try({}, ReportPath(id));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, http::Errc::kClosed);
}

TEST(FaultOnRequest, EndsAReportsDocumentEarly) {
  RunningSandbox sandbox(OnRequest());
  const auto id = SubmitWith(sandbox, "truncated_report");
  ASSERT_EQ(sandbox.Await(id), "reported");
  const auto answer = sandbox.Get(ReportPath(id));
  EXPECT_EQ(answer.status, 200);
  json::error_code error;
  static_cast<void>(json::parse(answer.body, error));
  EXPECT_TRUE(error);
}

TEST(FaultOnRequest, AnswersLateOrStopsInTheMiddle) {
  RunningSandbox sandbox(OnRequest());
  for (const char* fault : {"slow", "stalled"}) {
    const auto id = SubmitWith(sandbox, fault);
    ASSERT_EQ(sandbox.Await(id), "reported");
    http::Request hasty;
    hasty.deadlines.total = Millis{100};
    EXPECT_FALSE(sandbox.Try(hasty, ReportPath(id))) << fault;
    EXPECT_EQ(sandbox.Report(id).at("info").at("id").as_int64(), id) << fault;
  }
}

TEST(FaultOnRequest, AnswersWithAnErrorPage) {
  RunningSandbox sandbox(OnRequest());
  const auto id = SubmitWith(sandbox, "server_error");
  const auto answer = sandbox.Get("/tasks/view/" + std::to_string(id));
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, HasSubstr("<h1>Internal Server Error</h1>"));
}

TEST(FaultOfTheServer, DoesTheWorkAndNeverAnswers) {
  Settings settings;
  settings.faults.lost_answer = 1;
  RunningSandbox sandbox(settings);
  http::Request request;
  request.method = http::Method::kPost;
  request.form.push_back({"file", "content", {}, "a.bin"});
  const auto answer = sandbox.Try(request, "/tasks/create/file");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reached, http::Reached::kMaybe);
  sandbox.Stop();
  sandbox.Change().faults.lost_answer = 0;
  sandbox.Start();
  EXPECT_EQ(sandbox.Json("/brood/statistics").at("tasks_created").as_int64(), 1);
}

TEST(FaultOfTheServer, StrikesAShareOfRequests) {
  Settings settings;
  settings.faults.server_error = 0.5;
  RunningSandbox sandbox(settings);
  int failed = 0;
  for (int i = 0; i < 100; ++i) failed += sandbox.Get("/cuckoo/status").status == 500 ? 1 : 0;
  EXPECT_GT(failed, 25);
  EXPECT_LT(failed, 75);
}

}  // namespace
}  // namespace brood::sandboxd
