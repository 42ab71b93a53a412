#include "sandbox/cuckoo/cuckoo_node.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "sandbox/cuckoo/testing/scripted_server.hpp"

namespace brood::sandbox::cuckoo {
namespace {

using model::TaskId;
using namespace std::chrono_literals;

struct CuckooNodeTest : ScriptedServer {};

TEST_F(CuckooNodeTest, LearnsItsDialectFromTheVersionOnce) {
  const auto node = Node();
  EXPECT_EQ(node->SpokenDialect(), Dialect::kCuckoo1);
  ASSERT_TRUE(node->List({}, {}));
  ASSERT_TRUE(node->List({}, {}));
  EXPECT_EQ(node->SpokenDialect(), Dialect::kCuckoo2);
  EXPECT_EQ(Asked("/cuckoo/status"), 1u);
}

TEST_F(CuckooNodeTest, FollowsAnUpgrade) {
  status = kStatus1;
  const auto node = Node();
  ASSERT_TRUE(node->Status({}));
  EXPECT_EQ(node->SpokenDialect(), Dialect::kCuckoo1);
  status = kStatus2;
  ASSERT_TRUE(node->Status({}));
  EXPECT_EQ(node->SpokenDialect(), Dialect::kCuckoo2);
}

TEST_F(CuckooNodeTest, KeepsTheDialectItWasTold) {
  CuckooSettings settings = Settings();
  settings.dialect = CuckooSettings::Speak::kCuckoo1;
  const auto node = NodeOf(settings);
  ASSERT_TRUE(node->Status({}));
  EXPECT_EQ(node->SpokenDialect(), Dialect::kCuckoo1);
}

TEST_F(CuckooNodeTest, TellsTheNodesClock) {
  const auto told = Node()->Status({});
  ASSERT_TRUE(told && told->clock);
  EXPECT_LT(SystemClock().Now() - *told->clock, 60s);
  EXPECT_GT(SystemClock().Now() - *told->clock, -60s);
}

TEST_F(CuckooNodeTest, PagesOnTwoDotXAndNeverOnOneDotX) {
  ListQuery query;
  query.limit = 5;
  query.offset = 10;
  query.state = TaskState::kReported;
  ASSERT_TRUE(Node()->List(query, {}));
  EXPECT_EQ(Asked("/tasks/list/5/10?status=reported"), 1u);
  status = kStatus1;
  ASSERT_TRUE(Node()->List(query, {}));
  EXPECT_EQ(Asked("/tasks/list?status=reported"), 1u);
}

TEST_F(CuckooNodeTest, CutsThePageOfAOneDotXListItself) {
  status = kStatus1;
  answer = [](const http::ServerRequest&) {
    return Json(R"({"tasks": [{"id": 1, "status": "reported"}, {"id": 2, "status": "reported"},
                              {"id": 3, "status": "reported"}]})");
  };
  ListQuery query;
  query.limit = 1;
  query.offset = 1;
  const auto rows = Node()->List(query, {});
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->at(0).id, TaskId{2});
}

TEST_F(CuckooNodeTest, SendsTheTokenAndNeverShowsIt) {
  std::string lines;
  log::Configure(log::Level::kDebug, "");
  log::Listen([&lines](log::Level, const std::string& line) { lines += line; });
  CuckooSettings settings = Settings();
  settings.token = Secret("s3cret-token");
  answer = [](const http::ServerRequest&) { return http::Respond(401, R"({"message": "no"})"); };
  const auto node = NodeOf(settings);
  const auto view = node->View(TaskId{1}, {});
  log::Configure(log::Level::kInfo, "");
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, Errc::kUnauthorized);
  EXPECT_EQ(authorizations, std::vector<std::string>{"Bearer s3cret-token"});
  EXPECT_EQ(view.error().what.find("s3cret"), std::string::npos);
  EXPECT_NE(lines.find("sandbox call"), std::string::npos);
  EXPECT_EQ(lines.find("s3cret"), std::string::npos);
}

