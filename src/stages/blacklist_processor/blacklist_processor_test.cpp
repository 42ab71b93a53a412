#include "stages/blacklist_processor/blacklist_processor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "model/messages_json.hpp"
#include "model/report_json.hpp"
#include "sqlite/writer.hpp"
#include "stage/testing/trial.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::stages::blacklist_processor {
namespace {

using model::State;
using stage::Done;
using stage::Fail;
using stage::Fate;
using stage::Retry;
using testing::HasSubstr;

rules::RuleSet Rules(const std::string& score = "2.5") {
  const rules::RuleFile file{"rules.json", R"({"info": {"type": "hash"}, "rules":
      {"mutex": [{"rules": ["evil*"], "score": )" +
                                               score + "}]}}"};
  return rules::Compile(std::span(&file, 1)).value();
}

class BlacklistTest : public testing::Test {
 protected:
  /// A stored report, with its submission, and the message that tells of it.
  broker::Message Stored(const std::string& name, const std::string& mutex = "evil twin") {
    model::Report report;
    report.sha256 = Sha256Hex(name);
    report.md5 = DigestAll(name).md5;
    report.mutex = {mutex};
    model::Submission record;
    record.id = Id(name);
    record.sha256 = model::SampleHash{report.sha256};
    record.state = State::kStored;
    record.run = Run(name);
    EXPECT_TRUE(store_.Submissions().Advance(std::span(&record, 1)));
    PutReport(report, Run(name));
    return MessageFor(name);
  }
  void PutReport(const model::Report& report, const model::Run& run) {
    const store::StoredReport stored{report.sha256, run, {}, clock_.Now(), false, model::ToJson(report)};
    EXPECT_TRUE(store_.Reports().Put(std::span(&stored, 1)));
  }
  broker::Message MessageFor(const std::string& name) const {
    const model::StoredMessage message{Id(name), Sha256Hex(name), model::ToText(Run(name)), {}};
    return stage::testing::MessageOn("worker/blacklist_processor", model::ToJson(message), clock_.Now());
  }
  static model::SubmissionId Id(const std::string& name) { return model::DeriveSubmissionId(name); }
  model::Run Run(const std::string& name) const { return {clock_.Now(), Id(name).Get() + ":0"}; }
  Fate Offer(const broker::Message& message) { return stage::testing::Offer(stage_, message, clock_); }
  std::optional<store::BlacklistEntry> Entry(const std::string& name) {
    return store_.Blacklist().Get("hash", DigestAll(name).md5).value();
  }
  model::Submission Record(const std::string& name) {
    return store_.Submissions().Get(Id(name)).value().value();
  }
  store::StoredReport Report(const std::string& name) {
    return store_.Reports().Get(Sha256Hex(name)).value().value();
  }
  void Sql(const std::string& text) {
    ASSERT_TRUE(writer_->Write([&](sqlite::Connection& connection) { return connection.Execute(text); }));
  }

  ManualClock clock_;
  metrics::Registry metrics_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  rules::RuleSet rules_ = Rules();
  rules::Lists lists_;
  store::RecentReports recent_{1'000'000, metrics_};
  BlacklistProcessor stage_{{},
                            [this] { return rules_; },
                            [this] { return std::make_shared<const rules::Lists>(lists_); },
                            store_,
                            &recent_,
                            metrics_};
};

TEST_F(BlacklistTest, AReportThatReachesTheScoreIsBlacklistedMarkedAndScored) {
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(Stored("a"))));
  const auto entry = Entry("a");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->sha256, Sha256Hex("a"));
  EXPECT_EQ(entry->score, 2.5);
  EXPECT_EQ(entry->origin, store::Origin::kRule);
  EXPECT_EQ(entry->last_change, clock_.Now());
  EXPECT_EQ(entry->reasons, R"([{"reason":"mutex","data":"evil twin"}])");
  EXPECT_TRUE(Report("a").processed);
  EXPECT_EQ(Record("a").state, State::kScored);
  EXPECT_TRUE(Record("a").blacklisted);
  EXPECT_EQ(Record("a").score, 2.5);
  EXPECT_EQ(Record("a").reasons, entry->reasons);
}

