#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "config/test_settings.hpp"

namespace brood::config {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Lines;
using testing::Order;
using testing::Settings;

std::vector<std::string> LoadText(Settings& settings, std::string_view toml) {
  return Lines(Load(toml, "brood.toml", settings.sections));
}

/// The single problem of one line below [feed_cuckoo].
std::string ProblemOf(const std::string& line) {
  Settings settings;
  const auto lines = LoadText(settings, "[feed_cuckoo]\n" + line + "\n");
  EXPECT_EQ(lines.size(), 1U) << line << ::testing::PrintToString(lines);
  return lines.empty() ? "" : lines.front();
}

TEST(Load, WritesEveryKindOfValueIntoTheBoundStruct) {
  Settings settings;
  EXPECT_THAT(LoadText(settings, R"([feed_cuckoo]
max_pending = 20
port = 65535
poll_every = "250ms"
give_up_after = 90
max_size = "2GB"
score = 3
cleanup = true
queue = "a \"b\""
amqp = "amqp://guest:guest@localhost"
folder = "/var/lib/brood"
level = "debug"
order = "newest"
parsers = ["info"]
key = "hush"
[store]
file = "x.db"
)"),
              IsEmpty());
  EXPECT_EQ(settings.feed.max_pending, 20);
  EXPECT_EQ(settings.feed.port, 65535);
  EXPECT_EQ(settings.feed.poll_every, 250ms);
  EXPECT_EQ(settings.feed.give_up_after, 90s);
  EXPECT_EQ(settings.feed.max_size, 2'000'000'000);
  EXPECT_EQ(settings.feed.score, 3.0);
  EXPECT_TRUE(settings.feed.cleanup);
  EXPECT_EQ(settings.feed.queue, "a \"b\"");
  EXPECT_EQ(settings.feed.amqp, "amqp://guest:guest@localhost");
  EXPECT_EQ(settings.feed.folder, "/var/lib/brood");
  EXPECT_EQ(settings.feed.level, "debug");
  EXPECT_EQ(settings.feed.order, Order::kNewest);
  EXPECT_THAT(settings.feed.parsers, ElementsAre("info"));
  EXPECT_EQ(settings.feed.key.Reveal(), "hush");
  EXPECT_EQ(settings.store.file, "x.db");
}

TEST(Load, KeepsTheStructsInitialValuesWhereNothingIsSaid) {
  Settings settings;
  EXPECT_THAT(LoadText(settings, ""), IsEmpty());
  EXPECT_EQ(settings.feed.max_pending, 10);
  EXPECT_THAT(settings.feed.parsers, ElementsAre("info", "dropped"));
}

TEST(Load, TellsEveryProblemAtOnceInTheOrderOfLines) {
  Settings settings;
  EXPECT_THAT(LoadText(settings,
                       "[store]\nmax_pending = 9\n[feed_cuckoo]\nqueue = 1\nmax_pending = 0\nmax_pendin = 1\n"),
              ElementsAre("brood.toml:2: store.max_pending: 9 is above 5",
                          "brood.toml:4: feed_cuckoo.queue: 1 is a whole number, not a text",
                          "brood.toml:5: feed_cuckoo.max_pending: 0 is below 1 task",
                          "brood.toml:6: feed_cuckoo.max_pendin: unknown key; did you mean max_pending?"));
}

TEST(Load, LeavesARowWithAProblemAsItWasAndWritesTheOthers) {
  Settings settings;
  EXPECT_EQ(LoadText(settings, "[feed_cuckoo]\nmax_pending = 0\nport = 1\n").size(), 1U);
  EXPECT_EQ(settings.feed.max_pending, 10);
  EXPECT_EQ(settings.feed.port, 1);
}

TEST(Load, NamesTheBoundThatAValueBreaks) {
  EXPECT_EQ(ProblemOf("max_pending = 100001"),
            "brood.toml:2: feed_cuckoo.max_pending: 100001 is above 100000 tasks");
  EXPECT_EQ(ProblemOf("port = 65536"), "brood.toml:2: feed_cuckoo.port: 65536 is above 65535");
  EXPECT_EQ(ProblemOf("port = -1"), "brood.toml:2: feed_cuckoo.port: -1 is below 0");
  EXPECT_EQ(ProblemOf("poll_every = \"2h\""), "brood.toml:2: feed_cuckoo.poll_every: 2h is above 1h");
  EXPECT_EQ(ProblemOf("poll_every = 0"), "brood.toml:2: feed_cuckoo.poll_every: 0s is below 100ms");
  EXPECT_EQ(ProblemOf("max_size = 3"), "brood.toml:2: feed_cuckoo.max_size: 3B is below 1KiB");
  EXPECT_EQ(ProblemOf("score = 10.5"), "brood.toml:2: feed_cuckoo.score: 10.5 is above 10");
}

TEST(Load, NamesTheWrongTypeOfAValue) {
  EXPECT_EQ(ProblemOf("max_pending = \"many\""),
            "brood.toml:2: feed_cuckoo.max_pending: \"many\" is a text, not a whole number");
  EXPECT_EQ(ProblemOf("max_pending = 1.5"),
            "brood.toml:2: feed_cuckoo.max_pending: 1.5 is a number with a point, not a whole number");
  EXPECT_EQ(ProblemOf("max_pending = 2020-01-01"),
            "brood.toml:2: feed_cuckoo.max_pending: is a date or time, not a whole number");
  EXPECT_EQ(ProblemOf("cleanup = \"true\""),
            "brood.toml:2: feed_cuckoo.cleanup: \"true\" is a text, not true or false");
  EXPECT_EQ(ProblemOf("parsers = [\"info\", 1]"),
            "brood.toml:2: feed_cuckoo.parsers: is a list with something else than texts, not a list of texts");
  EXPECT_EQ(ProblemOf("level = \"loud\""),
            "brood.toml:2: feed_cuckoo.level: \"loud\" is not one of debug, info, warning");
  EXPECT_EQ(ProblemOf("order = \"any\""),
            "brood.toml:2: feed_cuckoo.order: \"any\" is not one of oldest, newest");
  EXPECT_EQ(ProblemOf("score = nan"),
            "brood.toml:2: feed_cuckoo.score: nan is a number with a point, not a number");
  EXPECT_THAT(ProblemOf("poll_every = -1"), HasSubstr("is a whole number, not a duration such as"));
  EXPECT_THAT(ProblemOf("poll_every = \"soon\""), HasSubstr("\"soon\" is a text, not a duration such as"));
  EXPECT_THAT(ProblemOf("max_size = \"big\""), HasSubstr("\"big\" is a text, not a size such as"));
  EXPECT_THAT(ProblemOf("folder = \"a\\nb\""), HasSubstr("\"a\\nb\" has a control character"));
}

TEST(Load, RefusesADurationFinerThanItsField) {
  EXPECT_EQ(ProblemOf("give_up_after = \"1500ms\""),
            "brood.toml:2: feed_cuckoo.give_up_after: 1500ms is not a multiple of 1s");
}

TEST(Load, TakesAUrlOnlyWithSchemeAndHost) {
  for (const char* url :
       {"localhost:8090", "://host", "http://", "http:///path", "ht tp://host", "http://a b"}) {
    EXPECT_EQ(ProblemOf("amqp = \"" + std::string(url) + "\""),
              "brood.toml:2: feed_cuckoo.amqp: is not a URL such as http://host:8090");
  }
  Settings settings;
  EXPECT_THAT(LoadText(settings, "[feed_cuckoo]\namqp = \"http://[::1]:80/x\"\n"), IsEmpty());
}

TEST(Load, TellsAnUnknownSectionOnceWithTheNearestName) {
  Settings settings;
  EXPECT_THAT(LoadText(settings, "[feed_cukoo]\nmax_pending = 1\nport = 2\n[feed_cukoo.x]\ny = 1\n"),
              ElementsAre("brood.toml:1: feed_cukoo: unknown section; did you mean feed_cuckoo?"));
  EXPECT_THAT(LoadText(settings, "[nothing_like_it]\n"),
              ElementsAre("brood.toml:1: nothing_like_it: unknown section"));
}

TEST(Load, TellsTablesAndValuesInEachOthersPlace) {
  Settings settings;
  EXPECT_THAT(LoadText(settings, "port = 1\nstore = 2\n"),
              ElementsAre("brood.toml:1: port: stands outside any section",
                          "brood.toml:2: store: is a whole number, not a section"));
  EXPECT_THAT(LoadText(settings, "[[store]]\nfile = \"x\"\n[[store]]\n"),
              ElementsAre("brood.toml:1: store[0]: is one section, [store], not a list"));
  EXPECT_THAT(LoadText(settings, "[store.file]\nx = 1\n"),
              ElementsAre("brood.toml:1: store.file: is a table, not a path"));
  EXPECT_THAT(LoadText(settings, "[[store.file]]\nx = 1\n"),
              ElementsAre("brood.toml:1: store.file[0]: is one value, not a list of tables"));
  EXPECT_THAT(LoadText(settings, "[feed_cuckoo.node]\nurl = \"http://a\"\n"),
              ElementsAre("brood.toml:1: feed_cuckoo.node: is a table, not a list of tables [[…]]"));
}

TEST(Load, TakesAQuotedKeyWithADotForWhatItIs) {
  Settings settings;
  EXPECT_THAT(LoadText(settings, "\"store.file\" = \"x\"\n"),
              ElementsAre(HasSubstr("brood.toml:1: \"store.file\": unknown section")));
  EXPECT_EQ(settings.store.file, "brood.db");
}

TEST(Load, GivesLineAndColumnOfASyntaxErrorAndStillLooksAtTheRest) {
  Settings settings;
  const auto lines =
      Lines(Load({.toml = "[store]\nfile = \n", .overrides = {{"store.max_pending", "0"}}}, settings.sections));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], HasSubstr("brood.toml:2: syntax error in column 8: "));
  EXPECT_EQ(lines[1], "--store.max_pending: store.max_pending: 0 is below 1");
}

