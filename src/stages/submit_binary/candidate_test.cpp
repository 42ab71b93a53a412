#include "stages/submit_binary/candidate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/unique_fd.hpp"
#include "stages/submit_binary/testing/watched_folder.hpp"

namespace brood::stages::submit_binary {
namespace {

using testing::HasSubstr;

const Time kNow{std::chrono::seconds{1'700'000'000}};
constexpr Millis kSettle{1'000};
constexpr std::uint64_t kMaxSize = 1'000;

/// A file that was last changed so long before kNow.
FileFacts File(Millis age, std::uint64_t size = 10) {
  FileFacts facts;
  facts.kind = FileFacts::Kind::kRegular;
  facts.size = size;
  facts.mtime_ns = ToMillis(kNow - age) * 1'000'000;
  return facts;
}

Judgement JudgeNow(const FileFacts& facts, const std::optional<FileFacts>& before = {}) {
  return Judge(facts, before, kMaxSize, kSettle, kNow);
}

TEST(Judge, AFileThatStoodStillIsReady) {
  EXPECT_EQ(JudgeNow(File(kSettle)).readiness, Readiness::kReady);
  EXPECT_EQ(JudgeNow(File(kSettle), File(kSettle)).readiness, Readiness::kReady);
}

TEST(Judge, AFreshFileWaits) {
  EXPECT_EQ(JudgeNow(File(kSettle - Millis{1})).readiness, Readiness::kWait);
  EXPECT_EQ(JudgeNow(File(Millis{0})).readiness, Readiness::kWait);
}

TEST(Judge, AFileThatGrowsWaitsHoweverOldItsTimeIs) {
  EXPECT_EQ(JudgeNow(File(kSettle * 9, 20), File(kSettle * 9, 10)).readiness, Readiness::kWait);
}

TEST(Judge, AFileOfTheFutureIsTakenOnceItWasSeenTwiceAlike) {
  const FileFacts future = File(-kSettle * 3'600);
  EXPECT_EQ(JudgeNow(future).readiness, Readiness::kWait);
  EXPECT_EQ(JudgeNow(future, future).readiness, Readiness::kReady);
}

TEST(Judge, AnEmptyFileIsRefusedWhenItStoodStillAndWaitsBefore) {
  EXPECT_EQ(JudgeNow(File(Millis{0}, 0)).readiness, Readiness::kWait);
  EXPECT_EQ(JudgeNow(File(kSettle, 0)).readiness, Readiness::kRefused);
  EXPECT_EQ(JudgeNow(File(kSettle, 0)).why, "it is empty");
}

TEST(Judge, AFileOverTheLimitIsRefusedWithBothSizes) {
  EXPECT_EQ(JudgeNow(File(kSettle, kMaxSize)).readiness, Readiness::kReady);
  const Judgement judgement = JudgeNow(File(kSettle, 2'048));
  EXPECT_EQ(judgement.readiness, Readiness::kRefused);
  EXPECT_THAT(judgement.why, HasSubstr("2.0 KiB"));
  EXPECT_THAT(judgement.why, HasSubstr("1000 B"));
}

TEST(Judge, WhatIsNoRegularFileIsRefusedByItsName) {
  const WatchedFolder folder;
  const auto target = folder.Write("target", "x", kNow);
  const auto link = folder.Path() / "link";
  const auto fifo = folder.Path() / "fifo";
  std::filesystem::create_symlink(target, link);
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const std::pair<std::filesystem::path, std::string> cases[] = {
      {link, "it is a symbolic link"}, {fifo, "it is a fifo"}, {"/dev/null", "it is a device"}};
  for (const auto& [path, why] : cases) {
    const Judgement judgement = JudgeNow(FactsOf(path).value());
    EXPECT_EQ(judgement.readiness, Readiness::kRefused) << path;
    EXPECT_EQ(judgement.why, why);
  }
}

TEST(FactsOf, NothingForAFileThatIsGone) {
  const WatchedFolder folder;
  EXPECT_FALSE(FactsOf(folder.Path() / "nothing"));
}

TEST(IsOpenForWriting, TrueOnlyWhileSomebodyHasItOpenForWriting) {
  const WatchedFolder folder;
  const auto path = folder.Write("a", "x", kNow);
  EXPECT_FALSE(IsOpenForWriting(path));
  {
    const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_FALSE(IsOpenForWriting(path));
    const UniqueFd writer(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    EXPECT_TRUE(IsOpenForWriting(path));
  }
  EXPECT_FALSE(IsOpenForWriting(path));
}

TEST(SightingOf, IsTheSameForTheSameFileAndAnotherForAnyOther) {
  const WatchedFolder folder;
  const auto path = folder.Write("a", "x", kNow);
  const FileFacts facts = FactsOf(path).value();
  const std::string sighting = SightingOf(path, facts);
  EXPECT_EQ(sighting.size(), 32U);
  EXPECT_EQ(SightingOf(path, FactsOf(path).value()), sighting);
  FileFacts renamed_back = facts;
  renamed_back.ctime_ns += 1;
  EXPECT_EQ(SightingOf(path, renamed_back), sighting);
  EXPECT_NE(SightingOf(folder.Path() / "b", facts), sighting);
  for (const auto change : {&FileFacts::inode, &FileFacts::device, &FileFacts::size}) {
    FileFacts other = facts;
    other.*change += 1;
    EXPECT_NE(SightingOf(path, other), sighting);
  }
  FileFacts later = facts;
  later.mtime_ns += 1;
  EXPECT_NE(SightingOf(path, later), sighting);
}

}  // namespace
}  // namespace brood::stages::submit_binary
