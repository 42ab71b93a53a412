// Archives made to cost: more unpacked than packed, more members than anyone wants, packed in themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "archive/testing/make_tar.hpp"
#include "archive/testing/pack.hpp"
#include "archive/testing/read_all.hpp"

namespace brood::archive {
namespace {

using ::testing::ElementsAre;
using testing::EveryKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Pack;
using testing::PackBytes;
using ::testing::Pair;
using testing::ReadAll;
using Code = ReadError::Code;

Options With(const Limits& limits) {
  Options options = EveryKind();
  options.limits = limits;
  return options;
}

const std::vector<Kind> kPacking = {Kind::kTarBzip2, Kind::kTarGzip, Kind::kZip, Kind::kSevenZip};

TEST(Bombs, AMemberOverItsLimitIsLeftAndTheNextOneComes) {
  const std::string large(400'000, '\0');
  for (const Kind kind : kPacking) {
    const auto read =
        ReadAll(Pack(kind, {{"bomb", large}, {"small", "s"}}), With({.max_member_bytes = 100'000}));
    EXPECT_FALSE(read.error) << Name(kind);
    EXPECT_THAT(read.files, ElementsAre(Pair("small", "s"))) << Name(kind);
    EXPECT_THAT(read.refused, ElementsAre(Pair("bomb", "it unpacks to more than 100000 bytes"))) << Name(kind);
  }
}

TEST(Bombs, TheWholeEndsAtItsLimit) {
  const std::string large(400'000, '\0');
  for (const Kind kind : kPacking) {
    const auto read =
        ReadAll(Pack(kind, {{"a", large}, {"b", large}, {"c", large}}), With({.max_total_bytes = 900'000}));
    ASSERT_TRUE(read.error) << Name(kind);
    EXPECT_EQ(read.error->code, Code::kTooMuch);
    EXPECT_EQ(read.error->what, "the archive unpacks to more than 900000 bytes");
    EXPECT_EQ(read.files.size(), 2U) << "what came before is good";
    EXPECT_EQ(ToError(*read.error).kind, ErrorKind::kPermanent);
  }
}

TEST(Bombs, WhatIsLeftOutCountsToo) {
  const std::string large(400'000, '\0');
  const auto read = ReadAll(Pack(Kind::kTarGzip, {{"a", large}, {"b", large}}),
                            With({.max_member_bytes = 10, .max_total_bytes = 500'000}));
  ASSERT_TRUE(read.error);
  EXPECT_EQ(read.error->code, Code::kTooMuch);
}

TEST(Bombs, ARatioIsHeldAgainstWhatIsLarge) {
  const std::string zeros(4'000'000, '\0');
  const std::string tar = Pack(Kind::kTarGzip, {{"a", zeros}});
  EXPECT_FALSE(ReadAll(tar).error) << "small enough not to matter";
  const auto read = ReadAll(tar, With({.max_ratio = 100, .ratio_free = 1'000'000}));
  ASSERT_TRUE(read.error);
  EXPECT_EQ(read.error->what, "the archive unpacks to more than 100 times its size");
}

TEST(Bombs, MembersAreCounted) {
  std::string tar;
  for (int i = 0; i < 200; ++i)
    tar += testing::TarHeader(std::to_string(i), 0, i % 2 ? testing::kFile : testing::kFolder);
  const auto read = ReadAll(tar + testing::TarEnd(), With({.max_members = 100}));
  ASSERT_TRUE(read.error);
  EXPECT_EQ(read.error->what, "the archive holds more than 100 members");
  EXPECT_EQ(read.files.size(), 50U);
}

TEST(Bombs, ASizeThatLiesCostsWhatIsThere) {
  const std::string tar = testing::TarHeader("huge", 0777'7777'7777ULL) + std::string(2'000, 'x');
  const auto read = ReadAll(tar);
  ASSERT_TRUE(read.error);
  EXPECT_EQ(read.error->code, Code::kDamaged);
}

TEST(Bombs, AnArchiveInAnArchiveIsAFileLikeOthers) {
  std::string inner = Pack(Kind::kZip, {{"x", "y"}});
  for (int level = 0; level < 50; ++level) inner = Pack(Kind::kZip, {{"again.zip", inner}});
  const auto read = ReadAll(inner);
  EXPECT_FALSE(read.error);
  ASSERT_EQ(read.files.size(), 1U);
  EXPECT_THAT(read.files[0].second, HasSubstr("again.zip"));
}

TEST(Bombs, PackedTwiceIsNoTar) {
  const std::string tar = testing::TarMember("a", "b") + testing::TarEnd();
  for (const Kind outer : {Kind::kTarBzip2, Kind::kTarGzip}) {
    std::string packed = PackBytes(Kind::kTarGzip, tar);
    for (int level = 0; level < 3; ++level) packed = PackBytes(outer, packed);
    const auto read = ReadAll(packed);
    ASSERT_TRUE(read.error);
    EXPECT_EQ(read.error->code, Code::kDamaged);
    EXPECT_THAT(read.files, IsEmpty());
  }
}

TEST(Bombs, HeadersWithoutMembersEndSoon) {
  std::string tar;
  for (int i = 0; i < 100'000; ++i) tar += testing::TarMember("x", "12 path=a\n", testing::kPaxHeader);
  const auto read = ReadAll(PackBytes(Kind::kTarGzip, tar));
  EXPECT_THAT(read.files, IsEmpty());
  EXPECT_TRUE(read.error);
}

TEST(Bombs, MemoryStaysFlat) {
  std::string packed =
      PackBytes(Kind::kTarGzip, testing::TarMember("a", std::string(60'000'000, '\0')) + testing::TarEnd());
  const auto used = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;  // KiB
  };
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "a", packed));
  const long before = used();
  auto reader = Reader::Open(dir / "a", With({.max_ratio = 1'000'000})).value();
  ASSERT_TRUE(reader.Next().value());
  while (!reader.Read().value().empty()) {
  }
  EXPECT_EQ(reader.Unpacked(), 60'000'000U);
  EXPECT_LT(used() - before, 20'000);
}

}  // namespace
}  // namespace brood::archive
