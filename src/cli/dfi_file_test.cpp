#include "cli/dfi_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "cli/original_import.hpp"
#include "cli/programs.hpp"
#include "cli/settings.hpp"
#include "config/load.hpp"

namespace brood::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kFile = R"([Servers]
# Where binaries go
cuckoo_server_ip = cuckoo.test
cuckoo_api_port = 8091
elasticsearch_server_ip = 10.1.2.3
elasticsearch_port = 9201

[Settings]
api_listen_ip = 0.0.0.0
api_listen_port = 8085
blacklist_score = 3
binary_directory = /srv/binaries
log_level = DEBUG
)";

class DfiFile : public testing::Test {
 protected:
  std::filesystem::path Write(const std::string& name, const std::string& text) {
    EXPECT_TRUE(WriteFileDurably(dir_ / name, text));
    return dir_ / name;
  }
  /// What is said of the file, without its folder.
  std::vector<std::string> Load(const std::string& text) {
    const OriginalSettings read = ReadOriginalFile(Write("config.cfg", text), "submit_binary");
    config::Inputs inputs;
    inputs.original = read.assignments;
    auto sections = Sections(settings_);
    config::Problems problems = read.problems;
    for (const auto& problem : config::Load(inputs, sections)) problems.push_back(problem);
    std::vector<std::string> lines;
    for (const auto& problem : problems)
      lines.push_back(config::Format(problem).substr(dir_.Path().string().size()));
    for (const auto& warning : read.warnings)
      lines.push_back("warning: " + config::Format(warning).substr(dir_.Path().string().size()));
    return lines;
  }

  TempDir dir_;
  Settings settings_;
};

TEST_F(DfiFile, IsReadUnchanged) {
  EXPECT_THAT(Load(kFile), IsEmpty());
  ASSERT_EQ(settings_.sandbox.nodes.size(), 1U);
  EXPECT_EQ(settings_.sandbox.nodes[0].url, "http://cuckoo.test:8091");
  EXPECT_EQ(settings_.store.kind, store::opensearch::Kind::kOpenSearch);
  EXPECT_THAT(settings_.store.hosts, ElementsAre("http://10.1.2.3:9201"));
  EXPECT_EQ(settings_.api.listen_ip, "0.0.0.0");
  EXPECT_EQ(settings_.api.listen_port, 8085);
  EXPECT_EQ(settings_.rules.blacklist_score, 3.0);
  EXPECT_EQ(settings_.submit_binary.binary_directory, "/srv/binaries");
  EXPECT_EQ(settings_.general.log_level, "debug");
  EXPECT_EQ(settings_.broker.url, "") << "the queue is the embedded one";
  EXPECT_EQ(settings_.parse_and_submit.producer_queue, "worker/blacklist_processor");
}

TEST_F(DfiFile, WhatIsLeftOutHasTheOriginalsDefault) {
  EXPECT_THAT(Load("[Servers]\ncuckoo_server_ip = ::1\nelasticsearch_server_ip = https://es.test/\n"),
              IsEmpty());
  EXPECT_EQ(settings_.sandbox.nodes.at(0).url, "http://[::1]:8090");
  EXPECT_THAT(settings_.store.hosts, ElementsAre("https://es.test:9200"));
  EXPECT_EQ(settings_.api.listen_port, 8081);
  EXPECT_EQ(settings_.rules.blacklist_score, 2.0);
  EXPECT_EQ(settings_.submit_binary.binary_directory, "binaries");
}

TEST_F(DfiFile, WithoutAnEngineTheRecordsAreEmbedded) {
  EXPECT_THAT(Load("[Servers]\ncuckoo_server_ip = 1.2.3.4\n"),
              ElementsAre(HasSubstr("warning: /config.cfg: elasticsearch_server_ip: is not given")));
  EXPECT_EQ(settings_.store.kind, store::opensearch::Kind::kSqlite);
}

TEST_F(DfiFile, UnknownKeysAreWarnings) {
  EXPECT_THAT(Load(std::string(kFile) + "blacklist_scoer = 1\ncuckoo_api_port = 3\n"),
              ElementsAre("warning: /config.cfg:14: blacklist_scoer: unknown, it is left out; did you mean "
                          "blacklist_score?",
                          "warning: /config.cfg:15: cuckoo_api_port: is left out: it belongs into [Servers]"));
}

