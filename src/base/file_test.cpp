#include "base/file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace brood {
namespace {

TEST(File, ReadsBackWhatWasWrittenAndLeavesNoTemporaryFile) {
  const TempDir dir;
  const std::string bytes("a\0b", 3);
  ASSERT_TRUE(WriteFileDurably(dir / "x", bytes));
  ASSERT_TRUE(WriteFileDurably(dir / "x", bytes + "2"));
  EXPECT_EQ(ReadFile(dir / "x").value(), bytes + "2");
  const auto entries = std::distance(std::filesystem::directory_iterator(dir.Path()), {});
  EXPECT_EQ(entries, 1);
}

TEST(File, IsNotReadableForOthers) {
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "x", "s"));
  struct stat info {};
  ASSERT_EQ(::stat((dir / "x").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST(File, AnErrorNamesThePathAndTheReason) {
  const auto missing = ReadFile("/no/such/file");
  ASSERT_FALSE(missing);
  EXPECT_EQ(Describe(missing.error()), "cannot open /no/such/file: No such file or directory");
  EXPECT_FALSE(WriteFileDurably("/no/such/folder/file", "x"));
}

TEST(File, RefusesAFileOverTheLimit) {
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "x", "12345"));
  EXPECT_TRUE(ReadFile(dir / "x", 5));
  EXPECT_FALSE(ReadFile(dir / "x", 4));
}

}  // namespace
}  // namespace brood
