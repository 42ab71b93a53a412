#include "sqlite/lock_file.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"

namespace brood::sqlite {
namespace {

class LockFileTest : public testing::Test {
 protected:
  TempDir folder_;
  const std::filesystem::path path_ = folder_ / "x.lock";
  LockFile ours_{path_};
  LockFile theirs_{path_};
};

TEST_F(LockFileTest, ExcludesOthersByteByByte) {
  ASSERT_TRUE(ours_.TryLock(7));
  EXPECT_TRUE(ours_.TryLock(7)) << "what is ours stays ours";
  EXPECT_FALSE(theirs_.TryLock(7));
  EXPECT_TRUE(theirs_.TryLock(8));
  ours_.Unlock(7);
  EXPECT_TRUE(theirs_.TryLock(7));
}

TEST_F(LockFileTest, TellsWhetherAnotherHasIt) {
  constexpr std::int64_t kFar = std::int64_t{1} << 60;
  EXPECT_FALSE(theirs_.LockedByAnother(kFar));
  ASSERT_TRUE(ours_.TryLock(kFar));
  EXPECT_TRUE(theirs_.LockedByAnother(kFar));
  EXPECT_FALSE(ours_.LockedByAnother(kFar));
}

TEST_F(LockFileTest, LetsGoWhenItIsGone) {
  {
    LockFile passing(path_);
    ASSERT_TRUE(passing.TryLock(1));
    EXPECT_FALSE(ours_.TryLock(1));
  }
  EXPECT_TRUE(ours_.TryLock(1));
}

TEST_F(LockFileTest, NoticesThatTheFileWasReplaced) {
  EXPECT_TRUE(ours_.IsTheFileAtItsPath());
  std::filesystem::remove(path_);
  EXPECT_FALSE(ours_.IsTheFileAtItsPath());
  const LockFile newcomer(path_);
  EXPECT_FALSE(ours_.IsTheFileAtItsPath());
  EXPECT_TRUE(newcomer.IsTheFileAtItsPath());
}

}  // namespace
}  // namespace brood::sqlite
