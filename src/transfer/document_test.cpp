#include "transfer/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "transfer/times.hpp"

namespace brood::transfer {
namespace {

using testing::HasSubstr;

const std::string kSha(64, 'a');
constexpr auto kMd5 = "99d4bf8b8c1e6a4f0e0ee31a1a4d6c11";

Expected<Record, std::string> Of(const std::string& document, std::string_view prefix = {}) {
  return RecordFrom(boost::json::parse(document).as_object(), prefix);
}

template <class T>
T Must(const std::string& document, std::string_view prefix = {}) {
  auto record = Of(document, prefix);
  if (!record) throw std::runtime_error(record.error());
  return std::get<T>(*record);
}

TEST(RecordFrom, TakesAHashWithItsCounterAndClaimsIt) {
  const auto record =
      Must<store::HashRecord>(R"({"_index":"hashes","_type":"item","_id":")" + kSha +
                              R"(","_score":1.0,"_source":{"timestamp":1462356672000,"counter":3}})");
  EXPECT_EQ(record.sha256.Get(), kSha);
  EXPECT_EQ(record.counter, 3U);
  EXPECT_EQ(ToMillis(record.first_seen), 1'462'356'672'000);
  EXPECT_EQ(record.submission, store::ImportedClaim(record.sha256));
}

TEST(RecordFrom, AHashWhoseAnalysisWasGivenUpStaysUnclaimed) {
  const std::string head = R"({"_index":"hashes","_type":"item","_id":")" + kSha + R"(","_source":)";
  EXPECT_EQ(Must<store::HashRecord>(head + R"({"counter":"2","claimed":false}})").submission.Get(), "");
  EXPECT_EQ(Must<store::HashRecord>(head + R"({"type":"hash","counter":2,"submission":""}})").submission.Get(),
            "");
  EXPECT_EQ(Must<store::HashRecord>(head + R"({"count":2}})").counter, 2U);
  EXPECT_EQ(Must<store::HashRecord>(head + "{}}").counter, 1U);
}

TEST(RecordFrom, TakesTheOriginalsBlacklistEntryAsImported) {
  const auto entry = Must<store::BlacklistEntry>(
      R"({"_index":"blacklist","_type":"hash","_id":"99D4BF8B8C1E6A4F0E0EE31A1A4D6C11","_source":{
        "last_change":"2016-05-04T10:11:12Z","score":3.5,
        "reason":[{"reason":"mutex","data":["a","b"]},{"reason":"vt_score","data":7}]}})");
  EXPECT_EQ(entry.type, "hash");
  EXPECT_EQ(entry.value, kMd5) << "in the form in which it is looked up";
  EXPECT_EQ(entry.score, 3.5);
  EXPECT_EQ(entry.origin, store::Origin::kImport);
  EXPECT_EQ(FormatUtc(entry.last_change), FormatUtc(*TimeFrom("2016-05-04 10:11:12")));
  EXPECT_EQ(entry.reasons, R"([{"reason":"mutex","data":"a"},{"reason":"mutex","data":"b"},)"
                           R"({"reason":"vt_score","data":"7"}])");
}

TEST(RecordFrom, TakesBroodsOwnTypelessDocuments) {
  const auto entry = Must<store::BlacklistEntry>(
      R"({"_index":"lab-blacklist","_type":"_doc","_id":"ip:10.0.0.1","_source":{"type":"ip","id":"ip:10.0.0.1",
        "value":"10.0.0.1","sha256":"","last_change":5,"reason":"[]","score":2.0,"origin":"rule"}})",
      "lab-");
  EXPECT_EQ(entry.value, "10.0.0.1");
  EXPECT_EQ(entry.origin, store::Origin::kRule) << "brood says where it came from";
  const auto feed = Must<store::Lists::Feed>(
      R"({"_index":"third_party_blacklist","_id":"C&C:http://l","_source":{"type":"C&C","location":"http://l",
        "entries":"1.2.3.4\n5.6.7.0/24"}})");
  EXPECT_EQ(feed, (store::Lists::Feed{"C&C", "http://l", {"1.2.3.4", "5.6.7.0/24"}}));
  EXPECT_TRUE(std::holds_alternative<Other>(
      *Of(R"({"_index":"whitelist","_id":"brood:generation","_source":{"type":"generation"}})")));
}