TEST_F(CuckooNodeTest, FollowsNoRedirectWithItsToken) {
  CuckooSettings settings = Settings();
  settings.token = Secret("s3cret-token");
  answer = [this](const http::ServerRequest& request) {
    http::ServerResponse response = http::Respond(302, "elsewhere");
    if (request.path == "/tasks/view/1") response.headers.emplace_back("Location", url + "/stolen");
    return response;
  };
  EXPECT_EQ(NodeOf(settings)->View(TaskId{1}, {}).error().code, Errc::kBadAnswer);
  EXPECT_EQ(Asked("/stolen"), 0u);
}

TEST_F(CuckooNodeTest, RefusesAUrlWithAPassword) {
  CuckooSettings settings;
  settings.url = model::NodeUrl{"http://me:pass@h:8090"};
  try {
    (void)NodeOf(settings);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(std::string(error.what()).find("pass@"), std::string::npos);
  }
  settings.url = model::NodeUrl{"ftp://h"};
  EXPECT_THROW((void)NodeOf(settings), std::invalid_argument);
}

TEST_F(CuckooNodeTest, SaysThatANodeIsUnreachable) {
  server.Stop();
  const auto task = Node()->Submit(Sample(), {});
  ASSERT_FALSE(task);
  EXPECT_EQ(task.error().code, Errc::kUnreachable);
  EXPECT_TRUE(task.error().what.starts_with(url + ": ")) << task.error().what;
}

TEST_F(CuckooNodeTest, NeverRepeatsASubmissionWhoseAnswerIsLost) {
  answer = [](const http::ServerRequest&) {
    http::ServerResponse response = Json(R"({"task_id": 1})");
    response.delivery.no_answer = true;
    return response;
  };
  for (const auto keep : {http::curl::KeepAlive::kOff, http::curl::KeepAlive::kOn}) {
    asked.clear();
    EXPECT_EQ(NodeOf(Settings(), keep)->Submit(Sample(), {}).error().code, Errc::kAnswerLost);
    EXPECT_EQ(Asked("/tasks/create/file"), 1u);
  }
}

TEST_F(CuckooNodeTest, RepeatsAViewWhoseConnectionBroke) {
  std::atomic<int> calls = 0;
  answer = [&calls](const http::ServerRequest&) {
    http::ServerResponse response = Row(1, "m");
    response.delivery.no_answer = calls++ == 0;
    return response;
  };
  EXPECT_TRUE(Node()->View(TaskId{1}, {}));
  EXPECT_EQ(calls, 2);
}

TEST_F(CuckooNodeTest, DoesNotRepeatADeletion) {
  std::atomic<int> calls = 0;
  answer = [&calls](const http::ServerRequest&) {
    ++calls;
    http::ServerResponse response = Json(R"({"status": "OK"})");
    response.delivery.cut_after = 3;
    return response;
  };
  EXPECT_EQ(Node()->Delete(TaskId{1}, {}).error().code, Errc::kAnswerLost);
  EXPECT_EQ(calls, 1);
}

TEST_F(CuckooNodeTest, EndsACallAtItsDeadline) {
  answer = [](const http::ServerRequest&) {
    http::ServerResponse response = Row(1, "m");
    response.delivery.delay = 20s;
    return response;
  };
  CuckooSettings settings = Settings();
  settings.call = 200ms;
  EXPECT_EQ(NodeOf(settings)->View(TaskId{1}, {}).error().code, Errc::kAnswerLost);
}

TEST_F(CuckooNodeTest, EndsACallSoonAfterStop) {
  std::promise<void> arrived;
  answer = [&arrived](const http::ServerRequest&) {
    arrived.set_value();
    http::ServerResponse response = Row(1, "m");
    response.delivery.delay = 20s;
    return response;
  };
  std::stop_source stop;
  const auto node = Node();
  auto view = std::async(std::launch::async, [&] { return node->View(TaskId{1}, stop.get_token()); });
  arrived.get_future().wait();
  stop.request_stop();
  EXPECT_EQ(view.get().error().code, Errc::kStopped);
}

TEST_F(CuckooNodeTest, StreamsAReportInPieces) {
  const std::string report = "{\"x\": \"" + std::string(3'000'000, 'x') + "\"}";
  answer = [&report](const http::ServerRequest&) { return Json(report); };
  std::string got;
  int pieces = 0;
  const auto done = Node()->Report(TaskId{1},
                                   [&](std::string_view bytes) {
                                     got += bytes;
                                     ++pieces;
                                   },
                                   {});
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(got, report);
  EXPECT_GT(pieces, 1);
}