TEST(Load, TellsTextThatIsNotUtf8AndNestingWithoutEnd) {
  Settings settings;
  for (const std::string& toml :
       {std::string("[store]\nfile = \"\xff\xfe\"\n"), "x = " + std::string(100'000, '['),
        std::string("[store]\nfile = \"a\0b\"\n", 21)}) {
    const auto lines = LoadText(settings, toml);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_THAT(lines[0], HasSubstr("syntax error"));
  }
}

TEST(Load, RefusesTwoSectionsOfOneName) {
  testing::StoreSettings store;
  std::vector<Section> sections{Describe(store), Describe(store)};
  EXPECT_THROW((void)Load("", "brood.toml", sections), std::logic_error);
}

TEST(Load, FindsASectionWithADotInItsNameBesideItsParent) {
  int a = 1;
  int b = 2;
  std::vector<Section> sections{Section("sandbox", "S.").Int("a", a, {}, "A."),
                                Section("sandbox.static", "S.").Int("b", b, {}, "B."),
                                Section("deep.er", "D.")};
  EXPECT_THAT(Load("[sandbox]\na = 5\n[sandbox.static]\nb = 6\n[deep.er]\n", "f", sections), IsEmpty());
  EXPECT_EQ(a, 5);
  EXPECT_EQ(b, 6);
}

TEST(Section, RefusesAKeyTwice) {
  int a = 1;
  Section section("s", "S.");
  section.Int("a", a, {}, "A.");
  EXPECT_THROW(section.Int("a", a, {}, "A."), std::logic_error);
}

}  // namespace
}  // namespace brood::config
