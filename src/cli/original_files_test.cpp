#include "cli/original_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "cli/original_import.hpp"
#include "cli/settings.hpp"
#include "config/load.hpp"

namespace brood::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// One of each service's files, with every key that the original knows.
constexpr auto kFeed =
    R"({"Amqp": "amqp://me:rabbits@mq.test:5672", "ConsumerQueue": "in", "ProducerQueue": "checks",
  "FailedQueue": "bad", "VerifySSL": true, "CuckooURL": "https://cuckoo.test:8090", "CheckFreeSpace": true,
  "PrefetchCount": 1, "MaxPending": 7, "LogFile": "/var/log/feed.log", "LogLevel": "debug"})";
constexpr auto kCheck =
    R"({"Amqp": "amqp://me:rabbits@mq.test:5672", "ConsumerQueue": "checks", "ProducerQueue": "parse",
  "FailedQueue": "bad", "VerifySSL": true, "PrefetchCount": 100, "WaitBetweenRequests": 3, "LogFile": "", "LogLevel": "info"})";
constexpr auto kParse =
    R"({"Amqp": "amqp://me:rabbits@mq.test:5672", "ConsumerQueue": "parse", "ProducerQueue": "dropped",
  "FailedQueue": "bad", "VerifySSL": true, "PrefetchCount": 10, "PushApiCallsMax": 5000, "CuckooCleanup": true,
  "EnabledParsers": ["info", "signatures"], "LogFile": "", "LogLevel": "info"})";
constexpr auto kOverseer =
    R"({"Amqp": "amqp://me:rabbits@mq.test:5672", "ConsumerQueue": "bad", "PrefetchCount": 50,
  "DumpDir": "/var/dump", "LogFile": "", "LogLevel": "info", "VerifySSL": true})";

class OriginalFiles : public testing::Test {
 protected:
  std::filesystem::path Write(const std::string& name, const std::string& text) {
    EXPECT_TRUE(WriteFileDurably(dir_ / name, text));
    return dir_ / name;
  }
  std::vector<std::string> Load(const std::filesystem::path& file) {
    const OriginalSettings read = ReadOriginalFile(file, "");
    config::Inputs inputs;
    inputs.original = read.assignments;
    auto sections = Sections(settings_);
    config::Problems problems = read.problems;
    for (const auto& problem : config::Load(inputs, sections)) problems.push_back(problem);
    std::vector<std::string> lines;
    for (const auto& problem : problems) lines.push_back(config::Format(problem));
    for (const auto& warning : read.warnings) lines.push_back("warning: " + config::Format(warning));
    return lines;
  }

  TempDir dir_;
  Settings settings_;
};

TEST_F(OriginalFiles, TheFeedersFileIsReadUnchanged) {
  EXPECT_THAT(Load(Write("feed_cuckoo.conf.json", kFeed)), IsEmpty());
  EXPECT_EQ(settings_.broker.url, "amqp://me:rabbits@mq.test:5672");
  EXPECT_EQ(settings_.feed_cuckoo.consumer_queue, "in");
  EXPECT_EQ(settings_.feed_cuckoo.producer_queue, "checks");
  EXPECT_EQ(settings_.feed_cuckoo.failed_queue, "bad");
  EXPECT_EQ(settings_.feed_cuckoo.prefetch_count, 1U);
  ASSERT_EQ(settings_.sandbox.nodes.size(), 1U);
  EXPECT_EQ(settings_.sandbox.nodes[0].url, "https://cuckoo.test:8090");
  EXPECT_EQ(settings_.sandbox.fleet.free_space, sandbox::FleetSettings::FreeSpace::kCheck);
  EXPECT_EQ(settings_.sandbox.fleet.max_pending, 7);
  EXPECT_EQ(settings_.general.log_file, "/var/log/feed.log");
  EXPECT_EQ(settings_.general.log_level, "debug");
  EXPECT_THAT(settings_.sandbox.allow, IsEmpty()) << "it uploads to its own sandbox alone";
}

TEST_F(OriginalFiles, WhatWaitsAndReadsTakesTheSandboxesOfItsMessages) {
  EXPECT_THAT(Load(Write("check_results.conf.json", kCheck)), IsEmpty());
  EXPECT_EQ(settings_.check_results.prefetch_count, 100U);
  EXPECT_EQ(settings_.sandbox.watch.every, std::chrono::seconds(3));
  EXPECT_TRUE(settings_.sandbox.AllowsAny());
}

