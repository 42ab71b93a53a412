#include "samples/folder/sync_group.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <latch>
#include <thread>
#include <vector>

namespace brood::samples::folder {
namespace {

TEST(SyncGroup, EachCallAloneIsOneSync) {
  int syncs = 0;
  SyncGroup group([&] { return ++syncs, 0; });
  EXPECT_EQ(group.Sync(), 0);
  EXPECT_EQ(group.Sync(), 0);
  EXPECT_EQ(syncs, 2);
}

TEST(SyncGroup, ThoseWhoComeDuringASyncShareTheNextOne) {
  constexpr int kFollowers = 6;
  std::atomic<int> syncs{0}, about_to_sync{0};
  std::latch first_began{1}, go{1};
  SyncGroup group([&] {
    if (++syncs == 1) {
      first_began.count_down();
      go.wait();
    }
    return 0;
  });
  std::vector<std::jthread> threads;
  threads.emplace_back([&] { EXPECT_EQ(group.Sync(), 0); });
  first_began.wait();
  for (int i = 0; i < kFollowers; ++i) {
    threads.emplace_back([&] {
      ++about_to_sync;
      EXPECT_EQ(group.Sync(), 0);
      EXPECT_GE(syncs, 2) << "a sync that began before the call does not count";
    });
  }
  while (about_to_sync < kFollowers) std::this_thread::yield();
  go.count_down();
  threads.clear();
  EXPECT_LE(syncs, 1 + kFollowers);
}

TEST(SyncGroup, ManyThreadsNeedFewerSyncsThanCalls) {
  constexpr int kThreads = 8, kEach = 200;
  std::atomic<int> syncs{0};
  SyncGroup group([&] {
    ++syncs;
    std::this_thread::yield();
    return 0;
  });
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) EXPECT_EQ(group.Sync(), 0);
    });
  }
  threads.clear();
  EXPECT_GE(syncs, kEach);
  EXPECT_LT(syncs, kThreads * kEach);
}

TEST(SyncGroup, AnErrorReachesThoseWhoWaitedForThatSyncOnly) {
  int syncs = 0;
  SyncGroup group([&] { return ++syncs == 1 ? EIO : 0; });
  EXPECT_EQ(group.Sync(), EIO);
  EXPECT_EQ(group.Sync(), 0);
}

}  // namespace
}  // namespace brood::samples::folder