TEST_F(CuckooNodeTest, SaysThatAReportBrokeOff) {
  answer = [](const http::ServerRequest&) {
    http::ServerResponse response = Json(std::string(10'000, ' '));
    response.delivery.cut_after = 4'000;
    return response;
  };
  std::size_t got = 0;
  const auto done = Node()->Report(TaskId{1}, [&got](std::string_view bytes) { got += bytes.size(); }, {});
  EXPECT_EQ(done.error().code, Errc::kAnswerLost);
  EXPECT_EQ(got, 4'000u);
}

TEST_F(CuckooNodeTest, EndsAReportThatStalls) {
  answer = [](const http::ServerRequest&) {
    http::ServerResponse response = Json(std::string(10'000, ' '));
    response.delivery.stall_after = 100;
    response.delivery.stall = 20s;
    return response;
  };
  CuckooSettings settings = Settings();
  settings.report_stall = 1'000ms;
  const auto done = NodeOf(settings)->Report(TaskId{1}, [](std::string_view) {}, {});
  EXPECT_EQ(done.error().code, Errc::kAnswerLost);
}

TEST_F(CuckooNodeTest, TakesTheViewOfAnotherTaskForABadAnswer) {
  answer = [](const http::ServerRequest&) { return Row(2, "m"); };
  EXPECT_EQ(Node()->View(TaskId{1}, {}).error().code, Errc::kBadAnswer);
}

TEST_F(CuckooNodeTest, TakesAnHtmlPageForAnErrorOfTheServer) {
  answer = [](const http::ServerRequest&) { return http::Respond(200, "<html><title>Proxy</title>"); };
  const auto view = Node()->View(TaskId{1}, {});
  EXPECT_EQ(view.error().code, Errc::kServerError);
  EXPECT_EQ(view.error().what, url + ": view task 1: an HTML page came where JSON is due: Proxy");
}

TEST_F(CuckooNodeTest, RefusesAnUploadItMustNotSend) {
  Upload upload = Sample();
  upload.options["memory"] = "maybe";
  EXPECT_EQ(Node()->Submit(upload, {}).error().code, Errc::kRefused);
  upload = Sample();
  upload.file = "/nowhere/at/all";
  EXPECT_EQ(Node()->Submit(upload, {}).error().code, Errc::kRefused);
  EXPECT_EQ(Asked("/tasks/create/file"), 0u);
}

/// Counts who is inside at once.
class Turnstile {
 public:
  /// Stays until `others` more are inside or five seconds have passed.
  void Enter(int others) {
    std::unique_lock lock(mutex_);
    most_ = std::max(most_, ++inside_);
    met_.notify_all();
    met_.wait_for(lock, 5s, [&] { return most_ > others; });
    --inside_;
  }
  int Most() {
    const std::lock_guard lock(mutex_);
    return most_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable met_;
  int inside_ = 0, most_ = 0;
};

void ViewFromManyThreads(CuckooNode& node) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&node] {
      for (int k = 0; k < 5; ++k) EXPECT_TRUE(node.View(TaskId{1}, {}));
    });
  }
}

TEST_F(CuckooNodeTest, AsksOneRequestAtATime) {
  Turnstile turnstile;
  answer = [&](const http::ServerRequest&) {
    turnstile.Enter(0);
    return Row(1, "m");
  };
  ViewFromManyThreads(*Node());
  EXPECT_EQ(turnstile.Most(), 1);
}

TEST_F(CuckooNodeTest, AsksSeveralAtOnceWhereTheNodeCan) {
  Turnstile turnstile;
  answer = [&](const http::ServerRequest&) {
    turnstile.Enter(1);
    return Row(1, "m");
  };
  CuckooSettings settings = Settings();
  settings.parallel = 4;
  ViewFromManyThreads(*NodeOf(settings, http::curl::KeepAlive::kOn));
  EXPECT_GT(turnstile.Most(), 1);
}

}  // namespace
}  // namespace brood::sandbox::cuckoo