TEST_F(DfiFile, WaitsAndGroupsOfMachinesAreSaidToBeReplacedByPollingLists) {
  const auto said = Load(std::string(kFile) + "wait_time_unfinished = 30\nmax_wait_time = 300\nnum_vms = 4\n");
  EXPECT_EQ(said.size(), 3U);
  EXPECT_THAT(said, testing::Each(HasSubstr("has no effect: finished tasks are found by polling lists")));
}

TEST_F(DfiFile, WrongValuesAreProblemsWithKeyAndLine) {
  EXPECT_THAT(Load("[Servers]\ncuckoo_api_port = many\nelasticsearch_server_ip = x\n[Settings]\n"
                   "blacklist_score = high\napi_listen_port = 99999\nlog_level = loud\n"),
              ElementsAre("/config.cfg:2: cuckoo_api_port: is no port, 1 to 65535",
                          "/config.cfg: cuckoo_server_ip: is not given: which sandbox is there?",
                          HasSubstr("/config.cfg:5 (blacklist_score): rules.blacklist_score"),
                          HasSubstr("/config.cfg:6 (api_listen_port): api.listen_port"),
                          HasSubstr("warning: /config.cfg:7: log_level: is none of")));
}

TEST_F(DfiFile, OursMayStandBesideTheOriginalsKeys) {
  EXPECT_THAT(Load("[Servers]\ncuckoo_server_ip = c\ncuckoo_token = hush\nelasticsearch_server_ip = e\n"
                   "[Settings]\nstate_dir = /var/lib/brood\napi_listen_ip = localhost\n"),
              IsEmpty());
  EXPECT_EQ(settings_.sandbox.nodes.at(0).token.Reveal(), "hush");
  EXPECT_EQ(settings_.general.state_dir, "/var/lib/brood");
  EXPECT_EQ(settings_.api.listen_ip, "127.0.0.1");
}

TEST_F(DfiFile, IsFoundBesideTheProgramIfItIsReallyOne) {
  const auto file = Write("config.cfg", "[metadata]\nname = somebody else's\n");
  EXPECT_EQ(FindOriginalFile("submit_binary", dir_ / "submit_binary.py"), "");
  Write("config.cfg", kFile);
  EXPECT_EQ(FindOriginalFile("submit_binary", dir_ / "submit_binary.py"), file);
  EXPECT_EQ(FindOriginalFile("", dir_ / "brood"), file) << "it is for every command";
  const auto own = Write("overseer.conf.json", "{}");
  EXPECT_EQ(FindOriginalFile("overseer", dir_ / "overseer"), own);
}

TEST_F(DfiFile, IsImportedAloneAndTogetherWithTheOtherSystemsFiles) {
  const auto cfg = Write("config.cfg", kFile);
  const auto parse =
      Write("parse_and_submit.conf.json",
            R"({"Amqp": "amqp://mq.test", "VerifySSL": true, "CuckooURL": "http://cuckoo.test:8091"})");
  for (const auto& files : {std::vector{cfg}, std::vector{cfg, parse}, std::vector{parse, cfg}}) {
    const Imported imported = ImportOriginals(files);
    EXPECT_THAT(imported.problems, IsEmpty());
    Settings settings;
    auto sections = Sections(settings);
    ASSERT_THAT(config::Load(imported.toml, "brood.toml", sections), IsEmpty()) << imported.toml;
    ASSERT_EQ(settings.sandbox.nodes.size(), 1U) << imported.toml;
    EXPECT_EQ(settings.api.listen_port, 8085);
    EXPECT_EQ(settings.rules.blacklist_score, 3.0);
    EXPECT_EQ(settings.parse_and_submit.producer_queue, "worker/blacklist_processor");
    EXPECT_EQ(settings.broker.url, files.size() == 1 ? "" : "amqp://mq.test");
  }
}

TEST(ServicesOfProgram, FourProgramsDoAllTheWorkOfADfiSite) {
  std::vector<std::string> all;
  for (const auto& program : {"submit_binary", "report_hoarder", "blacklist_processor"}) {
    for (std::string& service : ServicesOfProgram(program, Installation::kDfi))
      all.push_back(std::move(service));
  }
  EXPECT_THAT(all,
              testing::UnorderedElementsAre("submit_binary", "feed_cuckoo", "check_results", "parse_and_submit",
                                            "cleanup", "blacklist_processor", "overseer"));
  EXPECT_THAT(ServicesOfProgram("report_hoarder", Installation::kOwn),
              ElementsAre("check_results", "parse_and_submit"));
  EXPECT_THAT(ServicesOfProgram("submit_binary", Installation::kOwn), ElementsAre("submit_binary"));
}

}  // namespace
}  // namespace brood::cli
