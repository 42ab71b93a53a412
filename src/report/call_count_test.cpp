// Calls are counted in passing, by short ways for what is written as sandboxes write it: every other way of
// writing must count alike, wherever blocks and pieces end.
#include <gmock/gmock.h>

#include "report/read_text.hpp"

namespace brood::report {
namespace {

using testing::UnorderedElementsAreArray;

struct Item {
  std::string json;
  std::string name;  ///< "": none is counted
};

std::vector<Item> Items() {
  const std::string long_name(300, 'L');
  return {{R"({"api":"A"})", "A"},
          {R"({"api": "B", "x": 1})", "B"},
          {R"({"api" : "C"})", "C"},
          {R"({"api":"D" })", "D"},
          {R"({"api":"api"})", "api"},
          {R"({"x":"api","api":"E"})", "E"},
          {R"({"api":"no","api":"F"})", "F"},
          {R"({"api":"no","api": null})", ""},
          {R"({"api":"\u0047\"[{"})", "G\"[{"},
          {R"({"api":"H","z":"},{"})", "H"},
          {R"({"z":"\"api\":\"no\"","api":"I"})", "I"},
          {R"({"a":{"api":"no"},"api":"J","b":[{"api":"no"}, {"api":"no"}]})", "J"},
          {R"({"a":[{"api":"no"},{"api":"no"}]})", ""},
          {R"({"api":["no"],"apj":"no","ap":"no","xapi":"no"})", ""},
          {R"({})", ""},
          {R"({"api":")" + long_name + R"("})", long_name}};
}

std::string Report(std::size_t before, std::string_view separator) {
  std::string calls;
  for (int i = 0; i < 2; ++i) {
    for (const Item& item : Items()) (calls += calls.empty() ? "" : separator) += item.json;
  }
  return R"({"behavior":{"processes":[{"x":")" + std::string(before, 'x') + R"(","calls":[)" + calls + "]}]}}";
}

TEST(CallCount, IsTheSameHoweverAndWhereverACallIsWritten) {
  std::vector<model::ApiCall> expected;
  for (const Item& item : Items()) {
    if (!item.name.empty()) expected.push_back({item.name, 2});
  }
  for (const char* separator : {",", ", ", " ,", ",\n  "}) {
    for (std::size_t before = 0; before < 64; ++before) {
      const auto report = Read(Report(before, separator)).report;
      ASSERT_THAT(report.api_call, UnorderedElementsAreArray(expected)) << before << separator;
      ASSERT_THAT(NotesOf(report), testing::ElementsAre("behavior.processes[].calls[].api: wrong type ×2"))
          << "the list in its place";
    }
  }
}

TEST(CallCount, BrokenSyntaxIsNotedAndTheRestCounted) {
  for (std::size_t before = 0; before < 64; ++before) {
    const std::string calls = R"([{"api":"A" "b":1},{"api":"B"}{"api":"C"},{"api":"D"]},{"api":"E"}])";
    const std::string padding(before, 'x');
    const auto report =
        Read(R"({"behavior":{"processes":[{"x":")" + padding + R"(","calls":)" + calls + "}]}}").report;
    ASSERT_FALSE(report.parse_notes.empty());
    for (const char* name : {"A", "B", "C", "D"}) {
      ASSERT_THAT(report.api_call, testing::Contains(model::ApiCall{name, 1})) << before;
    }
  }
}

}  // namespace
}  // namespace brood::report
