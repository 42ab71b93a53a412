#include "feeds/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "config/load.hpp"
#include "feeds/shipped.hpp"
#include "http/url.hpp"

namespace brood::feeds {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> ProblemsOf(const std::string& toml, Settings& settings) {
  std::vector<config::Section> sections{Describe(settings)};
  std::vector<std::string> problems;
  for (const auto& problem : config::Load(toml, "brood.toml", sections))
    problems.push_back(config::Format(problem));
  return problems;
}

TEST(FeedsSettings, FetchNothingWhereNothingIsSaid) { EXPECT_THAT(SourcesOf({}), IsEmpty()); }

TEST(FeedsSettings, TurnListsThatShipOnByTheirNamesAndAddOthers) {
  Settings settings;
  EXPECT_THAT(ProblemsOf("[feeds]\nshipped = [\"feodo\"]\n[[feeds.list]]\ncategory = \"C&C\"\n"
                         "url = \"https://lists.example/bad.txt\"\n",
                         settings),
              IsEmpty());
  const auto sources = SourcesOf(settings);
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_EQ(sources[0].category, "C&C");
  EXPECT_THAT(sources[0].url, HasSubstr("feodotracker.abuse.ch"));
  EXPECT_EQ(sources[1], (Source{"C&C", "https://lists.example/bad.txt"}));
  settings.shipped = {"*"};
  settings.lists = {ShippedSources()[0].source};
  EXPECT_EQ(SourcesOf(settings).size(), ShippedSources().size());
}

TEST(FeedsSettings, SayWhatIsWrongWithAList) {
  Settings unknown, settings;
  EXPECT_THAT(ProblemsOf("[feeds]\nshipped = [\"fedo\"]\n", unknown),
              ElementsAre(HasSubstr("no list that ships is named 'fedo'; did you mean feodo?")));
  EXPECT_THAT(
      ProblemsOf("[[feeds.list]]\nurl = \"https://me:secret@lists.example/\"\n", settings),
      testing::UnorderedElementsAre(HasSubstr("needs its category"), HasSubstr("put no user or password")));
  EXPECT_THAT(ProblemsOf("[[feeds.list]]\ncategory = \"x\"\nurl = \"ftp://lists.example/\"\n", settings),
              ElementsAre(HasSubstr("http")));
}

TEST(ShippedSources, HaveNamesOfTheirOwnAndComeOverTls) {
  std::set<std::string> names;
  for (const ShippedSource& shipped : ShippedSources()) {
    EXPECT_TRUE(names.insert(shipped.name).second) << shipped.name;
    const auto url = http::ParseUrl(shipped.source.url);
    ASSERT_TRUE(url) << shipped.source.url;
    EXPECT_EQ(url->scheme, "https") << shipped.name;
  }
  EXPECT_GE(names.size(), 5U);
}

TEST(ReadSources, NamesALineThatIsNoSource) {
  EXPECT_EQ(ReadSources("# fine\nname C&C https://a.example\nname C&C\n").error(),
            "line 3 is not NAME CATEGORY URL");
  EXPECT_FALSE(ReadSources("name C&C https://a.example more\n"));
}

}  // namespace
}  // namespace brood::feeds
