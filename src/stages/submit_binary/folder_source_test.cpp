#include "stages/submit_binary/folder_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "broker/memory_broker.hpp"
#include "stages/submit_binary/testing/watched_folder.hpp"

namespace brood::stages::submit_binary {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class FolderSourceTest : public testing::Test {
 public:
  ~FolderSourceTest() override { log::Listen({}); }

 protected:
  FolderSourceTest() { EXPECT_TRUE(broker_.Declare({"feed"})); }

  std::filesystem::path OldFile(const std::string& name, std::string_view content = "bytes") {
    return folder_.Write(name, content, clock_.Now() - Millis{60'000});
  }
  std::vector<broker::Delivery> NextPass(std::size_t max = 100) {
    clock_.Advance(Millis{2'000});
    return source_.Take(max, Millis{0});
  }
  std::vector<std::string> NamesOfNextPass() {
    std::vector<std::string> names;
    for (const auto& delivery : NextPass())
      names.push_back(std::filesystem::path(delivery.message.body).filename().string());
    return names;
  }
  Expected<void, broker::BrokerError> Settle(const broker::DeliveryId& id, const std::string& queue = "feed") {
    const broker::Settlement settlement{id, {{queue, "message", {}}}};
    return source_.Settle(std::span(&settlement, 1));
  }

  WatchedFolder folder_;
  ManualClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<broker::MemoryServer> server_ = std::make_shared<broker::MemoryServer>();
  broker::MemoryBroker broker_{server_};
  FolderSource source_{{folder_.Path(), 1'000, Millis{2'000}, Millis{1'000}}, broker_, metrics_, clock_};
};

TEST_F(FolderSourceTest, TakesEachFileOnceWithItsSighting) {
  const auto path = OldFile("a.exe");
  const auto taken = NextPass();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].message.body, path.string());
  EXPECT_EQ(taken[0].message.headers.at("sighting"), SightingOf(path, FactsOf(path).value()));
  EXPECT_THAT(NextPass(), IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(FolderSourceTest, LooksIntoSubFolders) {
  OldFile("a");
  OldFile("sub/b");
  OldFile("sub/deeper/c");
  EXPECT_THAT(NamesOfNextPass(), UnorderedElementsAre("a", "b", "c"));
}

TEST_F(FolderSourceTest, GivesAtMostAsManyAsAskedForAndTheRestNext) {
  OldFile("a");
  OldFile("b");
  OldFile("c");
  EXPECT_EQ(NextPass(2).size(), 2U);
  EXPECT_EQ(source_.Take(2, Millis{0}).size(), 1U);
}

TEST_F(FolderSourceTest, DeletesAFileOnlyAfterItsMessageIsDurable) {
  const auto path = OldFile("a");
  const auto taken = NextPass();
  ASSERT_EQ(taken.size(), 1U);
  server_->AnswerPublishes(Unexpected(broker::BrokerError{broker::Errc::kUnavailable, "away", {}}));
  EXPECT_FALSE(Settle(taken[0].id));
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_THAT(NextPass(), IsEmpty()) << "it is still in hand";
  server_->AnswerPublishes({});
  EXPECT_TRUE(Settle(taken[0].id));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(broker_.Ready("feed").value(), 1U);
}

TEST_F(FolderSourceTest, AMessageWithoutAQueueKeepsTheFile) {
  const auto path = OldFile("a");
  const auto taken = NextPass();
  EXPECT_EQ(Settle(taken.at(0).id, "nowhere").error().code, broker::Errc::kUnknownQueue);
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(FolderSourceTest, AFileThatChangedMeanwhileIsLeftAndTakenAgain) {
  const auto path = OldFile("a");
  const auto taken = NextPass();
  OldFile("a", "more bytes than before");
  EXPECT_TRUE(Settle(taken.at(0).id));
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_THAT(NextPass(), IsEmpty()) << "it was seen to change";
  const auto again = NextPass();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_NE(again[0].message.headers, taken[0].message.headers);
}

TEST_F(FolderSourceTest, AnotherFileRenamedToItsPlaceIsNotDeleted) {
  const auto path = OldFile("a", "12345");
  const auto taken = NextPass();
  const auto other = folder_.Write(".other", "54321", clock_.Now() - Millis{62'000});
  std::filesystem::rename(other, path);
  EXPECT_TRUE(Settle(taken.at(0).id));
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(FolderSourceTest, WhatIsGivenBackIsOfferedAgain) {
  OldFile("a");
  const auto taken = NextPass();
  source_.GiveBack(std::vector{taken.at(0).id});
  const auto again = NextPass();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].message.headers, taken[0].message.headers);
}

TEST_F(FolderSourceTest, AFileThatGrowsIsLeftUntilItStandsStill) {
  OldFile("a", "1");
  const UniqueFd writer(::open((folder_.Path() / "a").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  EXPECT_THAT(NextPass(), IsEmpty()) << "open for writing";
  OldFile("b", "1");
  OldFile("a", "12");
  EXPECT_THAT(NamesOfNextPass(), testing::ElementsAre("b"));
}

TEST_F(FolderSourceTest, LinkFifoEmptyAndHugeFilesAreEachRefusedWithOneLogLine) {
  std::vector<std::string> lines;
  log::Listen([&](log::Level level, const std::string& line) {
    if (level == log::Level::kWarning) lines.push_back(line);
  });
  const auto outside = folder_.Write("../outside-of-" + folder_.Path().filename().string(), "x", clock_.Now());
  std::filesystem::create_symlink(outside, folder_.Path() / "link");
  ASSERT_EQ(::mkfifo((folder_.Path() / "fifo").c_str(), 0600), 0);
  OldFile("empty", "");
  OldFile("huge", std::string(2'000, 'x'));
  for (int pass = 0; pass < 3; ++pass) EXPECT_THAT(NextPass(), IsEmpty());
  EXPECT_THAT(lines, UnorderedElementsAre(HasSubstr("symbolic link"), HasSubstr("a fifo"),
                                          HasSubstr("it is empty"), HasSubstr("more than the limit")));
  EXPECT_THAT(lines, Contains(HasSubstr((folder_.Path() / "link").string())));
  EXPECT_EQ(metrics_.Find("brood_submit_binary_refused_total"), 4);
  for (const char* name : {"link", "fifo", "empty", "huge"})
    EXPECT_TRUE(FactsOf(folder_.Path() / name)) << name;
  std::filesystem::remove(outside);
}

TEST_F(FolderSourceTest, AFileThatFitsIntoNoMessageIsRefusedAndTheSettingsAreNamed) {
  std::vector<std::string> lines;
  log::Listen([&](log::Level level, const std::string& line) {
    if (level == log::Level::kWarning) lines.push_back(line);
  });
  FolderSource source({folder_.Path(), 1'000, Millis{2'000}, Millis{1'000}, 700}, broker_, metrics_, clock_);
  OldFile("fits", std::string(700, 'x'));
  OldFile("large", std::string(701, 'x'));
  std::size_t taken = 0;
  for (int pass = 0; pass < 3; ++pass) {
    taken += source.Take(10, Millis{0}).size();
    clock_.Advance(Millis{2'000});
  }
  EXPECT_EQ(taken, 1U);
  EXPECT_THAT(lines, testing::ElementsAre(HasSubstr("broker.max_message")));
}

TEST_F(FolderSourceTest, AnEmptyFileThatIsFilledLaterIsTaken) {
  OldFile("a", "");
  EXPECT_THAT(NextPass(), IsEmpty());
  OldFile("a", "now it has something");
  EXPECT_THAT(NextPass(), IsEmpty()) << "it was seen to change";
  EXPECT_EQ(NextPass().size(), 1U);
}

TEST_F(FolderSourceTest, AfterAStopNothingMoreIsTaken) {
  OldFile("a");
  source_.Stop();
  EXPECT_THAT(NextPass(), IsEmpty());
}

}  // namespace
}  // namespace brood::stages::submit_binary
