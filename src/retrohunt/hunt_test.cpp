#include "retrohunt/hunt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "model/report_json.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::retrohunt {
namespace {

using store::BlacklistEntry;
using store::Origin;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Mutexes that begin with "evil" blacklist the sample; connections to the port blacklist the address.
rules::RuleSet Rules(const std::string& score, const std::string& port) {
  const std::vector<rules::RuleFile> files = {
      {"hash.json",
       R"({"info": {"type": "hash"}, "rules": {"mutex": [{"rules": ["evil*"], "score": )" + score + "}]}}"},
      {"ip.json", R"({"info": {"type": "ip"}, "rules": {"tcp_port": [{"rules": [)" + port +
                      R"(], "score": 2}], "mutex": [{"rules": "worse*", "score": 1}]}})"}};
  return rules::Compile(files).value();
}

class HuntTest : public testing::Test {
 protected:
  model::Report Report(const std::string& name, const std::string& mutex, std::int64_t port = 0) {
    model::Report report;
    report.sha256 = Sha256Hex(name);
    report.md5 = DigestAll(name).md5;
    report.mutex = {mutex};
    report.ip = {"192.0.2.1"};
    if (port != 0) report.tcp = {{"", "192.0.2.1", port}};
    return report;
  }
  void Put(const model::Report& report) {
    const store::StoredReport stored{report.sha256, {clock_.Now(), "run"}, {}, clock_.Now(),
                                     true,          model::ToJson(report)};
    ASSERT_TRUE(store_.Reports().Put(std::span(&stored, 1)));
  }
  void PutEntry(const std::string& type, const std::string& value, Origin origin = Origin::kRule,
                const std::string& reasons = "[]") {
    const BlacklistEntry entry{type, value, "", clock_.Now(), reasons, 2.0, origin};
    ASSERT_TRUE(store_.Blacklist().Upsert(std::span(&entry, 1)));
  }
  std::optional<BlacklistEntry> Entry(const std::string& type, const std::string& value) {
    return store_.Blacklist().Get(type, value).value();
  }
  std::optional<BlacklistEntry> Entry(const std::string& name) { return Entry("hash", DigestAll(name).md5); }

