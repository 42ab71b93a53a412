// The list of API calls and the processes, in each dialect.
#include <gmock/gmock.h>

#include "report/read_text.hpp"

namespace brood::report {
namespace {

using model::CallArgument;
using model::SeenCall;
using model::SeenProcess;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Limits Listing(std::size_t max_calls) {
  Limits limits;
  limits.max_calls = max_calls;
  return limits;
}

ReadResult ReadListing(std::string_view processes, std::size_t max_calls = 1000) {
  return Read(R"({"behavior": {"processes": )" + std::string(processes) + "}}", Listing(max_calls));
}

std::vector<std::string> NamesOf(const ReadResult& read) {
  std::vector<std::string> names;
  for (const auto& call : read.calls) names.push_back(std::to_string(call.process) + " " + call.api);
  return names;
}

TEST(CallList, ReadsCuckooOne) {
  const auto read = ReadListing(R"([{"process_id": 1234, "process_name": "a.exe", "parent_id": 600,
      "first_seen": "2015-01-02 03:04:05,678", "calls": [{"category": "system", "status": true, "return": "0x00000000",
      "timestamp": "2015-01-02 03:04:06,001", "thread_id": "1240", "repeated": 2, "api": "NtClose", "id": 9,
      "arguments": [{"name": "Handle", "value": "0x0000007c"}, {"name": "Path", "value": "C:\\a"}]}]}])");
  EXPECT_THAT(read.processes, ElementsAre(SeenProcess{"a.exe", 1234, 600, "2015-01-02 03:04:05,678"}));
  EXPECT_THAT(read.calls, ElementsAre(SeenCall{0,
                                               "NtClose",
                                               "system",
                                               "true",
                                               "0x00000000",
                                               "2015-01-02 03:04:06,001",
                                               "1240",
                                               2,
                                               9,
                                               {{"Handle", "0x0000007c"}, {"Path", "C:\\a"}}}));
}

TEST(CallList, ReadsCuckooTwo) {
  const auto read =
      ReadListing(R"([{"pid": 2000, "ppid": 1000, "process_name": "b.exe", "first_seen": 1501027348.25,
      "calls": [{"category": "file", "status": 1, "return_value": 0, "time": 1501027348.5, "tid": 2004,
      "api": "NtOpenFile", "flags": {"share_access": "FILE_SHARE_READ"},
      "arguments": {"filepath": "C:\\b", "share_access": 5, "object": {"x": [1, 2]}, "list": [ "a" , 1.50 ]}},
      {"api": "NtClose", "status": 0}]}])");
  EXPECT_THAT(read.processes, ElementsAre(SeenProcess{"b.exe", 2000, 1000, "1501027348.25"}));
  EXPECT_THAT(read.calls, ElementsAre(SeenCall{0,
                                               "NtOpenFile",
                                               "file",
                                               "true",
                                               "0",
                                               "1501027348.5",
                                               "2004",
                                               0,
                                               0,
                                               {{"filepath", "C:\\b"},
                                                {"share_access", "5"},
                                                {"object", R"({"x":[1,2]})"},
                                                {"list", R"(["a",1.50])"}}},
                                      SeenCall{0, "NtClose", "", "false", "", "", "", 0, 1, {}}));
}

TEST(CallList, ReadsCapeWhereAValueMayBeAList) {
  const auto read = ReadListing(R"([{"process_id": 7, "calls": [{"api": "send", "status": false, "id": 3,
      "arguments": [{"name": "buffers", "value": ["GET / HTTP\/1.1", "{\"]\"}"], "raw_value_string": ["x"]},
                    {"name": "size", "value": 16, "pretty_value": "SIXTEEN"}, {"name": "flag", "value": null},
                    {"name": "on", "value": true}]}]}])");
  ASSERT_THAT(read.calls, SizeIs(1));
  EXPECT_EQ(read.calls[0].id, 3);
  EXPECT_THAT(read.calls[0].arguments,
              ElementsAre(CallArgument{"buffers", R"(["GET / HTTP\/1.1","{\"]\"}"])"},
                          CallArgument{"size", "16"}, CallArgument{"flag", ""}, CallArgument{"on", "true"}));
}

TEST(CallList, TakesNumbersThatAreTexts) {
  const auto read = ReadListing(R"([{"process_id": "1234", "parent_id": " 4 ", "calls": [
      {"api": "connect", "status": "SUCCESS", "timestamp": "t", "repeated": "many"}]}])");
  EXPECT_THAT(read.processes, ElementsAre(SeenProcess{"", 1234, 4, ""}));
  EXPECT_EQ(read.calls.at(0).status, "SUCCESS");
  EXPECT_EQ(read.calls.at(0).repeated, 0);
}

TEST(CallList, HoldsTheFirstInOrderAndCountsThemAll) {
  const auto read = ReadListing(R"([{"pid": 1, "calls": [{"api": "a"}, {"api": "b"}]}, {"pid": 2, "calls": []},
                                    {"pid": 3, "calls": [{"api": "c"}, {"api": "a"}, {"api": "d"}]}])",
                                3);
  EXPECT_THAT(NamesOf(read), ElementsAre("0 a", "0 b", "2 c"));
  EXPECT_THAT(read.processes, SizeIs(3));
  EXPECT_EQ(read.report.api_call, (std::vector<model::ApiCall>{{"a", 2}, {"b", 1}, {"c", 1}, {"d", 1}}));
}

TEST(CallList, IsEmptyUnlessAskedFor) {
  const auto read = ReadListing(R"([{"pid": 1, "calls": [{"api": "a"}]}])", 0);
  EXPECT_THAT(read.calls, IsEmpty());
  EXPECT_THAT(read.processes, ElementsAre(SeenProcess{"", 1, std::nullopt, ""}));
}