TEST_F(BlacklistTest, AReportThatWasHandedOnIsNotReadBack) {
  const auto message = Stored("a", "harmless");
  model::Report handed_on;
  handed_on.sha256 = Sha256Hex("a");
  handed_on.md5 = DigestAll("a").md5;
  handed_on.mutex = {"evil twin"};
  recent_.Put({handed_on.sha256, Run("a")}, std::make_shared<const model::Report>(handed_on), 100);
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(message)));
  EXPECT_TRUE(Entry("a"));
  EXPECT_TRUE(Report("a").processed);
  EXPECT_TRUE(Record("a").blacklisted);
}

TEST_F(BlacklistTest, AReportOfAnotherRunThatWasHandedOnIsLeftAlone) {
  const auto message = Stored("a");
  const model::Run older{Run("a").fed_at - Millis{1}, Run("a").id};
  recent_.Put({Sha256Hex("a"), older}, std::make_shared<const model::Report>(), 100);
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(message)));
  EXPECT_TRUE(Entry("a")) << "it was read from the store";
}

TEST_F(BlacklistTest, AReportBelowTheScoreIsMarkedAndScoredAndNotListed) {
  rules_ = Rules("1.9");
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(Stored("a"))));
  EXPECT_FALSE(Entry("a"));
  EXPECT_TRUE(Report("a").processed);
  EXPECT_EQ(Record("a").score, 1.9);
  EXPECT_FALSE(Record("a").blacklisted);
}

TEST_F(BlacklistTest, TheSameMessageTwiceLeadsToTheSameRecords) {
  const auto message = Stored("a");
  Offer(message);
  const auto entry = Entry("a");
  const auto record = Record("a");
  const auto report = Report("a");
  Offer(message);
  EXPECT_EQ(Entry("a"), entry);
  EXPECT_EQ(Record("a"), record);
  EXPECT_EQ(Report("a"), report);
}

TEST_F(BlacklistTest, AnEntryThatAPersonMadeStaysThatPersons) {
  const store::BlacklistEntry own{"hash", DigestAll("a").md5, "", clock_.Now(), "[]", 0.0, store::Origin::kApi};
  ASSERT_TRUE(store_.Blacklist().Upsert(std::span(&own, 1)));
  Offer(Stored("a"));
  EXPECT_EQ(Entry("a")->origin, store::Origin::kApi);
  EXPECT_EQ(Entry("a")->score, 2.5);
}

TEST_F(BlacklistTest, AWhitelistedHashIsNeverListed) {
  lists_.hash_whitelist = {DigestAll("a").md5};
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(Stored("a"))));
  EXPECT_FALSE(Entry("a"));
  EXPECT_TRUE(Report("a").processed);
  EXPECT_EQ(Record("a").state, State::kScored);
  EXPECT_FALSE(Record("a").blacklisted);
}

TEST_F(BlacklistTest, ContactsAreListedUnderTheirOwnTypesAndLeaveTheSampleAlone) {
  const rules::RuleFile file{"ip.json", R"({"info": {"type": "ip"}, "rules":
      {"tcp_port": [{"rules": [6667], "score": 2}], "mutex": [{"rules": "evil*", "score": 0.5}]}})"};
  rules_ = rules::Compile(std::span(&file, 1)).value();
  const auto message = Stored("a");
  model::Report report;
  report.sha256 = Sha256Hex("a");
  report.md5 = DigestAll("a").md5;
  report.mutex = {"evil twin"};
  report.ip = {"192.0.2.1", "192.0.2.2"};
  report.tcp = {{"", "192.0.2.1", 6667}, {"", "192.0.2.2", 80}};
  PutReport(report, {clock_.Now() + Millis{1}, "newer"});
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(message)));
  const auto entry = store_.Blacklist().Get("ip", "192.0.2.1").value();
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->score, 2.5);
  EXPECT_EQ(entry->origin, store::Origin::kRule);
  EXPECT_EQ(entry->reasons, R"([{"reason":"tcp_port","data":"6667"},{"reason":"mutex","data":"evil twin"}])");
  EXPECT_FALSE(store_.Blacklist().Get("ip", "192.0.2.2").value());
  EXPECT_FALSE(Entry("a"));
  EXPECT_EQ(Record("a").state, State::kScored);
  EXPECT_FALSE(Record("a").blacklisted);
}

