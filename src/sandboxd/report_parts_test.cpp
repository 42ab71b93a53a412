#include "sandboxd/report_parts.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include <boost/json.hpp>

namespace brood::sandboxd {
namespace {

namespace json = boost::json;

/// The body that 2.0.7 was recorded to answer.
std::string Recorded(std::string_view note) {
  std::ifstream in("src/sandboxd/testdata/cuckoo-2.0.7-reported.jsonl");
  for (std::string line; std::getline(in, line);) {
    const json::value exchange = json::parse(line);
    if (exchange.at("note").as_string() == note)
      return json::value_to<std::string>(exchange.at("response").at("body"));
  }
  return {};
}

TEST(PartOfReport, IsWrittenAsRecorded) {
  EXPECT_EQ(PartOfReport(Persona::kCuckoo2, Recorded("report"), "info"), Recorded("report elements=info"));
}

TEST(PartOfReport, IsCompactOfBroodsOwnPersona) {
  EXPECT_EQ(PartOfReport(Persona::kBrood, R"({"a": {"c": [1, 2], "b": "x"}})", "a"), R"({"c":[1,2],"b":"x"})");
}

TEST(PartOfReport, SortsKeysAtAnyDepthAndKeepsAFractionAFraction) {
  EXPECT_EQ(PartOfReport(Persona::kCuckoo2, R"({"a": [{"z": 1.0, "y": {}}, [], 1e300, -0.5, null]})", "a"),
            R"([{"y": {}, "z": 1.0}, [], 1e+300, -0.5, null])");
}

TEST(PartOfReport, IsAbsentWhereTheReportHasNoSuchMember) {
  EXPECT_EQ(PartOfReport(Persona::kCuckoo2, Recorded("report"), "bogus").error(), ReportProblem::kAbsent);
}

TEST(PartOfReport, IsNoneOfADamagedReport) {
  const std::string whole = Recorded("report");
  for (const std::string& damaged :
       {whole.substr(0, whole.size() / 2), whole + "}", std::string(), std::string("[]")}) {
    EXPECT_EQ(PartOfReport(Persona::kCuckoo2, damaged, "info").error(), ReportProblem::kDamaged);
    EXPECT_EQ(SummaryOfReport(Persona::kCuckoo2, damaged).error(), ReportProblem::kDamaged);
  }
}

TEST(SummaryOfReport, IsWrittenAsRecorded) {
  EXPECT_EQ(SummaryOfReport(Persona::kCuckoo2, Recorded("report")), Recorded("summary"));
}

}  // namespace
}  // namespace brood::sandboxd
