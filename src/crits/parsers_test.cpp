#include "crits/parsers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace brood::crits {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

report::ReadResult Read(std::string_view report) {
  report::Limits limits;
  limits.max_calls = 100;
  return report::ReadAll(report, limits).value();
}

std::vector<Item> Items(Parser parser, const report::ReadResult& read, std::size_t max_calls = 100) {
  std::vector<Item> items;
  Parse(parser, read, max_calls, [&](Item item) { items.push_back(std::move(item)); });
  return items;
}

TEST(InfoParser, TellsMachineAndTimes) {
  const auto read =
      Read(R"({"info": {"id": 12, "started": "2018-02-06 16:40:25", "ended": "2018-02-06 16:41:21",
      "machine": {"name": "XP"}}})");
  EXPECT_THAT(
      Items(Parser::kInfo, read),
      ElementsAre(Item{"info", "XP",
                       R"("analysis_id":"12","ended":"2018-02-06 16:41:21","started":"2018-02-06 16:40:25")"}));
}

TEST(InfoParser, AnUnknownMachineIsAFailureAndEpochsStayAsWritten) {
  const auto read = Read(R"({"info": {"id": 3, "started": 1501027348.25, "ended": 1501027400}})");
  EXPECT_THAT(Items(Parser::kInfo, read),
              ElementsAre(Item{"info", "FAILED",
                               R"("analysis_id":"3","ended":"1501027400","started":"1501027348.25")"}));
}

TEST(SignaturesParser, EachShowsItsOwnData) {
  const auto read = Read(R"({"signatures": [{"name": "a", "severity": 3, "description": "does a"},
                                            {"name": "b", "severity": 1, "description": "does b"}]})");
  EXPECT_THAT(Items(Parser::kSignatures, read),
              ElementsAre(Item{"signature", "does a", R"("name":"a","severity":"3")"},
                          Item{"signature", "does b", R"("name":"b","severity":"1")"}));
}

TEST(BehaviorParser, ReadsCuckooOne) {
  const auto read = Read(R"({"behavior": {"processes": [
      {"process_name": "a.exe", "process_id": 252, "parent_id": 1932, "first_seen": "2018-02-06 19:40:26,403", "calls": [
        {"api": "LdrLoadDll", "category": "system", "status": true, "return": "0x00000000", "repeated": 0, "id": 7,
         "timestamp": "2018-02-06 19:40:26,433", "thread_id": "256", "arguments": [{"name": "Flags", "value": "1"}]}]},
      {"process_name": "b.exe", "process_id": 312, "parent_id": 252, "first_seen": "2018-02-06 19:40:34,975"}],
      "summary": {"files": ["C:\\x", "C:\\x", "y"], "keys": ["HKLM\\k"], "mutexes": ["m"]}}})");
  EXPECT_THAT(
      Items(Parser::kBehavior, read),
      ElementsAre(
          Item{"process", "a.exe",
               R"("first_seen":"2018-02-06 19:40:26,403","parent_id":"1932","process_id":"252")"},
          Item{"process", "b.exe",
               R"("first_seen":"2018-02-06 19:40:34,975","parent_id":"252","process_id":"312")"},
          Item{
              "api_call", "LdrLoadDll",
              R"("api":"LdrLoadDll","arguments":[{"name":"Flags","value":"1"}],"category":"system","id":7,)"
              R"_("process":"a.exe (252)","repeated":0,"return":"0x00000000","status":"true","thread_id":"256",)_"
              R"("timestamp":"2018-02-06 19:40:26,433")"},
          Item{"file", "C:\\x", ""}, Item{"file", "y", ""}, Item{"registry_key", "HKLM\\k", ""},
          Item{"mutex", "m", ""}));
}

