#include "sandboxd/archive.hpp"

#include <bzlib.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/gzip.hpp"

namespace brood::sandboxd {
namespace {

using testing::StartsWith;

constexpr Time kModified{std::chrono::seconds{1'563'000'000}};

std::string Tar(const std::vector<ArchiveMember>& members) {
  return MakeArchive(members, kModified, Packing::kNone);
}

std::int64_t Octal(const std::string& tar, std::size_t at) {
  return std::stoll(tar.substr(at, 12), nullptr, 8);
}

/// The sum of a header's bytes, with eight blanks for itself.
std::int64_t SumOf(const std::string& header) {
  std::int64_t sum = 8 * ' ';
  for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? 0 : static_cast<unsigned char>(header[i]);
  return sum;
}

TEST(MakeArchive, WritesFoldersAndFilesInTheirOrder) {
  const std::string content(600, 'x');
  const std::string tar = Tar({{"reports", std::nullopt}, {"reports/report.json", content}});
  EXPECT_EQ(tar.size(), 10'240U);
  EXPECT_STREQ(tar.c_str(), "reports");
  EXPECT_EQ(tar[156], '5');
  EXPECT_EQ(Octal(tar, 124), 0);
  EXPECT_STREQ(tar.c_str() + 512, "reports/report.json");
  EXPECT_EQ(tar[512 + 156], '0');
  EXPECT_EQ(Octal(tar, 512 + 124), 600);
  EXPECT_EQ(Octal(tar, 512 + 136), 1'563'000'000);
  EXPECT_EQ(tar.substr(1024, 600), content);
  EXPECT_EQ(tar.find_first_not_of('\0', 1624), tar.npos);
  for (const std::size_t header : {0, 512}) {
    EXPECT_EQ(std::stoll(tar.substr(header + 148, 8), nullptr, 8), SumOf(tar.substr(header, 512)));
    EXPECT_THAT(tar.substr(header + 257), StartsWith(std::string("ustar\0", 6) + "00"));
  }
}

TEST(MakeArchive, GivesTheSameTarHoweverItIsPacked) {
  const std::vector<ArchiveMember> members{{"a", "some bytes"}};
  std::string unpacked;
  report::Inflater inflater([&](std::string_view chunk) { unpacked += chunk; }, 1'000'000);
  ASSERT_TRUE(inflater.Feed(MakeArchive(members, kModified, Packing::kGzip)));
  ASSERT_TRUE(inflater.Finish());
  EXPECT_EQ(unpacked, Tar(members));

  std::string bzip2 = MakeArchive(members, kModified, Packing::kBzip2);
  unpacked.assign(20'480, 'x');
  auto size = static_cast<unsigned>(unpacked.size());
  ASSERT_EQ(::BZ2_bzBuffToBuffDecompress(unpacked.data(), &size, bzip2.data(),
                                         static_cast<unsigned>(bzip2.size()), 0, 0),
            BZ_OK);
  EXPECT_EQ(unpacked.substr(0, size), Tar(members));
}

TEST(MakeArchive, FillsWholeRecordsHoweverLargeItGets) {
  EXPECT_EQ(Tar({}).size(), 10'240U);
  EXPECT_EQ(Tar({{"a", std::string(9'000, 'x')}}).size(), 20'480U);
}

}  // namespace
}  // namespace brood::sandboxd
