#include "sandboxd/sandboxd.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "base/digest.hpp"
#include "http/raw_server.hpp"
#include "report/reader.hpp"
#include "sandboxd/testing/pe_file.hpp"
#include "sandboxd/testing/running_sandbox.hpp"
#include "sandboxd/testing/samples.hpp"

namespace brood::sandboxd {
namespace {

using testing::Contains;
using testing::HasSubstr;

namespace json = boost::json;

std::vector<std::string> SignatureNames(const json::value& report) {
  std::vector<std::string> names;
  for (const auto& signature : report.at("signatures").as_array()) {
    names.push_back(json::value_to<std::string>(signature.at("name")));
  }
  return names;
}

TEST(StaticEngine, FindsTheEicarTestFile) {
  RunningSandbox sandbox;
  const auto id =
      sandbox.Submit("eicar.com", EicarText(), {{"custom", "mine brood:1f:1"}, {"owner", "brood-1f"}});
  ASSERT_EQ(sandbox.Await(id), "reported");
  const json::value report = sandbox.Report(id);
  EXPECT_THAT(SignatureNames(report), Contains("eicar_test_file"));
  EXPECT_EQ(report.at("signatures").at(0).at("severity").as_int64(), 5);
  EXPECT_EQ(report.at("info").at("score").to_number<double>(), 10.0);
  EXPECT_EQ(report.at("info").at("id").as_int64(), id);
  EXPECT_EQ(report.at("info").at("custom").as_string(), "mine brood:1f:1");
  EXPECT_EQ(report.at("info").at("platform").as_string(), "static");
  EXPECT_EQ(report.at("info").at("machine").at("manager").as_string(), "brood static engine");
  EXPECT_EQ(report.at("target").at("file").at("sha256").as_string(),
            "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f");
  EXPECT_EQ(report.at("target").at("file").at("name").as_string(), "eicar.com");
  EXPECT_FALSE(report.as_object().contains("behavior"));
}

TEST(StaticEngine, TellsTheFactsOfASystemProgramAndFindsNothingInIt) {
  RunningSandbox sandbox;
  const auto id = sandbox.Submit("ls", ReadFile("/bin/ls").value());
  ASSERT_EQ(sandbox.Await(id), "reported");
  const json::value report = sandbox.Report(id);
  EXPECT_LT(report.at("info").at("score").to_number<double>(), 2.0);
  EXPECT_EQ(report.at("static").at("elf").at("type").as_string(), "shared object");
  EXPECT_THAT(json::value_to<std::string>(report.at("target").at("file").at("type")), HasSubstr("ELF 64-bit"));
  EXPECT_GT(report.at("strings").as_array().size(), 100U);
}

TEST(StaticEngine, TellsTheFactsOfAWindowsProgram) {
  RunningSandbox sandbox;
  const auto id = sandbox.Submit("a.exe", inspect::MakePe());
  ASSERT_EQ(sandbox.Await(id), "reported");
  const json::value report = sandbox.Report(id);
  EXPECT_EQ(report.at("static").at("pe").at("imports").at(0).as_string(), "KERNEL32.dll");
  EXPECT_TRUE(report.at("signatures").as_array().empty());
}

TEST(StaticEngine, FindsASectionOfCodeThatIsPacked) {
  std::string noise;
  std::mt19937 numbers(1);
  for (int i = 0; i < 8'192; ++i) noise += static_cast<char>(numbers());
  std::string file = inspect::MakePe("KERNEL32.dll", noise);
  file[0x178 + 39] = '\x60';  // the section's flags: code that may be run
  RunningSandbox sandbox;
  const auto id = sandbox.Submit("a.exe", file);
  ASSERT_EQ(sandbox.Await(id), "reported");
  EXPECT_THAT(SignatureNames(sandbox.Report(id)), Contains("pe_high_entropy_section"));
}

TEST(StaticEngine, SaysThatItDidNotVisitAUrl) {
  RunningSandbox sandbox;
  const auto answer = sandbox.Post("/tasks/create/url", "url=http%3A%2F%2Fexample.test%2F&custom=mine",
                                   "application/x-www-form-urlencoded");
  const auto id = json::parse(answer.body).at("task_id").as_int64();
  ASSERT_EQ(sandbox.Await(id), "reported");
  const json::value report = sandbox.Report(id);
  EXPECT_EQ(report.at("target").at("url").as_string(), "http://example.test/");
  EXPECT_THAT(json::serialize(report.at("debug").at("errors")), HasSubstr("does not visit"));
  EXPECT_EQ(report.at("info").at("custom").as_string(), "mine");
}

TEST(StaticEngine, WritesReportsThatAreReadWithoutANote) {
  RunningSandbox sandbox;
  for (const std::string& content : {EicarText(), inspect::MakePe(), ReadFile("/bin/ls").value()}) {
    const auto id = sandbox.Submit("x", content, {{"custom", "mine brood:1f:1"}});
    ASSERT_EQ(sandbox.Await(id), "reported");
    const auto read = report::ReadAll(sandbox.Get("/tasks/report/" + std::to_string(id)).body);
    ASSERT_TRUE(read) << Describe(read.error());
    EXPECT_TRUE(read->report.parse_notes.empty());
    EXPECT_EQ(read->report.sha256, Sha256Hex(content));
    EXPECT_EQ(read->facts.custom, "mine brood:1f:1");
    EXPECT_EQ(read->facts.platform, "static");
    EXPECT_FALSE(read->report.date.empty());
  }
}

TEST(Sandboxd, TellsABadRuleFileOrAUsedPort) {
  const TempDir folder;
  std::ofstream(folder / "bad.yar") << "rule bad {";
  Settings settings;
  settings.yara_rules = {(folder / "bad.yar").string()};
  EXPECT_THROW(RunningSandbox{settings}, std::runtime_error);
  RunningSandbox first;
  settings = {};
  settings.listen_port = first.Port();
  settings.storage = folder / "storage";
  metrics::Registry metrics;
  SystemClock clock;
  Sandboxd second(settings, metrics, clock);
  const auto port = second.Start();
  ASSERT_FALSE(port);
  EXPECT_THAT(Describe(port.error()), HasSubstr(std::to_string(first.Port())));
}

TEST(Sandboxd, CountsRequestsByCall) {
  RunningSandbox sandbox;
  sandbox.Submit("a", "b");
  sandbox.Get("/tasks/list");
  sandbox.Get("/v1/tasks/list/5");
  const auto requests = sandbox.Json("/brood/statistics").at("requests");
  EXPECT_EQ(requests.at("create").as_int64(), 1);
  EXPECT_EQ(requests.at("list").as_int64(), 2);
  EXPECT_EQ(requests.at("report").as_int64(), 0);
}

TEST(Settings, AreDescribedRowByRow) {
  Settings settings;
  const config::Section section = Describe(settings);
  for (const char* key :
       {"listen_port", "engine", "persona", "yara_rules", "fault_no_report", "faults_on_request"}) {
    EXPECT_NE(section.FindRow(key), nullptr) << key;
  }
  EXPECT_EQ(section.FindRow("engine")->default_text, "\"static\"");
}

TEST(Persona, OfBroodKeepsConnectionsAndOfCuckooClosesThem) {
  const std::string ask = "GET /tasks/list HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n";
  for (const Persona persona : {Persona::kBrood, Persona::kCuckoo2, Persona::kCuckoo1}) {
    Settings settings;
    settings.persona = persona;
    RunningSandbox sandbox(settings);
    auto connection = http::RawConnection::To(sandbox.Port());
    connection.Send(ask);
    const bool keeps = persona == Persona::kBrood;
    EXPECT_THAT(connection.ReadMessage(), HasSubstr(keeps ? "HTTP/1.1 200 OK" : "HTTP/1.0 200 OK"));
    connection.Send(ask);
    EXPECT_EQ(connection.ReadMessage().empty(), !keeps);
  }
}

}  // namespace
}  // namespace brood::sandboxd
