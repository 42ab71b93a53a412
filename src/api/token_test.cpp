#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>
#include <thread>

#include "api/api.hpp"
#include "base/digest.hpp"
#include "base/file.hpp"

namespace brood::api {
namespace {

using testing::HasSubstr;

TEST(Token, IsMadeOnceAndForItsOwnerAlone) {
  const TempDir folder;
  const auto file = folder / "state/api-token";
  const auto made = ReadOrMakeToken(file);
  ASSERT_TRUE(made) << Describe(made.error());
  EXPECT_TRUE(IsHex(made->Reveal(), 64));
  EXPECT_EQ(ReadOrMakeToken(file)->Reveal(), made->Reveal());
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(file.parent_path()), {}), 1);
}

TEST(Token, ManyThatMakeItAtOnceGetTheSame) {
  const TempDir folder;
  std::vector<std::string> tokens(16);
  {
    std::vector<std::jthread> threads;
    for (std::string& token : tokens) {
      threads.emplace_back([&] {
        if (const auto made = ReadOrMakeToken(folder / "token")) token = made->Reveal();
      });
    }
  }
  EXPECT_EQ(std::set<std::string>(tokens.begin(), tokens.end()).size(), 1U);
  EXPECT_TRUE(IsHex(tokens[0], 64));
}

TEST(Token, OnesOwnTokenIsTakenAsItIs) {
  const TempDir folder;
  ASSERT_TRUE(WriteFileDurably(folder / "token", "my-own-long-token-0123\n"));
  EXPECT_EQ(ReadOrMakeToken(folder / "token")->Reveal(), "my-own-long-token-0123");
}

TEST(Token, AFileWithoutATokenIsAnErrorThatNamesIt) {
  const TempDir folder;
  for (const std::string text : {"", "short", "sixteen chars no!"}) {
    ASSERT_TRUE(WriteFileDurably(folder / "token", text));
    const auto read = ReadOrMakeToken(folder / "token");
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().what, HasSubstr((folder / "token").string()));
    EXPECT_TRUE(text.empty() || Describe(read.error()).find(text) == text.npos);
  }
}

TEST(Token, APlaceThatCannotBeWrittenIsAnErrorThatNamesIt) {
  const TempDir folder;
  ASSERT_TRUE(WriteFileDurably(folder / "file", "x"));
  const auto made = ReadOrMakeToken(folder / "file/token");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().what, HasSubstr("file/token"));
}

}  // namespace
}  // namespace brood::api
