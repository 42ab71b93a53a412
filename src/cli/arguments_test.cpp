#include "cli/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace brood::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> Original(std::vector<const char*> argv) { return OriginalArguments(argv); }

TEST(OriginalArguments, ALinkNamedAsAServiceSelectsIt) {
  EXPECT_THAT(Original({"/opt/cuckoo/feed_cuckoo"}), ElementsAre("feed_cuckoo"));
  EXPECT_THAT(Original({"submit_binary.py", "--workers", "2"}), ElementsAre("submit_binary", "--workers", "2"));
  EXPECT_THAT(Original({"utils/ThirdPartyBlacklist.py", "--force"}), ElementsAre("feeds", "update", "--force"));
  EXPECT_THAT(Original({"/usr/bin/brood", "run"}), ElementsAre("run"));
  EXPECT_THAT(Original({"/opt/dfi/report_hoarder.py"}), ElementsAre("report_hoarder"));
  EXPECT_THAT(Original({"./api_start.py"}), ElementsAre("api_start"));
  EXPECT_THAT(Original({"./feeder"}), IsEmpty());
  EXPECT_THAT(Original({}), IsEmpty());
}

TEST(OriginalArguments, AFirstWordWithAScriptsNameSelectsItToo) {
  EXPECT_THAT(Original({"brood", "blacklist_processor.py", "-c", "x"}),
              ElementsAre("blacklist_processor", "-c", "x"));
  EXPECT_THAT(Original({"brood", "submit", "overseer.py"}), ElementsAre("submit", "overseer.py"));
}

TEST(OriginalArguments, IndiceManagementIsIndices) {
  EXPECT_THAT(Original({"utils/IndiceManagement.py", "-ba"}), ElementsAre("indices", "create"));
  EXPECT_THAT(Original({"IndiceManagement.py", "--delete-all", "-config", "x.cfg"}),
              ElementsAre("indices", "delete", "--yes", "--config", "x.cfg"));
  EXPECT_THAT(Original({"brood", "IndiceManagement.py", "--help"}), ElementsAre("indices", "--help"));
}

TEST(OriginalArguments, GosOneDashOptionsAreUnderstood) {
  EXPECT_THAT(Original({"overseer", "-config", "x.conf.json", "-resubmitDumped"}),
              ElementsAre("overseer", "--config", "x.conf.json", "--resubmitDumped"));
  EXPECT_THAT(Original({"overseer", "-config=x.conf.json"}), ElementsAre("overseer", "--config=x.conf.json"));
  EXPECT_THAT(Original({"brood", "-c", "x", "-configure", "--", "-config"}),
              ElementsAre("-c", "x", "-configure", "--", "-config"))
      << "nothing else is touched";
}

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
  EXPECT_THAT(WrongCommand(app_, {"analyse"}), HasSubstr("no command 'analyse'. There are: submit, rules."));
  EXPECT_THAT(WrongCommand(app_, {"--json", "rules", "x"}), HasSubstr("brood rules: there is no command 'x'."));
  EXPECT_THAT(WrongCommand(app_, {"-c", "submit", "nonsense"}), HasSubstr("'nonsense'"));
}

TEST_F(WrongCommandTest, IsNamedWithWhatMayHaveBeenMeant) {
  EXPECT_THAT(WrongCommand(app_, {"submitt"}),
              HasSubstr("no command 'submitt'; did you mean submit? There are: submit, rules."));
  EXPECT_THAT(WrongCommand(app_, {"rules", "chek"}), HasSubstr("'chek'; did you mean check?"));
}

TEST_F(WrongCommandTest, IsNoneWhereTheWordsAreRight) {
  EXPECT_EQ(WrongCommand(app_, {}), "");
  EXPECT_EQ(WrongCommand(app_, {"--help"}), "");
  EXPECT_EQ(WrongCommand(app_, {"submit", "anything"}), "");
  EXPECT_EQ(WrongCommand(app_, {"--config", "no-command", "rules", "check", "folder"}), "");
}

class WrongOptionTest : public testing::Test {
 protected:
  WrongOptionTest() {
    app_.fallthrough();
    app_.add_flag("--json");
    CLI::App* submit = app_.add_subcommand("submit");
    submit->add_flag("--wait");
    submit->add_option("FILE", file_);
  }
  /// The sentence about these arguments, the last first as CLI11 wants them.
  std::string About(std::vector<std::string> arguments) {
    EXPECT_THROW(app_.parse(arguments), CLI::ExtrasError);
    return WrongOption(app_);
  }

  std::string file_;
  CLI::App app_{"A test", "brood"};
};

TEST_F(WrongOptionTest, IsNamedWithWhatMayHaveBeenMeantOfTheCommandOrOfTheProgram) {
  EXPECT_EQ(
      About({"--wiat", "submit"}),
      "brood submit: there is no option '--wiat'; did you mean --wait?\nType brood submit --help for more.");
  EXPECT_THAT(About({"--jsn=1", "submit"}), HasSubstr("'--jsn'; did you mean --json?"));
}

TEST_F(WrongOptionTest, IsNamedAloneWhereNoneIsNear) {
  EXPECT_THAT(About({"--no-such-option", "submit"}), HasSubstr("no option '--no-such-option'.\n"));
  EXPECT_THAT(About({"-x", "submit"}), HasSubstr("no option '-x'.\n"));
}

TEST_F(WrongOptionTest, IsNoneWhereAWordTooManyIsWhatIsWrong) { EXPECT_EQ(About({"b", "a", "submit"}), ""); }

}  // namespace
}  // namespace brood::cli
