#include "model/report_json.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace brood::model {
namespace {

Report FullReport() {
  Report report;
  report.processed = true;
  report.score = 7.25;
  report.date = "2024-02-29 23:59:58";
  report.cuckoo_version = "2.0.7";
  report.cuckoo_options = "a=1,b=2";
  report.binary_name = "quote\" back\\slash \x01 nul" + std::string(1, '\0') + " é €";
  report.file_type = "PE32";
  report.md5 = "m", report.sha1 = "s1", report.sha256 = "s256", report.sha512 = "s512";
  report.machine_info = {"name", "label", "manager"};
  report.signature = {{"sig", 3, "tells"}};
  report.vt_matched = 41;
  report.file_opened = {"o"}, report.file_read = {"r"}, report.file_written = {"w"},
  report.file_deleted = {"d"};
  report.regkey_opened = {"ko"}, report.regkey_read = {"kr"}, report.regkey_written = {"kw"};
  report.regkey_deleted = {"kd"};
  report.mutex = {"mu", ""}, report.dll_loaded = {"dl"};
  report.dir_created = {"dc"}, report.dir_enumerated = {"de"}, report.dir_removed = {"dr"};
  report.process = {{"p.exe", "p.exe /x"}, {"", "cmd"}};
  report.api_call = {{"NtClose", 1LL << 60}};
  report.ip = {"10.0.0.1"};
  report.domain = {{"10.0.0.1", "example.org"}};
  report.tcp = {{"a", "b", 80}}, report.udp = {{"c", "d", 53}};
  report.http = {{"u", "agent", "GET", "body", "host", "/path"}};
  report.http_ex = {{"s", "d", "h", 443, "u", "request", "response"}};
  report.dead_host = {"192.0.2.1"};
  report.string = {"one", "two"};
  report.parse_notes = {{"strings[]", "wrong type", 2}};
  return report;
}

TEST(ReportJson, ReadsBackWhatItWrote) {
  const auto back = ReportFromJson(ToJson(FullReport()));
  ASSERT_TRUE(back) << Describe(back.error());
  EXPECT_EQ(*back, FullReport());
}

TEST(ReportJson, LeavesOutWhatItIsTold) {
  Report expected = FullReport();
  expected.mutex.clear();
  expected.api_call.clear();
  expected.string.clear();
  expected.machine_info = {};
  expected.vt_matched = 0;
  const std::vector<std::string_view> left_out = {"mutex", "api_call", "string", "machine_info", "vt_matched"};
  const auto back = ReportFromJson(ToJson(FullReport()), left_out);
  ASSERT_TRUE(back) << Describe(back.error());
  EXPECT_EQ(*back, expected);
}

TEST(ReportJson, WritesTheDocumentKeysInTheirOrder) {
  EXPECT_EQ(
      ToJson(Report{}),
      R"({"processed":false,"score":0.0,"date":"","cuckoo_version":"","cuckoo_options":"","binary_name":"",)"
      R"("file_type":"","md5":"","sha1":"","sha256":"","sha512":"",)"
      R"("machine_info":{"name":"","label":"","manager":""},"signature":[],"vt_matched":0,"file_opened":[],)"
      R"("file_read":[],"file_written":[],"file_deleted":[],"regkey_opened":[],"regkey_read":[],)"
      R"("regkey_written":[],"regkey_deleted":[],"mutex":[],"dll_loaded":[],"dir_created":[],)"
      R"("dir_enumerated":[],"dir_removed":[],"process":[],"api_call":[],"ip":[],"domain":[],"tcp":[],)"
      R"("udp":[],"http":[],"http_ex":[],"dead_host":[],"string":[],"parse_notes":[]})");
}

TEST(ReportJson, NamesTheUserAgentWithAHyphen) {
  Report report;
  report.http = {{"u", "agent", "GET", "", "h", "/"}};
  EXPECT_NE(ToJson(report).find(R"("user-agent":"agent")"), std::string::npos);
}

TEST(ReportJson, WritesAWholeScoreAsFloatingPoint) {
  Report report;
  report.score = 3;
  EXPECT_NE(ToJson(report).find(R"("score":3.0,)"), std::string::npos);
}

TEST(ReportJson, EscapesSoThatAnotherParserReadsTheSameText) {
  Report report;
  for (int c = 0; c < 128; ++c) report.binary_name += static_cast<char>(c);
  const auto value = boost::json::parse(ToJson(report));
  EXPECT_EQ(std::string(value.at("binary_name").as_string()), report.binary_name);
}

TEST(ReportJson, TakesAbsentKeysAsDefaultsAndLeavesUnknownOnes) {
  const auto report = ReportFromJson(R"({"score": 2, "stored": "2024-01-01 00:00:00"})");
  ASSERT_TRUE(report) << Describe(report.error());
  EXPECT_EQ(report->score, 2.0);
  EXPECT_TRUE(report->string.empty());
}

TEST(ReportJson, NamesThePathOfABadField) {
  const auto report = ReportFromJson(R"({"tcp": [{"src": "a", "dport": 1}, {"dport": "x"}]})");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, ErrorKind::kPermanent);
  EXPECT_EQ(report.error().detail, "tcp[1].dport: not a whole number");
}

TEST(ReportJson, RefusesWhatIsNoObject) {
  EXPECT_FALSE(ReportFromJson("[]"));
  EXPECT_FALSE(ReportFromJson("{\"score\": 1"));
  EXPECT_FALSE(ReportFromJson(""));
}

}  // namespace
}  // namespace brood::model