  Expected<Outcome, Error> TryHunt() {
    clock_.Advance(Millis{1'000});
    changes_.clear();
    Told told;
    told.progress = [this](const Progress& progress) { progress_.push_back(progress); };
    told.change = [this](const Change& change) {
      changes_.push_back(ToText(change));
      if (meanwhile_) meanwhile_();
    };
    told.stop = [this] { return stop_after_ > 0 && --stop_after_ == 0; };
    settings_.journal = folder_ / "journal";
    return Hunt(store_.Reports(), store_.Blacklist(), rules_, std::make_shared<rules::Lists>(lists_), clock_,
                settings_, told);
  }
  Outcome HuntOnce() { return TryHunt().value(); }

  TempDir folder_;
  ManualClock clock_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  rules::RuleSet rules_ = Rules("2.5", "6667");
  rules::Lists lists_;
  Settings settings_;
  std::vector<std::string> changes_;
  std::vector<Progress> progress_;
  std::function<void()> meanwhile_;
  int stop_after_ = 0;
};

TEST_F(HuntTest, WhatRulesListNowIsAddedWithItsReasons) {
  Put(Report("bad", "evil twin", 6667));
  Put(Report("good", "harmless"));
  const Outcome outcome = HuntOnce();
  EXPECT_TRUE(outcome.finished);
  EXPECT_EQ(outcome.reports, 2U);
  EXPECT_EQ(outcome.added, 2U);
  EXPECT_THAT(changes_, UnorderedElementsAre("+ hash " + DigestAll("bad").md5 + " 2.5 mutex: evil twin",
                                             "+ ip 192.0.2.1 2 tcp_port: 6667"));
  const auto entry = Entry("bad");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->sha256, Sha256Hex("bad"));
  EXPECT_EQ(entry->origin, Origin::kRule);
  EXPECT_EQ(entry->last_change, clock_.Now());
  EXPECT_EQ(entry->reasons, R"([{"reason":"mutex","data":"evil twin"}])");
  EXPECT_FALSE(Entry("good"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "journal")) << "what is over leaves nothing behind";
}

TEST_F(HuntTest, ASecondHuntFindsNothingToDo) {
  Put(Report("bad", "evil twin", 6667));
  Put(Report("worse", "worse", 6667));
  (void)HuntOnce();
  const Outcome outcome = HuntOnce();
  EXPECT_THAT(changes_, IsEmpty());
  EXPECT_EQ(outcome.unchanged, 2U);
}

TEST_F(HuntTest, ADryRunTellsTheSameAndWritesNothing) {
  Put(Report("bad", "evil twin", 6667));
  Put(Report("good", "harmless"));
  PutEntry("hash", DigestAll("good").md5);
  settings_.mode = Settings::Mode::kDryRun;
  const Outcome told = HuntOnce();
  const auto would = changes_;
  EXPECT_FALSE(Entry("bad"));
  EXPECT_TRUE(Entry("good"));
  settings_.mode = Settings::Mode::kApply;
  const Outcome done = HuntOnce();
  EXPECT_EQ(changes_, would);
  EXPECT_EQ(told.added, done.added);
  EXPECT_EQ(told.removed, 1U);
  EXPECT_EQ(done.removed, 1U);
  EXPECT_FALSE(Entry("good"));
}

TEST_F(HuntTest, AnEntryThatNoReportReachesAnyMoreGoes) {
  Put(Report("a", "evil twin", 6667));
  (void)HuntOnce();
  rules_ = Rules("1.5", "80");
  const Outcome outcome = HuntOnce();
  EXPECT_EQ(outcome.removed, 2U);
  EXPECT_THAT(changes_, UnorderedElementsAre("- hash " + DigestAll("a").md5 + " 2.5 mutex: evil twin",
                                             "- ip 192.0.2.1 2 tcp_port: 6667"));
  EXPECT_FALSE(Entry("a"));
  EXPECT_FALSE(Entry("ip", "192.0.2.1"));
}

TEST_F(HuntTest, AValueThatAnotherReportStillBlacklistsStays) {
  Put(Report("a", "x", 6667));
  Put(Report("b", "y", 80));
  Put(Report("c", "z"));
  (void)HuntOnce();
  rules_ = Rules("2.5", "80");
  const Outcome outcome = HuntOnce();
  EXPECT_EQ(outcome.removed, 0U);
  EXPECT_EQ(outcome.changed, 1U);
  EXPECT_THAT(changes_, ElementsAre("- ip 192.0.2.1 2 tcp_port: 6667\n+ ip 192.0.2.1 2 tcp_port: 80"));
  EXPECT_TRUE(Entry("ip", "192.0.2.1"));
}

TEST_F(HuntTest, AnEntryStaysAsItIsWhereAnyReportStillHasItSo) {
  Put(Report("a", "x", 6667));
  PutEntry("ip", "192.0.2.1", Origin::kRule, R"([{"reason":"tcp_port","data":"6667"}])");
  Put(Report("b", "worse", 6667));
  const Outcome outcome = HuntOnce();
  EXPECT_THAT(changes_, IsEmpty());
  EXPECT_EQ(outcome.unchanged, 1U);
}

TEST_F(HuntTest, OfSeveralReportsTheHighestScoreCounts) {
  for (const char* name : {"a", "b", "c", "d"}) Put(Report(name, name, 6667));
  Put(Report("e", "worse", 6667));
  settings_.page = 1;
  (void)HuntOnce();
  EXPECT_THAT(changes_, ElementsAre("+ ip 192.0.2.1 3 tcp_port: 6667; mutex: worse"));
}

TEST_F(HuntTest, WhatAPersonOrAnImportPutThereIsNeitherRemovedNorChanged) {
  Put(Report("a", "harmless", 6667));
  PutEntry("hash", DigestAll("a").md5, Origin::kApi);
  PutEntry("ip", "192.0.2.1", Origin::kImport);
  const auto api = Entry("a"), import = Entry("ip", "192.0.2.1");
  const Outcome outcome = HuntOnce();
  EXPECT_THAT(changes_, IsEmpty());
  EXPECT_EQ(outcome.of_people, 2U);
  EXPECT_EQ(Entry("a"), api);
  EXPECT_EQ(Entry("ip", "192.0.2.1"), import);
}

TEST_F(HuntTest, AnEntryWhoseReportIsGoneStays) {
  PutEntry("hash", DigestAll("gone").md5);
  PutEntry("domain", "evil.example");
  Put(Report("a", "harmless"));
  const Outcome outcome = HuntOnce();
  EXPECT_EQ(outcome.no_report, 2U);
  EXPECT_TRUE(Entry("gone"));
  EXPECT_TRUE(Entry("domain", "evil.example"));
}

TEST_F(HuntTest, ADamagedReportIsCountedAndTakesNothingAway) {
  Put(Report("a", "evil twin"));
  (void)HuntOnce();
  ASSERT_TRUE(writer_->Write([](sqlite::Connection& connection) {
    return connection.Execute("UPDATE cuckoo_documents SET document = '{\"mutex\": 7}'");
  }));
  const Outcome outcome = HuntOnce();
  EXPECT_EQ(outcome.unreadable, 1U);
  EXPECT_EQ(outcome.no_report, 1U);
  EXPECT_TRUE(Entry("a"));
}

TEST_F(HuntTest, WhatAListCoversByNowGoes) {
  Put(Report("a", "evil twin", 6667));
  (void)HuntOnce();
  lists_.hash_whitelist = {DigestAll("a").md5};
  const std::vector nets = {rules::ParseSubnet("192.0.2.0/24").value()};
  lists_.ip_whitelist = rules::IpSet(nets);
  EXPECT_EQ(HuntOnce().removed, 2U);
}

TEST_F(HuntTest, WhatTheServicesWriteMeanwhileIsLeftAlone) {
  Put(Report("a", "harmless", 6667));
  PutEntry("hash", DigestAll("a").md5);
  PutEntry("hash", DigestAll("b").md5);
  Put(Report("b", "harmless"));
  // The hunt has read all when it tells of the address; then new runs of both samples are scored.
  meanwhile_ = [this] {
    meanwhile_ = nullptr;
    clock_.Advance(Millis{1});
    PutEntry("hash", DigestAll("a").md5);
  };
  const Outcome outcome = HuntOnce();
  EXPECT_EQ(outcome.added, 1U);
  EXPECT_EQ(outcome.removed, 1U);
  EXPECT_TRUE(Entry("a")) << "it was listed anew while the hunt ran";
  EXPECT_FALSE(Entry("b"));
}

TEST_F(HuntTest, AHuntThatWasStoppedGoesOnWhereItStood) {
  for (int i = 0; i < 20; ++i) Put(Report("bad" + std::to_string(i), "evil twin", 6667));
  settings_.page = 1;
  stop_after_ = 8;
  const Outcome stopped = HuntOnce();
  EXPECT_FALSE(stopped.finished);
  EXPECT_EQ(stopped.reports, 7U);
  EXPECT_THAT(changes_, IsEmpty());
  const Outcome outcome = HuntOnce();
  EXPECT_TRUE(outcome.finished);
  EXPECT_EQ(outcome.before, 7U);
  EXPECT_EQ(outcome.reports, 20U);
  EXPECT_EQ(outcome.added, 21U) << "those of the first run as well";
  EXPECT_EQ(progress_.back().done, 20U);
  EXPECT_EQ(progress_.back().all, 20U);
}

TEST_F(HuntTest, AHuntThatWasStoppedKnowsWhatItSparedAndWhatItLeft) {
  for (int i = 0; i < 6; ++i) {
    Put(Report("bad" + std::to_string(i), "evil twin"));
    Put(Report("good" + std::to_string(i), "harmless"));
    PutEntry("hash", DigestAll("good" + std::to_string(i)).md5);
  }
  (void)HuntOnce();
  for (int i = 0; i < 6; ++i) PutEntry("hash", DigestAll("good" + std::to_string(i)).md5);
  settings_.page = 1;
  for (int run = 0; run < 11; ++run) {
    stop_after_ = 2;
    EXPECT_FALSE(HuntOnce().finished);
  }
  const Outcome outcome = HuntOnce();
  EXPECT_EQ(outcome.removed, 6U);
  EXPECT_EQ(outcome.unchanged, 6U);
  EXPECT_EQ(outcome.changed, 0U);
}

TEST_F(HuntTest, AHuntThatIsStoppedWhileItWritesGoesOnWithWhatIsLeft) {
  for (int i = 0; i < 250; ++i) Put(Report("bad" + std::to_string(i), "evil twin"));
  settings_.page = 250;
  stop_after_ = 2;  // asked before the page, then behind the first hundred entries
  const Outcome stopped = HuntOnce();
  EXPECT_FALSE(stopped.finished);
  EXPECT_EQ(stopped.added, 100U);
  const Outcome outcome = HuntOnce();
  EXPECT_TRUE(outcome.finished);
  EXPECT_EQ(outcome.before, 250U);
  EXPECT_EQ(outcome.added, 150U);
  EXPECT_EQ(outcome.meanwhile, 0U) << "what the first run wrote is no one else's";
}

TEST_F(HuntTest, AHuntWithOtherRulesOrToldSoBeginsAnew) {
  for (int i = 0; i < 5; ++i) Put(Report("bad" + std::to_string(i), "evil twin"));
  settings_.page = 1;
  settings_.basis = "rules 1";
  stop_after_ = 3;
  EXPECT_FALSE(HuntOnce().finished);
  settings_.basis = "rules 2";
  stop_after_ = 3;
  EXPECT_EQ(HuntOnce().before, 0U);
  settings_.start = Settings::Start::kAnew;
  const Outcome outcome = HuntOnce();
  EXPECT_EQ(outcome.before, 0U);
  EXPECT_EQ(outcome.reports, 5U);
}

TEST_F(HuntTest, WhatAPersonRemovesBetweenTwoRunsStaysAway) {
  ASSERT_LT(Sha256Hex("b"), Sha256Hex("a")) << "b is read in the first run";
  Put(Report("b", "evil twin"));
  PutEntry("hash", DigestAll("b").md5);
  Put(Report("a", "harmless"));
  settings_.page = 1;
  stop_after_ = 2;
  EXPECT_FALSE(HuntOnce().finished);
  ASSERT_TRUE(store_.Blacklist().Remove("hash", DigestAll("b").md5));
  const Outcome outcome = HuntOnce();
  EXPECT_TRUE(outcome.finished);
  EXPECT_THAT(changes_, IsEmpty());
  EXPECT_FALSE(Entry("b"));
}

TEST_F(HuntTest, TroubleOfTheStoreIsToldAndTheHuntGoesOnLater) {
  Put(Report("a", "evil twin"));
  ASSERT_TRUE(writer_->Write([](sqlite::Connection& connection) {
    return connection.Execute("ALTER TABLE cuckoo_documents RENAME TO away");
  }));
  const auto outcome = TryHunt();
  ASSERT_FALSE(outcome);
  EXPECT_THAT(Describe(outcome.error()), HasSubstr("cuckoo_documents"));
  ASSERT_TRUE(writer_->Write([](sqlite::Connection& connection) {
    return connection.Execute("ALTER TABLE away RENAME TO cuckoo_documents");
  }));
  EXPECT_EQ(HuntOnce().added, 1U);
}

TEST_F(HuntTest, AnyNumberOfWorkersFindsTheSame) {
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    Put(Report("r" + n, i % 3 == 0 ? "evil " + n : "worse " + n, i % 2 == 0 ? 6667 : 80));
  }
  settings_.mode = Settings::Mode::kDryRun;
  settings_.page = 3;
  settings_.workers = 1;
  (void)HuntOnce();
  const auto by_one = changes_;
  settings_.workers = 8;
  (void)HuntOnce();
  EXPECT_EQ(changes_, by_one);
  EXPECT_EQ(by_one.size(), 21U);
}

}  // namespace
}  // namespace brood::retrohunt
