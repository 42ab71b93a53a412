#include "archive/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "archive/testing/make_tar.hpp"
#include "archive/testing/pack.hpp"
#include "archive/testing/read_all.hpp"

namespace brood::archive {
namespace {

using testing::Contents;
using testing::EveryKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Pack;
using testing::ReadAll;

const std::vector<Kind> kKinds = {Kind::kTar, Kind::kTarBzip2, Kind::kTarGzip, Kind::kZip, Kind::kSevenZip};

/// Contents drawn from a seed: sizes from none to a few pieces, names from all over.
Contents Drawn(unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<std::size_t> size(0, 200'000), count(1, 12);
  Contents contents;
  for (std::size_t n = count(random); n > 0; --n) {
    std::string bytes(size(random), '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 7);
    contents.emplace_back("files/" + std::to_string(n) + "/dröpped " + std::to_string(random() % 3), bytes);
  }
  return contents;
}

TEST(Reader, GivesBackWhatWasPackedWhateverTheKind) {
  for (const Kind kind : kKinds) {
    for (unsigned seed = 0; seed < 4; ++seed) {
      const Contents contents = Drawn(seed);
      const auto read = ReadAll(Pack(kind, contents));
      ASSERT_FALSE(read.error) << Name(kind) << " " << seed << ": " << read.error->what;
      EXPECT_THAT(read.refused, IsEmpty());
      EXPECT_TRUE(std::ranges::is_permutation(read.files, contents)) << Name(kind) << " " << seed;
    }
  }
}

TEST(Reader, AnEmptyArchiveHoldsNothing) {
  for (const std::string& bytes :
       {testing::TarEnd(), testing::PackBytes(Kind::kTarBzip2, std::string(10'240, '\0')),
        Pack(Kind::kZip, {})}) {
    const auto read = ReadAll(bytes);
    EXPECT_FALSE(read.error) << read.error->what;
    EXPECT_THAT(read.files, IsEmpty());
  }
}

TEST(Reader, OpensAZipWithAesGivenItsPassword) {
  Options options = EveryKind();
  options.password = Secret("infected");
  const std::string zip = Pack(Kind::kZip, {{"drop.exe", "some bytes"}}, "infected");
  const auto read = ReadAll(zip, options);
  ASSERT_FALSE(read.error) << read.error->what;
  EXPECT_EQ(read.files, (Contents{{"drop.exe", "some bytes"}}));
}

TEST(Reader, SaysWhereAPasswordIsWrongOrMissingWithoutTellingIt) {
  const std::string zip = Pack(Kind::kZip, {{"drop.exe", "some bytes"}}, "infected");
  Options wrong = EveryKind();
  wrong.password = Secret("other-secret");
  for (const Options& options : {EveryKind(), wrong}) {
    const auto read = ReadAll(zip, options);
    ASSERT_TRUE(read.error);
    EXPECT_EQ(read.error->code, ReadError::Code::kDamaged);
    EXPECT_THAT(read.error->what, HasSubstr("assphrase"));
    EXPECT_THAT(read.error->what, ::testing::Not(HasSubstr("other-secret")));
  }
}

TEST(Reader, RefusesAKindThatIsNotExpected) {
  Options options;
  options.kinds = {Kind::kTarBzip2};
  const auto read = ReadAll(Pack(Kind::kZip, {{"a", "b"}}), options);
  ASSERT_TRUE(read.error);
  EXPECT_EQ(read.error->what, "a zip archive is not expected here");
}

TEST(Reader, AMissingFileIsNotThatArchivesFault) {
  const auto reader = Reader::Open("/nowhere/archive", EveryKind());
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ReadError::Code::kUnreadable);
  EXPECT_EQ(ToError(reader.error()).kind, ErrorKind::kTransient);
}

TEST(Reader, NextPassesOverWhatWasNotRead) {
  const TempDir dir;
  const std::string large(300'000, 'x');
  ASSERT_TRUE(
      WriteFileDurably(dir / "a", Pack(Kind::kTarGzip, {{"one", large}, {"two", large}, {"three", "3"}})));
  auto reader = Reader::Open(dir / "a", EveryKind()).value();
  EXPECT_EQ(reader.Next().value()->name, "one");
  EXPECT_EQ(reader.Next().value()->name, "two");
  EXPECT_FALSE(reader.Read().value().empty());
  EXPECT_EQ(reader.Next().value()->name, "three");
  EXPECT_EQ(reader.Read().value(), "3");
  EXPECT_EQ(reader.Read().value(), "");
  EXPECT_EQ(reader.Read().value(), "");
  EXPECT_EQ(reader.Next().value(), std::nullopt);
  EXPECT_EQ(reader.Unpacked(), 600'001U);
}

}  // namespace
}  // namespace brood::archive