TEST(CallList, AProcessMayBeNamedBehindItsCalls) {
  const auto read = ReadListing(R"([{"calls": [{"api": "a"}], "process_name": "late.exe", "pid": 5}])");
  ASSERT_THAT(read.calls, SizeIs(1));
  EXPECT_EQ(read.processes.at(read.calls[0].process), (SeenProcess{"late.exe", 5, std::nullopt, ""}));
}

TEST(CallList, ACallWithoutANameIsNoneButHasAPosition) {
  const auto read =
      ReadListing(R"([{"calls": [{"category": "x"}, 7, {"api": "a"}, {"api": null}, {"api": "b"}]}])");
  ASSERT_THAT(NamesOf(read), ElementsAre("0 a", "0 b"));
  EXPECT_EQ(read.calls[0].id, 2);
  EXPECT_EQ(read.calls[1].id, 4);
}

TEST(CallList, OfEqualKeysTheLastCounts) {
  const auto read = ReadListing(R"([{"calls": [{"api": "gone"}, {"api": "gone"}],
      "calls": [{"api": "x", "arguments": [{"name": "n", "value": 1}], "api": "kept", "status": 1, "status": null,
                 "arguments": {"a": 1, "b": 2, "a": [3]}}]}, {"calls": [{"api": "next"}]}])",
                                2);
  EXPECT_THAT(NamesOf(read), ElementsAre("0 kept", "1 next"));
  EXPECT_EQ(read.calls[0].status, "");
  EXPECT_THAT(read.calls[0].arguments, ElementsAre(CallArgument{"a", "[3]"}, CallArgument{"b", "2"}));
  EXPECT_THAT(NamesOf(Read(R"({"behavior": {"processes": [{"calls": [{"api": "a"}]}],
                               "processes": [{"calls": [{"api": "b"}]}]}})",
                           Listing(1))),
              ElementsAre("0 b"));
}

TEST(CallList, EndsWhereItsMemoryEnds) {
  Limits limits = Listing(1000);
  limits.max_detail_bytes = 2000;
  std::string calls = R"({"api": "first"})";
  for (int i = 0; i < 50; ++i) calls += R"(, {"api": "more", "category": ")" + std::string(100, 'x') + "\"}";
  const auto read = Read(R"({"behavior": {"processes": [{"pid": 1, "calls": [)" + calls +
                             R"(]}, {"pid": 2, "calls": [{"api": "small"}]}]}})",
                         limits);
  EXPECT_GE(read.calls.size(), 2U);
  EXPECT_LE(read.calls.size(), 10U);
  EXPECT_EQ(read.calls.back().api, "more");
  EXPECT_THAT(read.processes, SizeIs(2));
  EXPECT_THAT(NotesOf(read.report), ElementsAre("behavior.processes[]: details left out: too many bytes ×1"));
}

TEST(CallList, ALongArgumentIsCut) {
  Limits limits = Listing(10);
  limits.max_field_bytes = 8;
  const auto read = Read(R"({"behavior": {"processes": [{"calls": [{"api": "a", "arguments": {"n": "0123456789",
                             "l": ["0123456789"]}}]}]}})",
                         limits);
  EXPECT_THAT(read.calls.at(0).arguments,
              ElementsAre(CallArgument{"n", "01234567"}, CallArgument{"l", "[\"012345"}));
}

TEST(CallList, ArgumentsWithoutEndAreBounded) {
  std::string arguments = R"("a0": 0)";
  for (int i = 1; i < 1000; ++i) arguments += ", \"a" + std::to_string(i) + "\": " + std::to_string(i);
  const auto read = ReadListing(R"([{"calls": [{"api": "a", "arguments": {)" + arguments + "}}]}]");
  EXPECT_THAT(read.calls.at(0).arguments, SizeIs(256));
  EXPECT_THAT(NotesOf(read.report),
              ElementsAre("behavior.processes[].calls[].arguments.*: too many arguments ×744"));
}

TEST(CallList, BringsWhatTheDocumentHasNoFieldFor) {
  const std::string report = R"({"info": {"started": 1501027348.25, "ended": "2017-07-26 00:02:35"},
      "behavior": {"summary": {"file_created": ["C:\\new", "C:\\newer"], "file_opened": ["C:\\old"]}}})";
  const auto read = Read(report, Listing(1));
  EXPECT_EQ(read.started, "1501027348.25");
  EXPECT_EQ(read.ended, "2017-07-26 00:02:35");
  EXPECT_THAT(read.file_created, ElementsAre("C:\\new", "C:\\newer"));
  EXPECT_EQ(read.report.date, "2017-07-26 00:02:35");
  const auto plain = Read(report, Limits{});
  EXPECT_EQ(plain.report, read.report);
  EXPECT_EQ(plain.facts.has_behavior, read.facts.has_behavior);
  EXPECT_EQ(plain.started + plain.ended, "");
  EXPECT_THAT(plain.file_created, IsEmpty());
}

TEST(CallList, AnOddEndIsNotedOnce) {
  const auto read = Read(R"({"info": {"ended": true}})", Listing(1));
  EXPECT_EQ(read.ended, "true");
  EXPECT_THAT(read.report.parse_notes, SizeIs(1));
}

TEST(CallList, OnlyCreatedFilesAreBehaviourToo) {
  const std::string report = R"({"info": {}, "behavior": {"summary": {"file_created": ["a"]}}})";
  EXPECT_TRUE(Read(report, Listing(1)).facts.has_behavior);
  EXPECT_TRUE(Read(report, Limits{}).facts.has_behavior);
}

}  // namespace
}  // namespace brood::report
