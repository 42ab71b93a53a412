#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "config/load.hpp"
#include "config/render.hpp"
#include "config/test_settings.hpp"

namespace brood::config {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Settings;

std::string FileLine(const std::filesystem::path& path) {
  return "[feed_cuckoo]\nkey_file = \"" + path.string() + "\"\n";
}

TEST(SecretSetting, ComesTrimmedFromAFile) {
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "key", "  hush\n"));
  Settings settings;
  EXPECT_THAT(Load(FileLine(dir / "key"), "f", settings.sections), IsEmpty());
  EXPECT_EQ(settings.feed.key.Reveal(), "hush");
}

TEST(SecretSetting, ComesFromAFileThatTheEnvironmentNames) {
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "key", "hush"));
  Settings settings;
  EXPECT_THAT(Load({.toml = "[feed_cuckoo]\nkey = \"weaker\"\n",
                    .environment = {{"BROOD_FEED_CUCKOO_KEY_FILE", (dir / "key").string()}}},
                   settings.sections),
              IsEmpty());
  EXPECT_EQ(settings.feed.key.Reveal(), "hush");
}

TEST(SecretSetting, TellsAFileThatIsAbsentOrEmpty) {
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "empty", "\n"));
  Settings settings;
  auto problems = Load(FileLine(dir / "absent"), "f", settings.sections);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].key, "feed_cuckoo.key_file");
  EXPECT_THAT(problems[0].what, HasSubstr("cannot be read"));
  EXPECT_THAT(problems[0].what, HasSubstr((dir / "absent").string()));
  problems = Load(FileLine(dir / "empty"), "f", settings.sections);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0].what, HasSubstr("is empty"));
}

TEST(SecretSetting, IsRefusedWhenGivenBothWaysInOnePlace) {
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "key", "hush"));
  Settings settings;
  const auto problems = Load(FileLine(dir / "key") + "key = \"hush\"\n", "f", settings.sections);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(Format(problems[0]), "f:3: feed_cuckoo.key: key and key_file are both given");
}

TEST(SecretSetting, OfAListsElementComesFromAFile) {
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "token", "hush"));
  Settings settings;
  const std::string toml =
      "[[feed_cuckoo.node]]\nurl = \"http://a\"\ntoken_file = \"" + (dir / "token").string() + "\"\n";
  EXPECT_THAT(Load(toml, "f", settings.sections), IsEmpty());
  EXPECT_EQ(settings.feed.nodes.at(0).token.Reveal(), "hush");
}

TEST(SecretSetting, StandsInNoProblem) {
  const std::string text = "s3cr3tw0rd";
  for (const std::string& line : std::vector<std::string>{
           "key = [\"s3cr3tw0rd\"]", "key = s3cr3tw0rd", "key = ts3cr3tw0rd", "key = \"s3cr3tw0rd",
           "key = 's3cr3tw0rd", "key = \"s3cr3tw0rd\" s3cr3tw0rd", "key = \"s3cr3tw0rd\\q\"",
           "amqp = \"amqp:guest:s3cr3tw0rd@host\"", "amqp = \"amqp://guest:s3cr3tw0rd @host\"",
           "kei = \"s3cr3tw0rd\"", "key = {a = \"s3cr3tw0rd\"}"}) {
    Settings settings;
    const auto problems = Load("[feed_cuckoo]\n" + line + "\n", "f", settings.sections);
    ASSERT_FALSE(problems.empty()) << line;
    for (const Problem& problem : problems) EXPECT_THAT(Format(problem), Not(HasSubstr(text))) << line;
  }
}

TEST(SecretSetting, OfDigitsStandsInNoProblem) {
  for (const char* line : {"key = 12345678", "key = 99999999999999999999999", "key = 1234567890_",
                           "key = 0x12345678zz", "key = 12345678.5", "key = 1234-56-78"}) {
    Settings settings;
    const auto problems = Load("[feed_cuckoo]\n" + std::string(line) + "\n", "f", settings.sections);
    ASSERT_EQ(problems.size(), 1U) << line;
    EXPECT_THAT(Format(problems[0]), Not(HasSubstr("1234"))) << line;
    EXPECT_THAT(Format(problems[0]), Not(HasSubstr("9999"))) << line;
  }
}

TEST(SecretSetting, AndPasswordsInUrlsAreShownAsSecret) {
  for (const char* url :
       {"amqp://guest:hush@host/v", "amqp://guest:hu/sh@host", "amqp://hush@host", "amqp://g:hu@sh@host"}) {
    Settings settings;
    const std::string toml = "[feed_cuckoo]\nkey = \"hush\"\namqp = \"" + std::string(url) + "\"\n";
    EXPECT_THAT(Load(toml, "f", settings.sections), IsEmpty());
    EXPECT_EQ(settings.feed.amqp, url);
    const std::string shown = RenderCurrent(settings.sections);
    EXPECT_THAT(shown, HasSubstr("key = \"[secret]\"  # f:2\n"));
    EXPECT_THAT(shown, HasSubstr("[secret]@host"));
    EXPECT_THAT(shown, Not(HasSubstr("hu")));
  }
}

}  // namespace
}  // namespace brood::config
