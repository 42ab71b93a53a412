#include "retrohunt/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/file.hpp"

namespace brood::retrohunt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Noted Note(const std::string& value, double score = 2.1) {
  return {{"url", value, "", {}, R"([{"reason":"x","data":"y"}])", score, store::Origin::kRule}, true};
}

class JournalTest : public testing::Test {
 protected:
  Journal Open() { return std::move(Journal::Open(file_).value()); }
  std::vector<std::string> Values(const Journal& journal) {
    std::vector<std::string> values;
    Journal::Reader reader;
    reader.noted = [&](Noted&& noted) -> Expected<void, Error> {
      values.push_back(noted.entry.value);
      return {};
    };
    EXPECT_TRUE(journal.Replay(reader));
    return values;
  }
  void Append(const std::string& text) { std::ofstream(file_, std::ios::app) << text; }

  TempDir folder_;
  std::filesystem::path file_ = folder_ / "journal";
  const Heading heading_{Time{Millis{1'234}}, "rules \"x\"\n"};
};

TEST_F(JournalTest, WhatWasCommittedIsThereForTheNextOne) {
  const Standpoint standpoint{"a\"b\n", false, 7, 1, 2};
  {
    Journal journal = Open();
    ASSERT_TRUE(journal.Begin(heading_));
    journal.Note(Note("http://x/\n\x01\xC3\xA4", 0.1));
    journal.NoteSame("00000000000000010000000000000002");
    journal.NoteSpared("00000000000000030000000000000004");
    ASSERT_TRUE(journal.Commit(standpoint));
    journal.Note(Note("never committed"));
  }
  Journal journal = Open();
  const auto kept = journal.Read().value();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->heading, heading_);
  EXPECT_EQ(kept->standpoint, standpoint);
  EXPECT_THAT(Values(journal), ElementsAre("http://x/\n\x01\xC3\xA4"));
  std::vector<std::string> keys;
  Journal::Reader reader;
  reader.same = [&](std::string_view key) { keys.emplace_back(key); };
  reader.spared = reader.same;
  ASSERT_TRUE(journal.Replay(reader));
  EXPECT_THAT(keys, ElementsAre("00000000000000010000000000000002", "00000000000000030000000000000004"));
}

TEST_F(JournalTest, WhatFollowsTheLastStandpointIsCutOff) {
  {
    Journal journal = Open();
    ASSERT_TRUE(journal.Begin(heading_));
    journal.Note(Note("one"));
    ASSERT_TRUE(journal.Commit({"1", false, 1, 0, 0}));
  }
  Append("N [\"url\",\"two\",\"\",2.0,\"[]\",true]\nP [\"2\",fal");
  Journal journal = Open();
  EXPECT_EQ(journal.Read().value()->standpoint.next, "1");
  journal.Note(Note("three"));
  ASSERT_TRUE(journal.Commit({"2", true, 2, 0, 0}));
  EXPECT_THAT(Values(journal), ElementsAre("one", "three"));
  EXPECT_TRUE(journal.Read().value()->standpoint.all_read);
}

TEST_F(JournalTest, AnotherFileIsNoHuntToGoOnWith) {
  Append("something else\nP [\"2\",false,1,1,1]\n");
  Journal journal = Open();
  EXPECT_FALSE(journal.Read().value());
}

TEST_F(JournalTest, OneHuntAtATime) {
  const Journal journal = Open();
  const auto second = Journal::Open(file_);
  ASSERT_FALSE(second);
  EXPECT_THAT(Describe(second.error()), HasSubstr("another retro-hunt"));
  EXPECT_THAT(Describe(second.error()), HasSubstr(file_.string()));
}

TEST_F(JournalTest, ADamagedLineIsAnError) {
  Journal journal = Open();
  ASSERT_TRUE(journal.Begin(heading_));
  Append("N [1]\n");
  Journal::Reader reader;
  reader.noted = [](Noted&&) -> Expected<void, Error> { return {}; };
  EXPECT_FALSE(journal.Replay(reader));
}

}  // namespace
}  // namespace brood::retrohunt