TEST_F(OriginalFiles, AnInstanceOfAChainRelaysAndScoresNothing) {
  EXPECT_THAT(Load(Write("parse_and_submit.conf.json", kParse)), IsEmpty());
  EXPECT_EQ(settings_.parse_and_submit.relay_queue, "dropped");
  EXPECT_EQ(settings_.parse_and_submit.producer_queue, "");
  EXPECT_TRUE(settings_.parse_and_submit.cuckoo_cleanup);
  EXPECT_EQ(settings_.cleanup.failed_queue, "bad") << "it deletes as well";
  EXPECT_EQ(settings_.crits.push_api_calls_max, 5000U);
  EXPECT_THAT(settings_.crits.enabled_parsers, ElementsAre("info", "signatures"));
}

TEST_F(OriginalFiles, SinksSayWhetherReportsAreScored) {
  Load(Write("parse_and_submit.conf.json", R"({"Sinks": ["crits", "store"]})"));
  EXPECT_EQ(settings_.parse_and_submit.producer_queue, "worker/blacklist_processor");
}

TEST_F(OriginalFiles, TheOverseersFileIsReadUnchanged) {
  EXPECT_THAT(Load(Write("overseer.conf.json", kOverseer)), IsEmpty());
  EXPECT_EQ(settings_.overseer.consumer_queue, "bad");
  EXPECT_EQ(settings_.overseer.dump_dir, "/var/dump");
}

TEST_F(OriginalFiles, VerifySslThatIsNotGivenIsSaid) {
  EXPECT_THAT(Load(Write("overseer.conf.json", "{}")), ElementsAre(HasSubstr("VerifySSL: is not given")));
  EXPECT_TRUE(settings_.sandbox.verify_ssl);
  Load(Write("overseer.conf.json", R"({"VerifySSL": false})"));
  EXPECT_FALSE(settings_.sandbox.verify_ssl);
  EXPECT_FALSE(settings_.crits.verify_ssl);
}

TEST_F(OriginalFiles, TheNameTellsTheServiceUnlessItIsKnown) {
  EXPECT_EQ(ServiceOfFile("/etc/x/parse_and_submit_dropped.conf.json"), "parse_and_submit");
  EXPECT_EQ(ServiceOfFile("other.json"), "");
  const auto file = Write("mine.json", kOverseer);
  EXPECT_THAT(Load(file), ElementsAre(HasSubstr("does not tell which service")));
  EXPECT_THAT(ReadOriginalFile(file, "overseer").problems, IsEmpty());
}

TEST_F(OriginalFiles, AreFoundInTheCurrentFolderAndBesideTheProgram) {
  const auto file = Write("overseer.conf.json", kOverseer);
  EXPECT_EQ(FindOriginalFile("overseer", dir_ / "overseer"), file);
  EXPECT_EQ(FindOriginalFile("cleanup", dir_ / "cleanup"), "");
  EXPECT_EQ(FindOriginalFile("feed_cuckoo", dir_ / "feed_cuckoo"), "");
}

TEST_F(OriginalFiles, AreImportedTogetherWithTheNodesOfSeveralFeeders) {
  const std::vector<std::filesystem::path> files = {
      Write("feed_cuckoo.conf.json", kFeed), Write("check_results.conf.json", kCheck),
      Write("parse_and_submit.conf.json", kParse), Write("overseer.conf.json", kOverseer),
      Write("feed_cuckoo_2.conf.json",
            R"({"VerifySSL": true, "CuckooURL": "http://other.test:8090", "CuckooToken": "hush"})")};
  const Imported imported = ImportOriginals(files);
  EXPECT_THAT(imported.problems, IsEmpty());
  auto sections = Sections(settings_);
  ASSERT_THAT(config::Load(imported.toml, "brood.toml", sections), IsEmpty()) << imported.toml;
  EXPECT_EQ(settings_.broker.url, "amqp://me:rabbits@mq.test:5672");
  ASSERT_EQ(settings_.sandbox.nodes.size(), 2U);
  EXPECT_EQ(settings_.sandbox.nodes[1].url, "http://other.test:8090");
  EXPECT_EQ(settings_.sandbox.nodes[1].token.Reveal(), "hush");
  EXPECT_EQ(settings_.sandbox.nodes[0].token.Reveal(), "");
  EXPECT_EQ(settings_.parse_and_submit.relay_queue, "dropped");
  ASSERT_FALSE(imported.warnings.empty()) << "two log files";
  EXPECT_THAT(config::Format(imported.warnings.front()), HasSubstr("brood.log_"));
}

TEST_F(OriginalFiles, ThatContradictEachOtherAreNotImported) {
  const Imported imported = ImportOriginals(std::vector<std::filesystem::path>{
      Write("parse_and_submit.conf.json", kParse),
      Write("parse_and_submit_dropped.conf.json", R"({"VerifySSL": true, "ConsumerQueue": "dropped"})")});
  EXPECT_EQ(imported.toml, "");
  ASSERT_EQ(imported.problems.size(), 1U);
  EXPECT_THAT(config::Format(imported.problems[0]), HasSubstr("parse_and_submit.consumer_queue: differs from"));
}

}  // namespace
}  // namespace brood::cli
