#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/front_ends.hpp"
#include "config/test_settings.hpp"

namespace brood::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Lines;
using testing::Settings;

Value MoreThanOne(Value value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? value : Value{*number + 1};
}

const std::vector<OriginalKey>& Keys() {
  static const std::vector<OriginalKey> keys = {
      {"MaxPending", {"feed_cuckoo.max_pending"}},
      {"WaitBetween", {"feed_cuckoo.poll_every"}},
      {"Cleanup", {"feed_cuckoo.cleanup"}},
      {"Parsers", {"feed_cuckoo.parsers"}},
      {"Both", {"feed_cuckoo.max_pending", "store.max_pending"}, MoreThanOne},
      {"CuckooURL", {"feed_cuckoo.node[0].url"}},
      {"CuckooToken", {"feed_cuckoo.node[0].token"}},
      {"Nothing", {}},
  };
  return keys;
}

struct Outcome {
  Settings settings;
  std::vector<std::string> problems, warnings;

  explicit Outcome(std::string_view json) {
    Problems found, warned;
    Inputs inputs;
    inputs.original = ReadOriginalJson(json, "feed.conf.json", Keys(), found, warned);
    problems = Lines(found);
    for (const auto& line : Lines(Load(inputs, settings.sections))) problems.push_back(line);
    warnings = Lines(warned);
  }
};

TEST(ReadOriginalJson, SetsOurRowsWithoutRegardToTheKeysCase) {
  const Outcome outcome(R"({"maxpending": 20, "WAITBETWEEN": 7, "Cleanup": true, "Parsers": ["info"],
                            "CuckooToken": "hush", "CuckooURL": "http://c.test:8090", "Nothing": {"x": 1}})");
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_THAT(outcome.warnings, IsEmpty());
  const auto& feed = outcome.settings.feed;
  EXPECT_EQ(feed.max_pending, 20);
  EXPECT_EQ(feed.poll_every, std::chrono::seconds(7));
  EXPECT_TRUE(feed.cleanup);
  EXPECT_THAT(feed.parsers, ElementsAre("info"));
  ASSERT_EQ(feed.nodes.size(), 1U) << "two keys of one element";
  EXPECT_EQ(feed.nodes[0].url, "http://c.test:8090");
  EXPECT_EQ(feed.nodes[0].token.Reveal(), "hush");
}

TEST(ReadOriginalJson, OneKeyMaySetSeveralOfOursInOurWords) {
  const Outcome outcome(R"({"Both": 3})");
  EXPECT_EQ(outcome.settings.feed.max_pending, 4);
  EXPECT_EQ(outcome.settings.store.max_pending, 4);
}

TEST(ReadOriginalJson, AnUnknownKeyIsAWarningAndStopsNothing) {
  const Outcome outcome(R"({"MaxPendign": 3, "Cleanup": true})");
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_THAT(outcome.warnings, ElementsAre("feed.conf.json: MaxPendign: unknown, it is left out; did you mean "
                                            "MaxPending?"));
  EXPECT_TRUE(outcome.settings.feed.cleanup);
}

TEST(ReadOriginalJson, ProblemsNameTheOriginalsKeyAndOurs) {
  const Outcome outcome(R"({"MaxPending": "many", "Cleanup": null, "Parsers": [1], "WaitBetween": 0})");
  EXPECT_THAT(outcome.problems, ElementsAre(HasSubstr("feed.conf.json (MaxPending): feed_cuckoo.max_pending: "),
                                            HasSubstr("(Cleanup): feed_cuckoo.cleanup: "),
                                            HasSubstr("(Parsers): feed_cuckoo.parsers: "),
                                            HasSubstr("(WaitBetween): feed_cuckoo.poll_every: ")));
}

TEST(ReadOriginalJson, WhatIsNoJsonIsToldWithItsLine) {
  EXPECT_THAT(Outcome("{\n\"Cleanup\": tru\n}").problems,
              ElementsAre(HasSubstr("feed.conf.json:2: no JSON: ")));
  EXPECT_THAT(Outcome("{} {}").problems, ElementsAre(HasSubstr("no JSON: ")));
  EXPECT_THAT(Outcome("").problems, ElementsAre(HasSubstr("no JSON: ")));
  EXPECT_THAT(Outcome("[]").problems, ElementsAre("feed.conf.json: is no JSON object"));
  EXPECT_THAT(Outcome("{\"Cleanup\": true").problems, ElementsAre(HasSubstr("no JSON: ")));
}

}  // namespace
}  // namespace brood::config
