#include "rules/unused_fields.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/report_json.hpp"
#include "rules/evaluate.hpp"
#include "rules/folder.hpp"
#include "rules/keys.hpp"

namespace brood::rules {
namespace {

using testing::Contains;
using testing::Not;

/// With something for each key whose values are texts, numbers or severities of the report.
model::Report Report() {
  model::Report report;
  report.md5 = "d41d8cd98f00b204e9800998ecf8427e";
  report.process = {{"hit", "hit"}};
  report.dir_created = report.dir_enumerated = report.dir_removed = {"hit"};
  report.file_deleted = report.file_opened = report.file_read = report.file_written = {"hit"};
  report.regkey_deleted = report.regkey_opened = report.regkey_read = report.regkey_written = {"hit"};
  report.mutex = report.string = report.dll_loaded = {"hit"};
  report.signature = {{"hit", 5, ""}};
  report.score = 5;
  report.vt_matched = 5;
  report.api_call = {{"hit", 5}};
  report.ip = report.dead_host = {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"};
  report.tcp = report.udp = {{"", "192.0.2.1", 5}};
  report.http = {{"http://192.0.2.1/", "hit", "GET", "", "192.0.2.1", "hit"}};
  return report;
}

std::string ValueFor(const KeyInfo& key) {
  switch (key.kind) {
    case ValueKind::kText:
    case ValueKind::kExact:
      return R"("hit")";
    case ValueKind::kInteger:
    case ValueKind::kPort:
      return "5";
    case ValueKind::kNumberRange:
    case ValueKind::kCountRange:
      return R"("5-5")";
    case ValueKind::kIpRange:
      return R"("192.0.2.1-192.0.2.1")";
    case ValueKind::kSubnet:
      return R"("192.0.2.1/32")";
    case ValueKind::kCategory:
      return R"("C&C")";
  }
  return "";
}

TEST(UnusedFields, LeaveEveryKeyWhatItLooksAt) {
  const std::string document = model::ToJson(Report());
  Lists lists;
  const std::vector listed = {ParseSubnet("192.0.2.1").value()};
  lists.third_party["C&C"] = IpSet(listed);
  for (const KeyInfo& key : AllKeys()) {
    const RuleFile file{
        "t.json",
        fmt::format(R"({{"info": {{"type": "hash"}}, "rules": {{"{}": [{{"rules": [{}], "score": 3}}]}}}})",
                    key.name, ValueFor(key))};
    const RuleSet rules = Compile(std::span(&file, 1)).value();
    const auto report = model::ReportFromJson(document, UnusedFields(rules));
    ASSERT_TRUE(report) << key.name;
    const auto verdicts = Evaluate(rules, *report, lists).verdicts;
    EXPECT_EQ(verdicts, Evaluate(rules, Report(), lists).verdicts) << key.name;
    EXPECT_EQ(verdicts.at(0).score, 3.0) << key.name;
  }
}

TEST(UnusedFields, AreThoseOfNoKeyOfTheSet) {
  const RuleFile file{"t.json", R"({"info": {"type": "hash"}, "rules": {"mutex": [{"rules": "m", "score": 1}],
                                   "process_name": [{"rules": "p", "score": 1}]}})"};
  const auto unused = UnusedFields(Compile(std::span(&file, 1)).value());
  for (const char* field : {"api_call", "dll_loaded", "file_read", "string", "regkey_read", "signature"})
    EXPECT_THAT(unused, Contains(field));
  for (const char* field : {"mutex", "process", "md5", "ip", "http"}) EXPECT_THAT(unused, Not(Contains(field)));
}

}  // namespace
}  // namespace brood::rules
