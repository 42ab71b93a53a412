#include "cli/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "cli/command_tree.hpp"

namespace brood::cli {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

/// A program as small as can be.
class CompletionTest : public testing::Test {
 protected:
  CompletionTest() {
    app_.add_option("-c,--config", config_, "The settings");
    CLI::App* rules = app_.add_subcommand("rules", "Works on 'rules': all of them");
    CLI::App* check = rules->add_subcommand("check", "Lists every problem");
    check->add_flag("--strict", strict_, "Warnings count");
    check->add_option("FOLDER", folder_, "Where they lie");
  }

  std::string config_, folder_;
  bool strict_ = false;
  CLI::App app_{"A test", "prog"};
};

TEST_F(CompletionTest, KnowsEveryCommandWithTheOptionsAboveIt) {
  const auto levels = LevelsOf(app_);
  EXPECT_THAT(levels, ElementsAre(Field(&Level::path, "prog"), Field(&Level::path, "prog rules"),
                                  Field(&Level::path, "prog rules check")));
  EXPECT_THAT(levels[1].commands, ElementsAre(Field(&Named::name, "check")));
  EXPECT_THAT(levels[2].options, ElementsAre(Field(&Named::name, "--help"), Field(&Named::name, "-h"),
                                             Field(&Named::name, "--strict"), Field(&Named::name, "--config"),
                                             Field(&Named::name, "-c")));
  EXPECT_THAT(OptionsWithValues(app_), ElementsAre("--config", "-c"));
}

TEST_F(CompletionTest, BashGetsTheWordsOfEachLevel) {
  const std::string script = BashCompletion(app_);
  EXPECT_THAT(script, HasSubstr("'prog rules check') commands='' options='--help -h --strict --config -c' ;;"));
  EXPECT_THAT(script, HasSubstr("--config|-c) ((++i)); continue ;;"));
  EXPECT_THAT(script, HasSubstr("'prog rules'|'prog rules check') level=\"$level $word\" ;;"));
  EXPECT_THAT(script, HasSubstr("complete -o default -F _prog prog\n"));
}

TEST_F(CompletionTest, ZshGetsTheirSentencesAsWellHoweverTheyAreWritten) {
  const std::string script = ZshCompletion(app_);
  EXPECT_EQ(script.find("#compdef prog\n"), 0U);
  EXPECT_THAT(script, HasSubstr(R"(commands=( 'rules:Works on '\''rules'\'': all of them' ))"));
  EXPECT_THAT(script, HasSubstr("'--strict:Warnings count'"));
}

}  // namespace
}  // namespace brood::cli
