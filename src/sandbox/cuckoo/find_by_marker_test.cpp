#include <gtest/gtest.h>

#include "sandbox/cuckoo/testing/scripted_server.hpp"

namespace brood::sandbox::cuckoo {
namespace {

using model::TaskId;

struct FindByMarker : ScriptedServer {};

TEST_F(FindByMarker, FindsItsTasksByOwnerAndMarker) {
  answer = [](const http::ServerRequest&) {
    return Json(R"({"tasks": [{"id": 9, "status": "pending", "custom": "text brood:m:0", "owner": "brood-m"},
                              {"id": 4, "status": "recovered", "custom": "brood:m:0", "owner": "brood-m"},
                              {"id": 5, "status": "pending", "custom": "brood:m:1", "owner": "brood-m"}]})");
  };
  const auto rows = Node()->FindByMarker("brood:m:0", "brood-m", {});
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ(rows->at(0).id, TaskId{4});
  EXPECT_EQ(rows->at(1).id, TaskId{9});
  EXPECT_EQ(Asked("/tasks/list?owner=brood-m"), 1u);
}

TEST_F(FindByMarker, BelievesAnEmptyListOnlyWhileTheNodeIsSane) {
  const auto node = Node();
  const auto rows = node->FindByMarker("brood:m:0", "brood-m", {});
  ASSERT_TRUE(rows);
  EXPECT_TRUE(rows->empty());
  status = kStatusZero;
  EXPECT_EQ(node->FindByMarker("brood:m:0", "brood-m", {}).error().code, Errc::kServerError);
}

TEST_F(FindByMarker, BelievesAOneDotXListThatHoldsOtherTasks) {
  status = kStatus1;
  answer = [](const http::ServerRequest&) {
    return Json(R"({"tasks": [{"id": 1, "status": "pending", "custom": "another"}]})");
  };
  const auto rows = Node()->FindByMarker("brood:m:0", "", {});
  ASSERT_TRUE(rows);
  EXPECT_TRUE(rows->empty());
  EXPECT_EQ(Asked("/tasks/view"), 0u);
}

TEST_F(FindByMarker, LooksBackByViewsWhereTheListsOfOneDotXAreUnusable) {
  status = kStatus1;
  answer = [](const http::ServerRequest& request) {
    if (request.path == "/tasks/list") return Json(kNoTasks);
    if (request.path == "/tasks/view/3") return Row(3, "text brood:m:0");
    return http::Respond(404, "<html><pre>Task not found</pre></html>", "text/html");
  };
  const auto rows = Node()->FindByMarker("brood:m:0", "", {});
  ASSERT_TRUE(rows) << rows.error().what;
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->at(0).id, TaskId{3});
}

TEST_F(FindByMarker, SaysThatItCannotSearchWhereLookingBackFindsNothing) {
  status = kStatus1;
  CuckooSettings settings = Settings();
  settings.look_back = 10;
  answer = [](const http::ServerRequest& request) {
    if (request.path == "/tasks/list") return http::Respond(500, "<html>", "text/html");
    if (request.path == "/tasks/create/file") return Json(R"({"task_id": 1000})");
    return http::Respond(404, "<html>", "text/html");
  };
  const auto node = NodeOf(settings);
  ASSERT_TRUE(node->Submit(Sample(), {}));
  EXPECT_EQ(node->FindByMarker("brood:x:0", "", {}).error().code, Errc::kUnsearchable);
  EXPECT_EQ(Asked("/tasks/view/"), 10u);
  EXPECT_EQ(Asked("/tasks/view/1020"), 1u) << "a little ahead of the newest task known";
}

}  // namespace
}  // namespace brood::sandbox::cuckoo
