#include "cli/submit_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/file.hpp"

namespace brood::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FilesToSubmitTest : public testing::Test {
 protected:
  std::string Make(const std::string& name, const std::string& content) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << content;
    return (folder_ / name).string();
  }
  /// The one candidate of the argument.
  Candidate Only(const std::string& argument) {
    const auto all = FilesToSubmit({argument});
    EXPECT_EQ(all.size(), 1U);
    return all.at(0);
  }
  TempDir folder_;
};

TEST_F(FilesToSubmitTest, TakesFilesAsNamedAndFoldersWithWhatIsBelowSorted) {
  const auto single = Make("single", "s");
  Make("tree/b", "2");
  Make("tree/a/deep", "1");
  Make("tree/c", "3");
  std::vector<std::string> files;
  for (const Candidate& candidate : FilesToSubmit({single, (folder_ / "tree").string()})) {
    EXPECT_EQ(candidate.problem, "");
    files.push_back(fs::relative(candidate.file, folder_.Path()).string());
  }
  EXPECT_THAT(files, testing::ElementsAre("single", "tree/a/deep", "tree/b", "tree/c"));
}

TEST_F(FilesToSubmitTest, RefusesWhatIsNoFileWithASentenceThatNamesIt) {
  Make("tree/good", "x");
  Make("tree/empty", "");
  fs::create_symlink("good", folder_ / "tree/link");
  ASSERT_EQ(::mkfifo((folder_ / "tree/pipe").c_str(), 0600), 0);
  const auto all = FilesToSubmit({(folder_ / "tree").string()});
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].problem, (folder_ / "tree/empty").string() + " is empty");
  EXPECT_EQ(all[1].problem, "");
  EXPECT_THAT(all[2].problem, HasSubstr("tree/link is a symbolic link"));
  EXPECT_THAT(all[3].problem, HasSubstr("tree/pipe is a named pipe"));
}

TEST_F(FilesToSubmitTest, FollowsALinkThatIsNamedButNoneThatLeadsOutOfAFolder) {
  Make("outside/secret", "x");
  Make("tree/good", "x");
  fs::create_directory_symlink(folder_ / "outside", folder_ / "tree/up");
  fs::create_symlink(folder_ / "tree/good", folder_ / "named");
  EXPECT_EQ(Only((folder_ / "named").string()).problem, "");
  const auto all = FilesToSubmit({(folder_ / "tree").string()});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_THAT(all[1].problem, HasSubstr("up is a symbolic link"));
}

TEST_F(FilesToSubmitTest, SaysWhatIsMissingOrHoldsNothing) {
  EXPECT_THAT(Only((folder_ / "absent").string()).problem, HasSubstr("absent does not exist"));
  fs::create_symlink("nowhere", folder_ / "dangling");
  EXPECT_THAT(Only((folder_ / "dangling").string()).problem, HasSubstr("dangling does not exist"));
  fs::create_directory(folder_ / "hollow");
  EXPECT_THAT(Only((folder_ / "hollow").string()).problem, HasSubstr("hollow is a folder without a file"));
  EXPECT_THAT(Only("/dev/null").problem, HasSubstr("is a device"));
}

}  // namespace
}  // namespace brood::cli
