#include "api/sample_name.hpp"

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace brood::api {
namespace {

TEST(CleanName, KeepsTheLastComponentOfEitherKindOfPath) {
  EXPECT_EQ(CleanName("a.exe"), "a.exe");
  EXPECT_EQ(CleanName("/tmp/x/a.exe"), "a.exe");
  EXPECT_EQ(CleanName("C:\\x\\a.exe"), "a.exe");
  EXPECT_EQ(CleanName("../../a"), "a");
}

TEST(CleanName, LeavesNothingOfANameThatIsOnlyAPath) {
  for (const std::string name : {"", ".", "..", "/", "a/", "a/..", "\x01"})
    EXPECT_EQ(CleanName(name), "") << name;
}

TEST(CleanName, DropsControlCharactersBeforeItLooksForDots) {
  EXPECT_EQ(CleanName(std::string("a\0b\x7F\n", 5)), "ab");
  EXPECT_EQ(CleanName(std::string(".\0.", 3)), "");
}

TEST(CleanName, CutsBetweenCharacters) {
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "\xC3\xBC";
  const std::string clean = CleanName(umlauts);
  EXPECT_EQ(clean.size(), 254U);
  EXPECT_TRUE(IsUtf8(clean));
  EXPECT_EQ(CleanName(std::string(300, 'a')).size(), 255U);
  EXPECT_EQ(CleanName(std::string(300, '\xFF')).size(), 255U);
}

}  // namespace
}  // namespace brood::api
