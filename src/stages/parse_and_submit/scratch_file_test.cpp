#include "stages/parse_and_submit/scratch_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.hpp"

namespace brood::stages::parse_and_submit {
namespace {

TEST(ScratchFile, IsReadableByItsHolderAndHasNoName) {
  const TempDir dir;
  auto file = ScratchFile::In(dir / "below").value();
  ASSERT_TRUE(file.Append("some "));
  ASSERT_TRUE(file.Append("bytes"));
  EXPECT_EQ(ReadFile(file.Path()).value(), "some bytes");
  EXPECT_TRUE(std::filesystem::is_empty(dir / "below"));
  struct stat status {};
  ASSERT_EQ(::stat(file.Path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(ScratchFile, SaysWhereItCannotBe) {
  const auto file = ScratchFile::In("/proc/nowhere");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::kTransient);
  EXPECT_NE(file.error().what.find("/proc/nowhere"), std::string::npos);
}

}  // namespace
}  // namespace brood::stages::parse_and_submit
