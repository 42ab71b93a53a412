#include "cli/alive_marks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "base/file.hpp"

namespace brood::cli {
namespace {

using testing::ElementsAre;

std::vector<bool> Alive(const TempDir& dir) {
  std::vector<bool> alive;
  for (const auto& state : StatesOfMarks(dir.Path(), {"feed_cuckoo", "overseer"})) alive.push_back(state.alive);
  return alive;
}

TEST(AliveMarks, AreSeenByOthersUntilTheLastHolderIsGone) {
  const TempDir dir;
  EXPECT_THAT(Alive(dir), ElementsAre(false, false));
  std::optional<AliveMarks> first(std::in_place, dir.Path(), std::vector<std::string>{"overseer"});
  std::optional<AliveMarks> second(std::in_place, dir.Path(), std::vector<std::string>{"overseer"});
  EXPECT_THAT(Alive(dir), ElementsAre(false, true));
  first.reset();
  EXPECT_THAT(Alive(dir), ElementsAre(false, true)) << "two of them ran";
  second.reset();
  EXPECT_THAT(Alive(dir), ElementsAre(false, false));
}

TEST(AliveMarks, AFolderThatCannotBeWrittenIsTold) {
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "alive", "a file where the folder should be"));
  EXPECT_THROW(AliveMarks(dir.Path(), {"overseer"}), std::runtime_error);
}

}  // namespace
}  // namespace brood::cli