TEST_F(BlacklistTest, OneBadMessageHarmsNoOtherOfItsBatch) {
  const std::vector<broker::Message> batch = {
      Stored("a"), stage::testing::MessageOn("worker/blacklist_processor", "?", clock_.Now()),
      MessageFor("gone"), Stored("b", "harmless")};
  const auto fates = stage::testing::Offer(stage_, batch, clock_);
  EXPECT_TRUE(std::holds_alternative<Done>(fates[0]));
  ASSERT_TRUE(std::holds_alternative<Fail>(fates[1]));
  ASSERT_TRUE(std::holds_alternative<Fail>(fates[2]));
  EXPECT_TRUE(std::holds_alternative<Done>(fates[3]));
  EXPECT_EQ(std::get<Fail>(fates[1]).why.kind, ErrorKind::kPermanent);
  EXPECT_THAT(Describe(std::get<Fail>(fates[2]).why), HasSubstr(Sha256Hex("gone")));
  EXPECT_TRUE(Report("a").processed);
  EXPECT_TRUE(Report("b").processed);
}

TEST_F(BlacklistTest, ADamagedReportFailsForGoodWithItsName) {
  Stored("a");
  Sql("UPDATE cuckoo_documents SET document = '{\"mutex\": 7}'");
  const auto fate = Offer(MessageFor("a"));
  ASSERT_TRUE(std::holds_alternative<Fail>(fate));
  EXPECT_THAT(Describe(std::get<Fail>(fate).why), HasSubstr(Sha256Hex("a")));
  EXPECT_FALSE(Report("a").processed);
}

TEST_F(BlacklistTest, TroubleOfTheStoreTriesTheWholeBatchAgain) {
  const std::vector<broker::Message> batch = {Stored("a"), Stored("b")};
  Sql("ALTER TABLE blacklist RENAME TO away");
  for (const Fate& fate : stage::testing::Offer(stage_, batch, clock_)) {
    EXPECT_TRUE(std::holds_alternative<Retry>(fate));
  }
  EXPECT_FALSE(Report("a").processed) << "entries come before the mark";
  Sql("ALTER TABLE away RENAME TO blacklist");
  for (const Fate& fate : stage::testing::Offer(stage_, batch, clock_)) {
    EXPECT_TRUE(std::holds_alternative<Done>(fate));
  }
  EXPECT_TRUE(Entry("a") && Entry("b"));
}

TEST_F(BlacklistTest, AReportThatWasReplacedMeanwhileIsScoredAsItIsNow) {
  const auto message = Stored("a");
  model::Report newer;
  newer.sha256 = Sha256Hex("a");
  newer.md5 = DigestAll("a").md5;
  PutReport(newer, {clock_.Now() + Millis{1}, "newer"});
  EXPECT_TRUE(std::holds_alternative<Done>(Offer(message)));
  EXPECT_FALSE(Entry("a"));
  EXPECT_TRUE(Report("a").processed);
}

TEST_F(BlacklistTest, AReportWithoutASubmissionIsScoredToo) {
  Stored("a");
  const model::StoredMessage message{{}, Sha256Hex("a"), "", {}};
  EXPECT_TRUE(std::holds_alternative<Done>(
      Offer(stage::testing::MessageOn("worker/blacklist_processor", model::ToJson(message), clock_.Now()))));
  EXPECT_TRUE(Entry("a"));
  EXPECT_EQ(Record("a").state, State::kStored);
}

}  // namespace
}  // namespace brood::stages::blacklist_processor