TEST(RecordFrom, TakesSubnetsAndThirdPartyEntries) {
  EXPECT_EQ(
      Must<store::WhitelistEntry>(
          R"({"_index":"whitelist","_type":"subnet","_id":"192.168.0.0/16","_source":{"owner":"private"}})"),
      (store::WhitelistEntry{store::WhitelistKind::kSubnet, "192.168.0.0/16", "private"}));
  EXPECT_EQ(
      Must<store::Lists::Feed>(
          R"({"_index":"third_party_blacklist","_type":"C&C","_id":"1.2.3.4","_source":{"location":"http://l"}})"),
      (store::Lists::Feed{"C&C", "http://l", {"1.2.3.4"}}));
}

TEST(RecordFrom, LeavesOtherIndicesAlone) {
  const auto queue = Of(R"({"_index":"queue","_id":"x","_source":{"type":"letter"}})");
  EXPECT_EQ(std::get<Other>(*queue).index, "queue");
  EXPECT_EQ(
      Must<Waiting>(R"({"_index":"queue","_type":"item","_id":")" + kSha + R"(","_source":{"task_id":1}})")
          .sha256.Get(),
      kSha);
  EXPECT_TRUE(std::holds_alternative<Other>(*Of(R"({"_index":"hashes","_id":"x","_source":{}})", "lab-")));
}

TEST(RecordFrom, WhatCannotBeTakenIsASentence) {
  const auto why = [](const std::string& document) { return Of(document).error(); };
  EXPECT_EQ(why("{}"), "it has no _index");
  EXPECT_EQ(why(R"({"_index":"hashes"})"), "it has no _source");
  EXPECT_EQ(why(R"({"_index":"hashes","_source":{}})"), "it has no _id");
  EXPECT_EQ(why(R"({"_index":"hashes","_id":"abc","_source":{}})"), "its _id is no SHA-256");
  EXPECT_EQ(why(R"({"_index":"hashes","_id":")" + kSha + R"(","_source":{"counter":"many"}})"),
            "its counter is no number of sightings");
  EXPECT_EQ(why(R"({"_index":"hashes","_id":")" + kSha + R"(","_source":{"timestamp":"soon"}})"),
            "its timestamp is no date");
  EXPECT_THAT(why(R"({"_index":"third_party_blacklist","_type":"C&C","_id":"1.2.3.4","_source":{"location":")" +
                  std::string(600, 'l') + "\"}}"),
              HasSubstr("has 600 bytes, at most 512 fit"));
  EXPECT_THAT(why(R"({"_index":"blacklist","_id":"x","_source":{}})"), HasSubstr("type"));
  EXPECT_THAT(why(R"({"_index":"whitelist","_type":"subnet","_id":"10.0.0.0/99","_source":{}})"),
              HasSubstr("no subnet"));
  EXPECT_EQ(why(R"({"_index":"third_party_blacklist","_type":"C&C","_id":"evil.test","_source":{}})"),
            "'evil.test' is no address or subnet");
}

TEST(TimeFrom, ReadsWhatElasticsearchTakesForADate) {
  EXPECT_EQ(TimeFrom("1462356672345"), FromMillis(1'462'356'672'345));
  EXPECT_EQ(TimeFrom("2016-05-04T10:11:12.345Z"), FromMillis(1'462'356'672'345));
  EXPECT_EQ(TimeFrom("2016-05-04T12:11:12.345+02:00"), FromMillis(1'462'356'672'345));
  EXPECT_EQ(TimeFrom("2016-05-04"), FromMillis(1'462'320'000'000));
  for (const char* none :
       {"", "soon", "2016-13-01", "2016-05-04T", "2016-05-04T25:00:00", "2016-05-04T10:11:12+x"})
    EXPECT_EQ(TimeFrom(none), std::nullopt) << none;
}

}  // namespace
}  // namespace brood::transfer
