#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "config/load.hpp"
#include "config/test_settings.hpp"

namespace brood::config {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Lines;
using ::testing::Pair;
using testing::Settings;

TEST(Priority, OverridesWinOverEnvironmentOverFileOverDefault) {
  Settings settings;
  EXPECT_THAT(Load({.toml = "[feed_cuckoo]\nmax_pending = 1\nport = 1\nscore = 1.0\n",
                    .environment = {{"BROOD_FEED_CUCKOO_MAX_PENDING", "2"}, {"BROOD_FEED_CUCKOO_PORT", "2"}},
                    .overrides = {{"feed_cuckoo.max_pending", "3"}}},
                   settings.sections),
              IsEmpty());
  EXPECT_EQ(settings.feed.max_pending, 3);
  EXPECT_EQ(settings.feed.port, 2);
  EXPECT_EQ(settings.feed.score, 1.0);
  EXPECT_EQ(settings.feed.queue, "feed");
}

TEST(Environment, ReadsEveryKindFromText) {
  Settings settings;
  EXPECT_THAT(Load({.environment = {{"BROOD_FEED_CUCKOO_MAX_PENDING", " 7 "},
                                    {"BROOD_FEED_CUCKOO_POLL_EVERY", "3"},
                                    {"BROOD_FEED_CUCKOO_MAX_SIZE", "1MiB"},
                                    {"BROOD_FEED_CUCKOO_SCORE", "1.5"},
                                    {"BROOD_FEED_CUCKOO_CLEANUP", "Yes"},
                                    {"BROOD_FEED_CUCKOO_QUEUE", "true"},
                                    {"BROOD_FEED_CUCKOO_AMQP", "amqp://a"},
                                    {"BROOD_FEED_CUCKOO_FOLDER", "x"},
                                    {"BROOD_FEED_CUCKOO_LEVEL", "debug"},
                                    {"BROOD_FEED_CUCKOO_PARSERS", "info, behavior,"},
                                    {"BROOD_FEED_CUCKOO_KEY", "hush"}}},
                   settings.sections),
              IsEmpty());
  EXPECT_EQ(settings.feed.max_pending, 7);
  EXPECT_EQ(settings.feed.poll_every, 3s);
  EXPECT_EQ(settings.feed.max_size, kMiB);
  EXPECT_EQ(settings.feed.score, 1.5);
  EXPECT_TRUE(settings.feed.cleanup);
  EXPECT_EQ(settings.feed.queue, "true");
  EXPECT_EQ(settings.feed.amqp, "amqp://a");
  EXPECT_EQ(settings.feed.folder, "x");
  EXPECT_EQ(settings.feed.level, "debug");
  EXPECT_THAT(settings.feed.parsers, ElementsAre("info", "behavior"));
  EXPECT_EQ(settings.feed.key.Reveal(), "hush");
}

TEST(Environment, NamesTheVariableInAProblem) {
  Settings settings;
  EXPECT_THAT(Lines(Load({.environment = {{"BROOD_STORE_MAX_PENDING", "x"}, {"BROOD_STORE_MAX_PENDIN", "1"}}},
                         settings.sections)),
              ElementsAre("BROOD_STORE_MAX_PENDIN: no such setting; did you mean BROOD_STORE_MAX_PENDING?",
                          "BROOD_STORE_MAX_PENDING: store.max_pending: \"x\" is not a whole number"));
}

TEST(Environment, LeavesVariablesOfNoSectionAlone) {
  Settings settings;
  EXPECT_THAT(Load({.environment = {{"BROOD_CRASH_AT", "x:1"}, {"BROOD_STORE", "y"}, {"HOME", "/"}}},
                   settings.sections),
              IsEmpty());
}

TEST(Environment, TellsSectionsApartWhoseNamesBeginAlike) {
  int a = 0;
  int b = 0;
  std::vector<Section> sections{Section("feed", "F.").Int("a", a, {}, "A."),
                                Section("feed.cuckoo", "F.").Int("b", b, {}, "B.")};
  EXPECT_THAT(Load({.environment = {{"BROOD_FEED_CUCKOO_B", "1"}, {"BROOD_FEED_A", "2"}}}, sections),
              IsEmpty());
  EXPECT_EQ(b, 1);
  EXPECT_EQ(a, 2);
}

TEST(Environment, OfTheProcessGivesOnlyOurVariables) {
  ASSERT_EQ(::setenv("BROOD_PRIORITY_TEST", "a=b", 1), 0);
  EXPECT_THAT(ProcessEnvironment(), Contains(Pair("BROOD_PRIORITY_TEST", "a=b")));
  for (const auto& [name, value] : ProcessEnvironment()) EXPECT_TRUE(name.starts_with("BROOD_")) << name;
  ::unsetenv("BROOD_PRIORITY_TEST");
}

TEST(Overrides, NameTheOptionInAProblem) {
  Settings settings;
  EXPECT_THAT(Lines(Load({.overrides = {{"stor.file", "x"}, {"store.fil", "x"}, {"file", "x"}, {"", "x"}}},
                         settings.sections)),
              ElementsAre("--stor.file: stor.file: unknown section; did you mean store?",
                          "--store.fil: store.fil: unknown key; did you mean file?",
                          "--file: file: stands outside any section", "--: stands outside any section"));
}

TEST(Overrides, TheLastOfTwoWins) {
  Settings settings;
  EXPECT_THAT(Load({.overrides = {{"store.file", "a"}, {"store.file", "b"}}}, settings.sections), IsEmpty());
  EXPECT_EQ(settings.store.file, "b");
}

}  // namespace
}  // namespace brood::config
