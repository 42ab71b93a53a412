#include "config/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "config/load.hpp"
#include "config/test_settings.hpp"

namespace brood::config {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Settings;
using testing::StoreSettings;

/// Takes the # off every key and table heading.
std::string Uncommented(const std::string& toml) {
  std::string out;
  for (std::string_view line : Split(toml, '\n')) {
    if (line.size() > 1 && line[0] == '#' && line[1] != ' ') line.remove_prefix(1);
    out.append(line).append("\n");
  }
  return out;
}

TEST(RenderDefaults, WritesEachKeyCommentedOutBelowItsSentence) {
  StoreSettings store;
  const std::vector<Section> sections{Describe(store)};
  const std::string text = RenderDefaults(sections);
  EXPECT_THAT(text, HasSubstr("\n# Keeps the records.\n"
                              "[store]\n"
                              "\n"
                              "# The database.\n"
                              "#file = \"brood.db\"\n"
                              "\n"
                              "# Writes in flight. (1 to 5)\n"
                              "#max_pending = 3\n"));
}

TEST(RenderDefaults, WritesUnitsBoundsListsAndSecrets) {
  Settings settings;
  const std::string text = RenderDefaults(settings.sections);
  EXPECT_THAT(text, HasSubstr("# Wait at this many. (1 to 100000 tasks)\n#max_pending = 10\n"));
  EXPECT_THAT(text, HasSubstr("# How often a node is asked. (100ms to 1h)\n#poll_every = \"5s\"\n"));
  EXPECT_THAT(text, HasSubstr("# When a node counts as dead.\n#give_up_after = \"10m\"\n"));
  EXPECT_THAT(text, HasSubstr("# The largest sample. (1KiB to 2GiB)\n#max_size = \"100MiB\"\n"));
  EXPECT_THAT(text, HasSubstr("# What a blacklisted sample has at least. (0 to 10)\n#score = 2.0\n"));
  EXPECT_THAT(text, HasSubstr("# How much is logged. (debug, info, warning)\n#level = \"info\"\n"));
  EXPECT_THAT(text, HasSubstr("#order = \"oldest\"\n"));
  EXPECT_THAT(text, HasSubstr("#parsers = [\"info\", \"dropped\"]\n"));
  EXPECT_THAT(text, HasSubstr("# The key of the API. (or key_file: a file that holds it)\n#key = \"\"\n"));
  EXPECT_THAT(text, HasSubstr("#[[feed_cuckoo.node]]\n"));
  EXPECT_THAT(text, HasSubstr("# Tasks it runs at once. (1 to 64 tasks)\n#capacity = 4\n"));
  for (const std::string_view line : Split(text, '\n')) EXPECT_LE(line.size(), 110U) << line;
}

TEST(RenderDefaults, LoadsAsItIsAndWithEveryKeyUncommented) {
  Settings settings;
  const std::string text = RenderDefaults(settings.sections);
  EXPECT_THAT(Load(text, "f", settings.sections), IsEmpty());
  const Problems problems = Load(Uncommented(text), "f", settings.sections);
  ASSERT_EQ(problems.size(), 1U) << Format(problems[0]);
  EXPECT_EQ(problems[0].key, "feed_cuckoo.node[0].url");  // a node must have one
  Settings untouched;
  settings.feed.nodes.clear();
  EXPECT_EQ(RenderDefaults(settings.sections), RenderDefaults(untouched.sections));
  EXPECT_EQ(settings.feed.poll_every, untouched.feed.poll_every);
  EXPECT_EQ(settings.feed.max_size, untouched.feed.max_size);
}

TEST(RenderDefaults, GivesDefaultsEvenAfterALoad) {
  Settings settings;
  const std::string before = RenderDefaults(settings.sections);
  EXPECT_THAT(Load("[feed_cuckoo]\nmax_pending = 99\nkey = \"hush\"\n", "f", settings.sections), IsEmpty());
  EXPECT_EQ(RenderDefaults(settings.sections), before);
}

TEST(RenderCurrent, SaysWhereEachValueCameFrom) {
  Settings settings;
  EXPECT_THAT(Load({.toml = "[feed_cuckoo]\nmax_pending = 99\n[[feed_cuckoo.node]]\nurl = \"http://a\"\n",
                    .environment = {{"BROOD_FEED_CUCKOO_PORT", "1"}},
                    .overrides = {{"feed_cuckoo.queue", "q"}}},
                   settings.sections),
              IsEmpty());
  const std::string text = RenderCurrent(settings.sections);
  EXPECT_THAT(text, HasSubstr("max_pending = 99  # brood.toml:2\n"));
  EXPECT_THAT(text, HasSubstr("port = 1  # environment BROOD_FEED_CUCKOO_PORT\n"));
  EXPECT_THAT(text, HasSubstr("queue = \"q\"  # option --feed_cuckoo.queue\n"));
  EXPECT_THAT(text, HasSubstr("cleanup = false  # default\n"));
  EXPECT_THAT(text, HasSubstr("\n[[feed_cuckoo.node]]\nurl = \"http://a\"  # brood.toml:4\n"));
  EXPECT_THAT(text, HasSubstr("\n[store]\nfile = \"brood.db\"  # default\n"));
}

TEST(RenderCurrent, IsTomlThatGivesTheSameValues) {
  Settings settings;
  EXPECT_THAT(Load("[feed_cuckoo]\nscore = 3.25\nqueue = \"a\\\\b\\u0001\\\"\"\n[[feed_cuckoo.node]]\nurl = "
                   "\"http://a\"\n",
                   "f", settings.sections),
              IsEmpty());
  Settings again;
  EXPECT_THAT(Load(RenderCurrent(settings.sections), "f", again.sections), IsEmpty());
  EXPECT_EQ(again.feed.score, 3.25);
  EXPECT_EQ(again.feed.queue, "a\\b\x01\"");
  EXPECT_EQ(again.feed.nodes.at(0).url, "http://a");
}

TEST(RenderHelp, GivesFlagKindSentenceBoundsAndDefault) {
  StoreSettings store;
  EXPECT_EQ(RenderHelp(Describe(store)),
            "  --file PATH\n      The database. (default \"brood.db\")\n"
            "  --max-pending N\n      Writes in flight. (1 to 5; default 3)\n");
}

TEST(HelpRows, DeriveFlagAndVariableFromTheKey) {
  StoreSettings store;
  const auto rows = HelpRows(Describe(store));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].key, "store.max_pending");
  EXPECT_EQ(rows[1].flag, "--max-pending");
  EXPECT_EQ(rows[1].variable, "BROOD_STORE_MAX_PENDING");
}

TEST(Format, LeavesOutWhatAProblemDoesNotHave) {
  EXPECT_EQ(Format({"f", 3, "k", "w"}), "f:3: k: w");
  EXPECT_EQ(Format({"f", 0, "", "w"}), "f: w");
  EXPECT_EQ(Format({"", 0, "k", "w"}), "k: w");
}

}  // namespace
}  // namespace brood::config
