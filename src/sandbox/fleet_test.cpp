#include "sandbox/fleet.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "sandbox/testing/fake_node.hpp"

namespace brood::sandbox {
namespace {

using namespace std::chrono_literals;
using model::NodeUrl;
using testing::Call;
using testing::FakeNode;

struct FleetTest : ::testing::Test {
  FleetTest()
      : a(std::make_shared<FakeNode>(clock, Dialect::kCuckoo2, "http://a:8090")),
        b(std::make_shared<FakeNode>(clock, Dialect::kCuckoo2, "http://b:8090")) {}
  ~FleetTest() override { log::Listen({}); }

  static NodeUrl UrlOf(const Fleet::Choice& choice) { return choice.node ? choice.node->Url() : NodeUrl{}; }
  static NodeView::Health HealthOf(const Fleet& fleet, std::size_t i = 0) { return fleet.Views()[i].health; }

  ManualClock clock;
  std::shared_ptr<FakeNode> a, b;
};

TEST_F(FleetTest, ChoosesTheNodeWithTheMostRoom) {
  a->SetCounts(5, 1);
  b->SetCounts(2, 1);
  Fleet fleet({a, b}, {}, clock);
  EXPECT_EQ(UrlOf(fleet.Choose({}, {})), b->Url());
}

TEST_F(FleetTest, CountsWhatItChoseUntilTheNextStatus) {
  a->SetCounts(8, 1);
  b->SetCounts(9, 1);
  Fleet fleet({a, b}, {}, clock);
  EXPECT_EQ(UrlOf(fleet.Choose({}, {})), a->Url());
  EXPECT_TRUE(fleet.Choose({}, {}).node);
  EXPECT_TRUE(fleet.Choose({}, {}).node);
  const auto none = fleet.Choose({}, {});
  EXPECT_FALSE(none.node);
  EXPECT_GT(none.again_after.count(), 0);
  EXPECT_NE(none.why.find("http://a:8090: it has enough pending"), std::string::npos) << none.why;
  a->SetCounts(0, 1);
  clock.Advance(2'000ms);
  EXPECT_EQ(UrlOf(fleet.Choose({}, {})), a->Url());
}

TEST_F(FleetTest, AsksForAStatusOnlyWhenItIsOld) {
  Fleet fleet({a}, {}, clock);
  for (int i = 0; i < 5; ++i) (void)fleet.Choose({}, {});
  EXPECT_EQ(a->Calls(Call::kStatus), 1u);
  clock.Advance(1'999ms);
  (void)fleet.Choose({}, {});
  EXPECT_EQ(a->Calls(Call::kStatus), 1u);
  clock.Advance(1ms);
  (void)fleet.Choose({}, {});
  EXPECT_EQ(a->Calls(Call::kStatus), 2u);
}

TEST_F(FleetTest, AsksSoonerWhereItsOwnChoicesFilledTheNode) {
  FleetSettings settings;
  settings.max_pending = 2;
  Fleet fleet({a}, settings, clock);
  (void)fleet.Choose({}, {});
  (void)fleet.Choose({}, {});
  EXPECT_FALSE(fleet.Choose({}, {}).node);
  clock.Advance(100ms);
  EXPECT_TRUE(fleet.Choose({}, {}).node);
  EXPECT_EQ(a->Calls(Call::kStatus), 2u);
}

TEST_F(FleetTest, DoesNotAskAFullNodeSooner) {
  a->SetCounts(10, 1);
  Fleet fleet({a}, {}, clock);
  const auto none = fleet.Choose({}, {});
  EXPECT_EQ(none.again_after, 2'000ms);
  clock.Advance(1'000ms);
  (void)fleet.Choose({}, {});
  EXPECT_EQ(a->Calls(Call::kStatus), 1u);
}

TEST_F(FleetTest, SkipsANodeThatIsDownAndProbesItWithBackOff) {
  a->Down();
  Fleet fleet({a, b}, {}, clock);
  EXPECT_EQ(UrlOf(fleet.Choose({}, {})), b->Url());
  EXPECT_EQ(HealthOf(fleet), NodeView::Health::kDown);
  EXPECT_EQ(fleet.Views()[0].down_since, clock.Now());
  for (int i = 0; i < 70; ++i) {
    (void)fleet.Choose({}, {});
    clock.Advance(100ms);
  }
  EXPECT_EQ(a->Calls(Call::kStatus), 3u) << "at 0, 1 and 3 seconds";
  a->Up();
  clock.Advance(4s);
  (void)fleet.Choose({}, {});
  EXPECT_EQ(HealthOf(fleet), NodeView::Health::kUp);
}

TEST_F(FleetTest, TakesAReportedFailureAsDown) {
  Fleet fleet({a}, {}, clock);
  ASSERT_TRUE(fleet.Choose({}, {}).node);
  const SandboxError error{Errc::kUnreachable, "http://a:8090: submit: no connection"};
  fleet.Report(a->Url(), &error);
  const auto none = fleet.Choose({}, {});
  EXPECT_FALSE(none.node);
  EXPECT_EQ(none.again_after, 1'000ms);
  EXPECT_NE(none.why.find("no connection"), std::string::npos);
  EXPECT_EQ(HealthOf(fleet), NodeView::Health::kDown);
  clock.Advance(1s);
  EXPECT_TRUE(fleet.Choose({}, {}).node);
}

TEST_F(FleetTest, LetsANodeRestLongerAfterEachFailedSubmission) {
  Fleet fleet({a}, {}, clock);
  const SandboxError error{Errc::kServerError, "500"};
  ASSERT_TRUE(fleet.Choose({}, {}).node);
  fleet.Report(a->Url(), &error);
  EXPECT_EQ(HealthOf(fleet), NodeView::Health::kUp);
  EXPECT_FALSE(fleet.Choose({}, {}).node);
  clock.Advance(1s);
  ASSERT_TRUE(fleet.Choose({}, {}).node);
  fleet.Report(a->Url(), &error);
  clock.Advance(1s);
  EXPECT_FALSE(fleet.Choose({}, {}).node);
  clock.Advance(1s);
  EXPECT_TRUE(fleet.Choose({}, {}).node);
  fleet.Report(a->Url(), nullptr);
  fleet.Report(a->Url(), &error);
  clock.Advance(1s);
  EXPECT_TRUE(fleet.Choose({}, {}).node) << "a success starts the count anew";
}

TEST_F(FleetTest, KeepsUsingANodeThatRefusesOneSample) {
  Fleet fleet({a}, {}, clock);
  const SandboxError error{Errc::kRefused, "too large"};
  fleet.Report(a->Url(), &error);
  EXPECT_TRUE(fleet.Choose({}, {}).node);
}

TEST_F(FleetTest, AvoidsANodeUnlessItIsTheOnlyOneUp) {
  b->SetCounts(10, 1);
  Fleet fleet({a, b}, {}, clock);
  EXPECT_FALSE(fleet.Choose(a->Url(), {}).node) << "b is up and will have room";
  b->Down();
  clock.Advance(2s);
  EXPECT_EQ(UrlOf(fleet.Choose(a->Url(), {})), a->Url());
}

TEST_F(FleetTest, WaitsForFreeSpaceWhereToldTo) {
  constexpr std::uint64_t kMiB = 1 << 20;
  a->SetDisk({{"analyses", {256 * kMiB, 1'000 * kMiB}}, {"binaries", {900 * kMiB, 1'000 * kMiB}}});
  FleetSettings settings;
  EXPECT_TRUE(Fleet({a}, settings, clock).Choose({}, {}).node);
  settings.free_space = FleetSettings::FreeSpace::kCheck;
  Fleet fleet({a}, settings, clock);
  const auto none = fleet.Choose({}, {});
  EXPECT_FALSE(none.node);
  EXPECT_NE(none.why.find("disk is nearly full"), std::string::npos);
  a->SetDisk({{"analyses", {257 * kMiB, 1'000 * kMiB}}});
  clock.Advance(2s);
  EXPECT_TRUE(fleet.Choose({}, {}).node);
}

TEST_F(FleetTest, WarnsOnceWhereNoFreeSpaceIsToldAndGoesOn) {
  int warnings = 0;
  log::Listen([&warnings](log::Level level, const std::string&) { warnings += level == log::Level::kWarning; });
  FleetSettings settings;
  settings.free_space = FleetSettings::FreeSpace::kCheck;
  Fleet fleet({a}, settings, clock);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(fleet.Choose({}, {}).node);
    clock.Advance(2s);
  }
  EXPECT_EQ(warnings, 1);
}

TEST_F(FleetTest, GivesNothingToANodeWhoseDatabaseCannotBeRead) {
  a->LockDatabase();
  Fleet fleet({a}, {}, clock);
  EXPECT_FALSE(fleet.Choose({}, {}).node);
  a->UnlockDatabase();
  clock.Advance(2s);
  EXPECT_TRUE(fleet.Choose({}, {}).node);
}

TEST_F(FleetTest, GivesNothingToAStalledNode) {
  a->SetCounts(1, 0);
  Fleet fleet({a}, {}, clock);
  EXPECT_TRUE(fleet.Choose({}, {}).node);
  clock.Advance(600s);
  EXPECT_FALSE(fleet.Choose({}, {}).node);
  EXPECT_EQ(HealthOf(fleet), NodeView::Health::kStalled);
  a->SetCounts(1, 1);
  clock.Advance(2s);
  EXPECT_TRUE(fleet.Choose({}, {}).node);
}

TEST_F(FleetTest, NeverOverfillsWhereManyChooseAtOnce) {
  Fleet fleet({a, b}, {}, clock);
  std::atomic<int> chosen = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int k = 0; k < 100; ++k) chosen += fleet.Choose({}, {}).node ? 1 : 0;
      });
    }
  }
  while (fleet.Choose({}, {}).node) ++chosen;
  EXPECT_EQ(chosen, 20);
}

TEST_F(FleetTest, FindsItsNodesByUrl) {
  Fleet fleet({a, b}, {}, clock);
  EXPECT_EQ(fleet.Find(NodeUrl{"http://b:8090"}), b);
  EXPECT_EQ(fleet.Find(NodeUrl{"http://c:8090"}), nullptr);
}

TEST_F(FleetTest, SaysThatThereIsNoNode) {
  Fleet fleet({}, {}, clock);
  EXPECT_EQ(fleet.Choose({}, {}).why, "no sandbox node is configured");
}

}  // namespace
}  // namespace brood::sandbox
