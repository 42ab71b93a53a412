#include "report/limits.hpp"

#include <gmock/gmock.h>

#include "model/report_json.hpp"
#include "report/bounded_list.hpp"
#include "report/read_text.hpp"

namespace brood::report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// {"strings": [...]} of `count` texts of `size` bytes, and mutexes likewise.
std::string TwoLists(int strings, int mutexes, std::size_t size) {
  const auto list = [&](int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += (i > 0 ? ",\"" : "\"") + std::string(size, 'x') + "\"";
    return "[" + out + "]";
  };
  return R"({"strings": )" + list(strings) + R"(, "behavior": {"summary": {"mutex": )" + list(mutexes) + "}}}";
}

TEST(Limits, ALongTextIsCut) {
  Limits limits;
  limits.max_token_bytes = 10;
  limits.max_field_bytes = 5;
  const auto report =
      Read(R"({"strings": ["0123456789", "0123456789a", "01234567\u00e9"], "info": {"version": "2.0.7x"}})",
           limits)
          .report;
  EXPECT_THAT(report.string, ElementsAre("0123456789", "0123456789", "01234567"));
  EXPECT_EQ(report.cuckoo_version, "2.0.7");
  EXPECT_THAT(NotesOf(report),
              ElementsAre("strings[]: text too long, cut ×2", "info.version: text too long, cut ×1"));
}

TEST(Limits, AKeyThatIsTooLongReadsTheSameInPieces) {
  Limits limits;
  limits.max_token_bytes = 10;
  limits.max_field_bytes = 5;
  const std::string key = std::string(100, 'k') + R"(\x)";
  const auto report = Read("{\"" + key + R"(": 1, "strings": ["a"]})", limits).report;
  EXPECT_THAT(report.string, ElementsAre("a"));
  EXPECT_THAT(NotesOf(report), IsEmpty());
}

TEST(Limits, BlanksAroundAValueAreNothingHoweverMany) {
  Limits limits;
  limits.max_token_bytes = limits.max_field_bytes = 10;
  for (const char blank : {' ', '\t', '\n', '\r', '\f', '\v'}) {
    const std::string blanks(200, blank);
    const auto report =
        Read("{\"score\":" + blanks + "7" + blanks + R"(, "strings": [)" + blanks + "12" + blanks + "]}",
             limits)
            .report;
    EXPECT_EQ(report.score, 7.0) << int{blank};
    EXPECT_THAT(report.string, ElementsAre("12")) << int{blank};
  }
}

TEST(Limits, AValueThatIsTooLongCannotBeRead) {
  Limits limits;
  limits.max_token_bytes = limits.max_field_bytes = 10;
  const auto report =
      Read("{\"strings\": [11111111111x, 1" + std::string(200, ' ') + "x, 1111111111]}", limits).report;
  EXPECT_THAT(report.string, ElementsAre("1111111111"));
  EXPECT_THAT(NotesOf(report), ElementsAre("strings[]: unreadable value ×2"));
}

TEST(Limits, ALongListLosesItsEnd) {
  Limits limits;
  limits.max_items = 3;
  const auto report = Read(R"({"strings": ["a", "b", "c", "d", "e"]})", limits).report;
  EXPECT_THAT(report.string, ElementsAre("a", "b", "c"));
  EXPECT_THAT(NotesOf(report), ElementsAre("strings[]: left out: over 3 items ×2"));
}

TEST(Limits, TheDocumentIsKeptWithinItsLimitAtTheCostOfTheLongestList) {
  Limits limits;
  limits.max_document_bytes = 100'000;
  const auto report = Read(TwoLists(5000, 100, 100), limits).report;
  EXPECT_LE(model::ToJson(report).size(), limits.max_document_bytes);
  EXPECT_GE(model::ToJson(report).size(), limits.max_document_bytes * 3 / 4);
  EXPECT_EQ(report.mutex.size(), 100U);
  std::int64_t left_out = 0;
  for (const auto& note : report.parse_notes) left_out += note.times;
  EXPECT_EQ(report.string.size() + static_cast<std::size_t>(left_out), 5000U);
}

TEST(Limits, AnEqualKeyMakesRoomAgain) {
  Limits limits;
  limits.max_document_bytes = 100'000;
  std::string document = TwoLists(5000, 100, 100);
  document.back() = ',';
  const auto report = Read(document + R"("strings": ["a"]})", limits).report;
  EXPECT_THAT(report.string, ElementsAre("a"));
  EXPECT_THAT(NotesOf(report), IsEmpty());
}

TEST(Limits, ControlCharactersCountAsTheyAreStored) {
  Limits limits;
  limits.max_document_bytes = 50'000;
  std::string document = R"({"strings": [)";
  for (int i = 0; i < 500; ++i)
    document += R"("\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001",)";
  document += R"("end"]})";
  EXPECT_LE(model::ToJson(Read(document, limits).report).size(), limits.max_document_bytes);
  const std::string text("a\"\\\n\x01 \x1F", 7);
  EXPECT_GE(JsonCost(text), model::ToJson([&] {
                              model::Report report;
                              report.string = {text};
                              return report;
                            }())
                                    .size() -
                                model::ToJson({}).size());
}

TEST(Limits, WhatIsHeldIsToldWhileItIsRead) {
  Limits limits;
  limits.max_calls = 10;
  Reader reader(limits);
  reader.Feed(R"({"network": {"hosts": [)" + std::string(100'000, ' ') + R"("1.2.3.4"]}, "strings": [")");
  EXPECT_LT(reader.HeldBytes(), 1'000U);
  reader.Feed(std::string(50'000, 'x') + R"("], "behavior": {"processes": [{"process_name": "a", "calls": [)");
  EXPECT_GE(reader.HeldBytes(), 50'000U);
  EXPECT_LT(reader.HeldBytes(), 52'000U);
  reader.Feed(R"({"api": "NtClose", "arguments": {"a": ")" + std::string(20'000, 'x') + R"("}}, )" +
              std::string(200, ' '));
  EXPECT_GE(reader.HeldBytes(), 70'000U);
}

TEST(CommonLevel, LetsTheLongestPay) {
  const std::vector<std::size_t> sizes = {10, 100, 1000};
  EXPECT_EQ(CommonLevel(sizes, 310), 200U);
  EXPECT_EQ(CommonLevel(sizes, 150), 70U);
  EXPECT_EQ(CommonLevel(sizes, 0), 0U);
}

}  // namespace
}  // namespace brood::report
