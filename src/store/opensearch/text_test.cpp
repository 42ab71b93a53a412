#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/opensearch/bulk.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/raw_json.hpp"
#include "store/opensearch/report_source.hpp"

namespace brood::store::opensearch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(RawJson, CutsMembersOutByteByByte) {
  const auto members = MembersOf(R"( { "a" : 1.50 , "b\"":{"c":[1,"}\\"]} ,"d":[ ],"e":"x,y" } )");
  ASSERT_TRUE(members);
  EXPECT_THAT(*members, ElementsAre(Pair("a", "1.50"), Pair(R"(b\")", R"({"c":[1,"}\\"]})"), Pair("d", "[ ]"),
                                    Pair("e", R"("x,y")")));
  EXPECT_THAT(ItemsOf(R"([1, {"a":2},[3],"4"])").value(), ElementsAre("1", R"({"a":2})", "[3]", R"("4")"));
  EXPECT_TRUE(MembersOf("{}").value().empty());
  EXPECT_EQ(MemberOf(R"({"a":{"b":true}})", "b"), "");
}

TEST(RawJson, WhatIsNoneIsNothing) {
  for (const auto* text :
       {"", " ", "{", "[", "<html>", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":}", "{\"a\" 1}",
        "{a:1}", "{\"a\":\"", "{\"a\":\"\\", "{\"a\":{\"b\":1}", "null"}) {
    EXPECT_FALSE(MembersOf(text)) << text;
    EXPECT_FALSE(ItemsOf(text)) << text;
    EXPECT_EQ(MemberOf(text, "a"), "") << text;
  }
}

TEST(Position, ComesBackFromItsText) {
  const auto position = PositionFrom(ToText(Position{-5, "a/b"}));
  ASSERT_TRUE(position && *position);
  EXPECT_EQ((*position)->time, -5);
  EXPECT_EQ((*position)->id, "a/b");
}

TEST(Query, EveryOrderEndsInTheId) {
  Query query;
  query.Is("type", R"(a"b)").IsFlag("done", true).Range("due", "lte", 7).Sorted("due", "asc").After({3, "k"});
  EXPECT_EQ(query.Body(5), R"({"query":{"bool":{"filter":[{"term":{"type":"a\"b"}},{"term":{"done":true}},)"
                           R"({"range":{"due":{"lte":7}}}]}},"size":5,"track_total_hits":false,)"
                           R"("sort":[{"due":"asc"},{"id":"asc"}],"search_after":[3,"k"]})");
}

TEST(Bulk, ADocumentStandsOnOneLine) {
  std::string body;
  AppendAction(body, {Write::Kind::kPut, "a\nb", "{\n\"a\":\r\n1}", std::nullopt, 7});
  EXPECT_EQ(body,
            "{\"index\":{\"_id\":\"a\\nb\",\"version\":7,\"version_type\":\"external\"}}\n{ \"a\":  1}\n");
  body.clear();
  AppendAction(body, {Write::Kind::kRemove, "a", "", Place{3, 1}, std::nullopt});
  EXPECT_EQ(body, "{\"delete\":{\"_id\":\"a\",\"if_seq_no\":3,\"if_primary_term\":1}}\n");
}

TEST(Bulk, AnAnswerOfAnotherShapeIsNone) {
  for (const auto* answer : {"", "{}", R"({"items":[]})", R"({"items":{}})", "<html>"}) {
    EXPECT_FALSE(ReadBulk(answer, 1)) << answer;
  }
  const auto odd = ReadBulk(R"({"items":[{}]})", 1);
  ASSERT_TRUE(odd);
  EXPECT_TRUE(odd->front().refusal) << "an item that says nothing is no success";
}

TEST(ReportSource, TheStoresOwnFieldsStandBesideTheReports) {
  StoredReport report{.id = "cafe", .processed = true, .document = R"({"processed":false,"score":1.50})"};
  EXPECT_EQ(ToSource(report),
            R"({"type":"report","id":"cafe","stored":0,"run_fed_at":0,"run_id":"","submission":"","size":32,)"
            R"("head":"false","processed":true,"score":1.50})");
}

TEST(ReportSource, ADocumentComesBackByteByByte) {
  for (const auto* document : {R"({"processed":false,"score":1.50})", R"({"processed":false})", "{}",
                               R"({"a":[1]})", R"({"processed":true,"a":"}"})"}) {
    const StoredReport report{.id = "cafe", .document = document};
    const auto read = ReadReport(ToSource(report));
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->document, document);
  }
}

TEST(ReportSource, ADamagedRecordIsNamed) {
  const auto read = ReadReport(R"({"type":"report","id":"cafe","stored":"then","processed":false})");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::kDamaged);
  EXPECT_THAT(read.error().what, HasSubstr("the record cafe of the index cuckoo is damaged"));
  EXPECT_FALSE(ReadReport("[]"));
}

}  // namespace
}  // namespace brood::store::opensearch
