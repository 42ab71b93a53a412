#include "cli/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/render.hpp"

namespace brood::cli {
namespace {

constexpr const char* kFile = "config/brood.toml";

/// The file with every setting in force: "#key = …" without its #. Sentences begin with "# ".
std::string Uncommented(const std::string& text) {
  std::string out;
  for (std::string_view line : Split(text, '\n')) {
    if (line.starts_with('#') && !line.starts_with("# ")) line.remove_prefix(1);
    out.append(line).append("\n");
  }
  return out;
}

std::vector<std::string> ProblemsOf(const std::string& toml, Settings& settings) {
  auto sections = Sections(settings);
  std::vector<std::string> problems;
  for (const auto& problem : config::Load(toml, kFile, sections)) problems.push_back(config::Format(problem));
  return problems;
}

TEST(Settings, AreDescribedInTheFileThatShips) {
  Settings settings;
  const auto sections = Sections(settings);
  const auto shipped = ReadFile(kFile);
  ASSERT_TRUE(shipped);
  EXPECT_EQ(*shipped, config::RenderDefaults(sections))
      << "write it anew: build/debug/brood config show --defaults > config/brood.toml";
}

TEST(Settings, HaveSectionsOfDifferentNames) {
  Settings settings;
  std::set<std::string> names;
  for (const auto& section : Sections(settings))
    EXPECT_TRUE(names.insert(section.Name()).second) << section.Name();
  EXPECT_EQ(names.size(), 16U);
}

TEST(Settings, OfTheShippedFileLoadAsTheyAreAndChangeNothing) {
  Settings loaded, defaults;
  EXPECT_THAT(ProblemsOf(ReadFile(kFile).value(), loaded), testing::IsEmpty());
  EXPECT_TRUE(loaded.sandbox.nodes.empty());
  EXPECT_EQ(config::RenderDefaults(Sections(loaded)), config::RenderDefaults(Sections(defaults)));
}

TEST(Settings, OfTheShippedFileLoadWithEveryLineInForceButForWhatANodeAndAListNeed) {
  Settings settings;
  EXPECT_THAT(ProblemsOf(Uncommented(ReadFile(kFile).value()), settings),
              testing::UnorderedElementsAre(testing::HasSubstr("a node needs its url"),
                                            testing::HasSubstr("a list needs its category"),
                                            testing::HasSubstr("a list needs its url")));
  EXPECT_EQ(settings.sandbox.nodes.size(), 1U);
  EXPECT_EQ(settings.feeds.lists.size(), 1U);
}

TEST(Settings, WhereGoServicesTakePartTheQueueMustBeOneThatTheyCanUse) {
  constexpr const char* kUrl = "[broker]\nurl = \"amqp://rabbit.test\"\n";
  for (const char* service : {"feed_cuckoo", "check_results", "parse_and_submit"}) {
    const std::string go = std::string("[") + service + "]\ninterop = \"go\"\n";
    Settings fine, embedded, quorum;
    EXPECT_THAT(ProblemsOf(kUrl + go, fine), testing::IsEmpty());
    EXPECT_THAT(ProblemsOf(go, embedded), testing::ElementsAre(testing::HasSubstr("must name the RabbitMQ")));
    EXPECT_THAT(ProblemsOf(kUrl + ("queue_type = \"quorum\"\n" + go), quorum),
                testing::ElementsAre(testing::HasSubstr("must be classic")));
  }
}

TEST(SettingsHelp, ShowsTheRowsOfItsSection) {
  EXPECT_THAT(SettingsHelp("feed_cuckoo"), testing::HasSubstr("--feed_cuckoo.key=value"));
  EXPECT_THAT(SettingsHelp("feed_cuckoo"), testing::HasSubstr("--prefetch-count"));
  EXPECT_EQ(SettingsHelp("no_such_section"), "");
}

}  // namespace
}  // namespace brood::cli