TEST(BehaviorParser, ReadsCuckooTwo) {
  const auto read = Read(R"({"behavior": {"processes": [
      {"process_name": "a.exe", "pid": 10, "ppid": 4, "first_seen": 1501027348.25, "calls": [
        {"api": "NtClose", "category": "system", "status": 0, "return_value": 5, "time": 1501027349.5, "tid": 11},
        {"api": "NtOpenFile", "category": "file", "status": 1, "return_value": 0, "time": 1501027349.75, "tid": 11,
         "arguments": {"path": "C:\\ä", "flags": [1, true], "none": null}}]}],
      "summary": {"file_opened": ["o", "c"], "file_created": ["c"], "file_deleted": ["d"], "file_written": ["w", "d"],
                  "file_read": ["r"], "regkey_written": ["kw"], "regkey_opened": ["ko", "kw"], "mutex": ["m"]}}})");
  const auto items = Items(Parser::kBehavior, read);
  ASSERT_EQ(items.size(), 11U);
  EXPECT_EQ(items[0].data, R"("first_seen":"1501027348.25","parent_id":"4","process_id":"10")");
  EXPECT_EQ(items[1].data,
            R"_("api":"NtClose","arguments":[],"category":"system","id":0,"process":"a.exe (10)",)_"
            R"("repeated":0,"return":"5","status":"false","thread_id":"11","timestamp":"1501027349.5")");
  EXPECT_EQ(
      items[2].data,
      R"("api":"NtOpenFile","arguments":[{"name":"path","value":"C:\\ä"},{"name":"flags","value":"[1,true]"},)"
      R"_({"name":"none","value":""}],"category":"file","id":1,"process":"a.exe (10)","repeated":0,"return":"0",)_"
      R"("status":"true","thread_id":"11","timestamp":"1501027349.75")");
  std::vector<std::string> rest;
  for (std::size_t i = 3; i < items.size(); ++i) rest.push_back(items[i].subtype + " " + items[i].result);
  EXPECT_THAT(rest, ElementsAre("file c", "file o", "file r", "file w", "file d", "registry_key ko",
                                "registry_key kw", "mutex m"));
}

TEST(BehaviorParser, ReadsCape) {
  const auto read =
      Read(R"({"behavior": {"processes": [{"process_name": "a.exe", "process_id": 1, "parent_id": 2,
      "first_seen": "2020-01-01 00:00:00,000", "calls": [{"api": "CreateX", "status": true, "return": "0x1",
      "timestamp": "2020-01-01 00:00:01,000", "thread_id": "9", "category": "misc", "repeated": 3, "id": 2,
      "arguments": [{"name": "List", "value": ["a", 1]}, {"name": "Pretty", "value": "5", "pretty_value": "FIVE"}]}]}],
      "summary": {"files": ["f", "w"], "read_files": ["r"], "write_files": ["w"], "delete_files": ["d"],
                  "keys": ["k"], "write_keys": ["k", "kw"], "mutexes": []}}})");
  const auto items = Items(Parser::kBehavior, read);
  ASSERT_EQ(items.size(), 8U);
  EXPECT_THAT(items[1].data,
              testing::HasSubstr(R"([{"name":"List","value":"[\"a\",1]"},{"name":"Pretty","value":"5"}])"));
  std::vector<std::string> rest;
  for (std::size_t i = 2; i < items.size(); ++i) rest.push_back(items[i].subtype + " " + items[i].result);
  EXPECT_THAT(rest, ElementsAre("file f", "file w", "file r", "file d", "registry_key k", "registry_key kw"));
}

TEST(BehaviorParser, SendsTheFirstCallsOnly) {
  const auto read =
      Read(R"({"behavior": {"processes": [{"calls": [{"api": "A"}, {"api": "B"}, {"api": "C"}]}]}})");
  EXPECT_EQ(Items(Parser::kBehavior, read, 2).size(), 3U);
  EXPECT_EQ(Items(Parser::kBehavior, read, 0).size(), 1U);
}

TEST(Parsers, AReportOfNothingGivesNothingBesideItsInfo) {
  const auto read = Read(R"({"info": {}})");
  for (const Parser parser : {Parser::kSignatures, Parser::kBehavior, Parser::kDropped}) {
    EXPECT_THAT(Items(parser, read), IsEmpty());
  }
}

TEST(Parsers, ADroppedFileSaysWhyItIsNotThere) {
  EXPECT_EQ(DroppedFile("a.exe", "d41d", ""), (Item{"file_added", "a.exe", R"("md5":"d41d")"}));
  EXPECT_EQ(DroppedFile("a.exe", "d41d", "too large").data, R"("md5":"d41d","skipped":"too large")");
}

TEST(Parsers, NamesAreTheOriginals) {
  for (const Parser parser : kParsers) EXPECT_EQ(ParserFrom(Name(parser)), parser);
  EXPECT_EQ(ParserFrom("behaviour"), std::nullopt);
}

}  // namespace
}  // namespace brood::crits
