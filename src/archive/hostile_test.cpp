// Archives made to harm or to break: names that lead elsewhere, links, devices, damage anywhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "archive/testing/make_tar.hpp"
#include "archive/testing/pack.hpp"
#include "archive/testing/read_all.hpp"
#include "base/utf8.hpp"

namespace brood::archive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Pack;
using ::testing::Pair;
using testing::ReadAll;
using testing::TarEnd;
using testing::TarMember;

TEST(Hostile, NamesThatLeadElsewhereAreRefusedAndTheRestIsRead) {
  const auto read = ReadAll(TarMember("/etc/passwd", "a") + TarMember("x/../../y", "b") +
                            TarMember("C:\\w", "c") + TarMember("good", "d") + TarEnd());
  EXPECT_FALSE(read.error);
  EXPECT_THAT(read.files, ElementsAre(Pair("good", "d")));
  EXPECT_THAT(read.refused, ElementsAre(Pair("/etc/passwd", "its name is an absolute path"),
                                        Pair("x/../../y", "its name leads upwards"),
                                        Pair("C:\\w", "its name is an absolute path")));
}

TEST(Hostile, ZipsAreHeldToTheSameNames) {
  const auto read = ReadAll(Pack(Kind::kZip, {{"../a", "1"}, {"/b", "2"}, {"c", "3"}}));
  EXPECT_FALSE(read.error);
  EXPECT_THAT(read.files, ElementsAre(Pair("c", "3")));
  EXPECT_EQ(read.refused.size(), 2U);
}

TEST(Hostile, LinksAndDevicesAreRefused) {
  const auto read = ReadAll(TarMember("s", "", testing::kSymLink, "/etc/shadow") +
                            TarMember("h", "", testing::kHardLink, "good") +
                            TarMember("d", "", testing::kDevice) + TarMember("good", "bytes") + TarEnd());
  EXPECT_FALSE(read.error);
  EXPECT_THAT(read.files, ElementsAre(Pair("good", "bytes")));
  EXPECT_THAT(read.refused, ElementsAre(Pair("s", "it is a link"), Pair("h", "it is a link"),
                                        Pair("d", "it is no regular file")));
}

TEST(Hostile, TheSameNameTwiceIsTwoFiles) {
  for (const Kind kind : {Kind::kTarBzip2, Kind::kZip}) {
    const auto read = ReadAll(Pack(kind, {{"a", "first"}, {"a", "second"}}));
    EXPECT_FALSE(read.error);
    EXPECT_THAT(read.files, ElementsAre(Pair("a", "first"), Pair("a", "second")));
  }
}

TEST(Hostile, NamesThatAreNoTextBecomeText) {
  const auto read = ReadAll(TarMember("a\xFF\x80.exe", "x") + TarMember("b\r\n\x1B[31m", "y") + TarEnd());
  EXPECT_FALSE(read.error);
  ASSERT_EQ(read.files.size(), 2U);
  for (const auto& [name, content] : read.files) EXPECT_TRUE(IsUtf8(name)) << name;
}

TEST(Hostile, WhatIsCutAnywhereNeverPassesAsWhole) {
  const testing::Contents contents = {{"a", std::string(3'000, 'a')}, {"b", std::string(3'000, 'b')}};
  for (const Kind kind : {Kind::kTarBzip2, Kind::kTarGzip, Kind::kZip, Kind::kSevenZip}) {
    const std::string whole = Pack(kind, contents);
    for (std::size_t size = 0; size + 8 < whole.size(); size += 13) {
      const auto read = ReadAll(std::string_view(whole).substr(0, size));
      for (const auto& file : read.files) {
        EXPECT_TRUE(file == contents[0] || file == contents[1]) << Name(kind) << " cut at " << size;
      }
      EXPECT_TRUE(read.error || read.files.size() == contents.size()) << Name(kind) << " cut at " << size;
    }
  }
}

TEST(Hostile, DamagedBytesNeverCrash) {
  std::mt19937 random(20261126);
  const testing::Contents contents = {{"a", std::string(2'000, 'a')}, {"b/c", "some more bytes"}};
  for (const Kind kind : {Kind::kTar, Kind::kTarBzip2, Kind::kTarGzip, Kind::kZip, Kind::kSevenZip}) {
    const std::string whole = Pack(kind, contents);
    for (int round = 0; round < 150; ++round) {
      std::string damaged = whole;
      for (unsigned flips = 1 + random() % 8; flips > 0; --flips) {
        damaged[random() % damaged.size()] = static_cast<char>(random());
      }
      const auto read = ReadAll(damaged);
      EXPECT_LE(read.files.size() + read.refused.size(), 10'000U);
    }
  }
}

}  // namespace
}  // namespace brood::archive
