#include "cli/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace brood::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(TakeOverrides, TakesSettingsFromAnyPlaceAndKeepsTheOrderOfTheRest) {
  std::vector<std::string> overrides;
  EXPECT_THAT(TakeOverrides({"--a.b=1", "run", "--quiet", "--api.listen_port=0", "x"}, overrides),
              ElementsAre("run", "--quiet", "x"));
  EXPECT_THAT(overrides, ElementsAre("a.b=1", "api.listen_port=0"));
}

TEST(TakeOverrides, LeavesOptionsFilesAndWhatStandsBehindDoubleDashAlone) {
  const std::vector<std::string> arguments = {"--reason=see a.b", "--config", "x.y=z", "--", "--a.b=1"};
  std::vector<std::string> overrides;
  EXPECT_EQ(TakeOverrides(arguments, overrides), arguments);
  EXPECT_TRUE(overrides.empty());
}

class WrongCommandTest : public testing::Test {
 protected:
  WrongCommandTest() {
    app_.add_subcommand("submit");
    CLI::App* rules = app_.add_subcommand("rules");
    rules->require_subcommand(1);
    rules->add_subcommand("check");
  }
  CLI::App app_;
};

TEST_F(WrongCommandTest, IsNamedWithWhatThereIs) {
  EXPECT_THAT(WrongCommand(app_, {"submitt"}), HasSubstr("no command 'submitt'. There are: submit, rules."));
  EXPECT_THAT(WrongCommand(app_, {"--json", "rules", "chek"}),
              HasSubstr("brood rules: there is no command 'chek'"));
  EXPECT_THAT(WrongCommand(app_, {"-c", "submit", "nonsense"}), HasSubstr("'nonsense'"));
}

TEST_F(WrongCommandTest, IsNoneWhereTheWordsAreRight) {
  EXPECT_EQ(WrongCommand(app_, {}), "");
  EXPECT_EQ(WrongCommand(app_, {"--help"}), "");
  EXPECT_EQ(WrongCommand(app_, {"submit", "anything"}), "");
  EXPECT_EQ(WrongCommand(app_, {"--config", "no-command", "rules", "check", "folder"}), "");
}

}  // namespace
}  // namespace brood::cli
