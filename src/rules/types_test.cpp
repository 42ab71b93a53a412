#include "rules/types.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/check.hpp"
#include "rules/evaluate.hpp"
#include "rules/try.hpp"

namespace brood::rules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

RuleFile File(const std::string& type, const std::string& rules) {
  return {type + ".json", fmt::format(R"({{"info": {{"type": "{}"}}, "rules": {{{}}}}})", type, rules)};
}

RuleSet Rules(const std::string& type, const std::string& rules) {
  auto set = Compile(std::vector{File(type, rules)});
  if (!set) throw std::runtime_error(FormatProblems(set.error()));
  return *set;
}

/// "type value: score, blacklisted" each.
std::vector<std::string> Listed(const Evaluation& evaluation) {
  std::vector<std::string> lines;
  for (const model::Verdict& verdict : evaluation.verdicts) {
    if (verdict.type == "hash") continue;
    lines.push_back(fmt::format("{} {}: {}{}", verdict.type, verdict.value, verdict.score,
                                verdict.blacklisted ? ", blacklisted" : ""));
  }
  return lines;
}

model::Report TwoHosts() {
  model::Report report;
  report.mutex = {"evil"};
  report.ip = {"192.0.2.1", "192.0.2.2"};
  report.domain = {{"192.0.2.1", "one.example"}, {"192.0.2.2", "two.example"}};
  report.tcp = {{"10.0.0.9", "192.0.2.1", 80}, {"10.0.0.9", "192.0.2.2", 6667}};
  report.http = {{"http://one.example/gate.php", "agent", "GET", "", "one.example", "/gate.php"}};
  return report;
}

TEST(RuleTypes, AreHashIpDomainAndUrl) {
  std::vector<std::string_view> names;
  for (const TypeInfo& type : AllTypes()) names.push_back(type.name);
  EXPECT_THAT(names, ElementsAre("hash", "ip", "domain", "url"));
}

TEST(RuleTypes, ListOnlyWhatsOwnConnectionsMatch) {
  constexpr auto kRules = R"("tcp_port": [{"rules": 6667, "score": 1.5}],
                             "http_path": [{"rules": "/gate.php", "score": 2}],
                             "mutex": [{"rules": "evil", "score": 0.5}])";
  EXPECT_THAT(Listed(Evaluate(Rules("ip", kRules), TwoHosts(), {})),
              ElementsAre("ip 192.0.2.1: 2.5, blacklisted", "ip 192.0.2.2: 2, blacklisted"));
  EXPECT_THAT(Listed(Evaluate(Rules("domain", kRules), TwoHosts(), {})),
              ElementsAre("domain one.example: 2.5, blacklisted", "domain two.example: 2, blacklisted"));
  EXPECT_THAT(Listed(Evaluate(Rules("url", kRules), TwoHosts(), {})),
              ElementsAre("url http://one.example/gate.php: 2.5, blacklisted"));
}

TEST(RuleTypes, ListNothingByTheWholeReportAlone) {
  const RuleSet rules = Rules("ip", R"("mutex": [{"rules": "evil", "score": 9}],
                                       "tcp_port": [{"rules": 6667, "score": 0}])");
  EXPECT_THAT(Listed(Evaluate(rules, TwoHosts(), {})), ElementsAre("ip 192.0.2.2: 9, blacklisted"));
}

TEST(RuleTypes, AMatchInAnIncompleteGroupListsNothing) {
  const RuleSet rules =
      Rules("ip", R"("mutex": [{"rules": "evil", "score": 9}, {"rules": "x", "score": 1, "group_id": 1}],
                                       "tcp_port": [{"rules": 6667, "score": 1, "group_id": 1}])");
  const Evaluation evaluation = Evaluate(rules, TwoHosts(), {});
  EXPECT_THAT(Listed(evaluation), IsEmpty());
  EXPECT_THAT(evaluation.near_groups, ElementsAre(NearGroup{"ip", "192.0.2.2", 1, 2, "mutex", {"x"}}));
}

TEST(RuleTypes, AGroupIsCompleteForEachValueOnItsOwn) {
  const RuleSet rules = Rules("domain", R"("http_path": [{"rules": "/gate.php", "score": 1, "group_id": 1}],
                                           "tcp_port": [{"rules": 6667, "score": 1, "group_id": 1},
                                                        {"rules": [80, 6667], "score": 0.5}])");
  EXPECT_THAT(Listed(Evaluate(rules, TwoHosts(), {})),
              ElementsAre("domain one.example: 0.5", "domain two.example: 0.5"));
}

TEST(RuleTypes, EachValueHasItsOwnReasons) {
  const RuleSet rules = Rules("ip", R"("tcp_port": [{"rules": [80, 6667], "score": 1}])");
  const auto verdicts = Evaluate(rules, TwoHosts(), {}).verdicts;
  ASSERT_THAT(verdicts, SizeIs(2));
  EXPECT_THAT(verdicts[0].reasons, ElementsAre(model::Reason{"tcp_port", "80", "80"}));
  EXPECT_THAT(verdicts[1].reasons, ElementsAre(model::Reason{"tcp_port", "6667", "6667"}));
}

TEST(RuleTypes, CountTheirOwnDeadHosts) {
  model::Report report = TwoHosts();
  report.dead_host = {"192.0.2.1", "192.0.2.2"};
  EXPECT_THAT(
      Listed(Evaluate(Rules("domain", R"("dead_host_amount": [{"rules": "1-1", "score": 1}])"), report, {})),
      ElementsAre("domain one.example: 1", "domain two.example: 1"));
}

TEST(RuleTypes, WhitelistedValuesAreNoCandidates) {
  constexpr auto kRules = R"("tcp_port": [{"rules": [80, 6667], "score": 9}])";
  Lists lists;
  lists.ip_whitelist = IpSet({*ParseSubnet("192.0.2.1")});
  EXPECT_THAT(Listed(Evaluate(Rules("ip", kRules), TwoHosts(), lists)),
              ElementsAre("ip 192.0.2.2: 9, blacklisted"));
  EXPECT_THAT(Listed(Evaluate(Rules("domain", kRules), TwoHosts(), lists)),
              ElementsAre("domain two.example: 9, blacklisted"));
  EXPECT_THAT(Listed(Evaluate(Rules("url", kRules), TwoHosts(), lists)), IsEmpty());
  lists = {};
  lists.domain_whitelist = {"example"};
  EXPECT_THAT(Listed(Evaluate(Rules("domain", kRules), TwoHosts(), lists)), IsEmpty());
  EXPECT_THAT(Listed(Evaluate(Rules("url", kRules), TwoHosts(), lists)), IsEmpty());
  EXPECT_THAT(Listed(Evaluate(Rules("ip", kRules), TwoHosts(), lists)), SizeIs(2));
}

TEST(RuleTypes, AUrlOfAWhitelistedAddressIsNoCandidate) {
  model::Report report;
  report.http = {{"http://192.0.2.1/x", "", "GET", "", "192.0.2.1", "/x"}};
  const RuleSet rules = Rules("url", R"("http_path": [{"rules": "/x", "score": 9}])");
  Lists lists;
  EXPECT_THAT(Listed(Evaluate(rules, report, lists)), SizeIs(1));
  lists.ip_whitelist = IpSet({*ParseSubnet("192.0.2.0/24")});
  EXPECT_THAT(Listed(Evaluate(rules, report, lists)), IsEmpty());
}

TEST(RuleTypes, NeedNoMd5) {
  const Evaluation evaluation =
      Evaluate(Rules("ip", R"("tcp_port": [{"rules": 6667, "score": 2}])"), TwoHosts(), {});
  EXPECT_EQ(FormatEvaluation("r.json", evaluation),
            "r.json: ip 192.0.2.2: score 2, blacklisted\n"
            "  tcp_port: 6667\n"
            "r.json: no sample to judge: the report has no MD5\n");
}

TEST(RuleTypes, AReportOfTooManyCandidatesIsBoundedAndThatIsTold) {
  model::Report report;
  for (int i = 0; i < 2'000; ++i) {
    report.ip.push_back(fmt::format("10.1.{}.{}", i / 250, i % 250));
    report.domain.push_back({report.ip.back(), "one.example"});
    report.domain.push_back({report.ip.back(), fmt::format("d{}.example", i)});
    report.http.push_back({fmt::format("http://one.example/{}", i), "", "GET", "", "one.example", "/"});
  }
  const RuleSet rules = Rules("url", R"("http_path": [{"rules": "/", "score": 2}])");
  const Evaluation evaluation = Evaluate(rules, report, {});
  EXPECT_THAT(evaluation.verdicts, SizeIs(499)) << "each has the 2,000 addresses of its host";
  ASSERT_THAT(evaluation.limit_hits, SizeIs(1));
  EXPECT_EQ(evaluation.limit_hits[0].key, "url");
  EXPECT_EQ(evaluation.limit_hits[0].value, "http://one.example/499");
  EXPECT_THAT(evaluation.limit_hits[0].what, HasSubstr("not judged"));
}

TEST(RuleTypes, TheCheckWarnsOfKeysThatMakeNoSense) {
  const RuleSet url = Rules("url", R"("udp_port": [{"rules": 53, "score": 1}, {"rules": 54, "score": 1}])");
  EXPECT_EQ(FormatProblems(url.Warnings()),
            "url.json: warning: udp_port: in rules of type url it never matches: a URL's own connections are "
            "those over TCP\n");
  const RuleSet ip = Rules("ip", R"("dead_host_amount": [{"rules": "3-9", "score": 1}])");
  EXPECT_EQ(FormatProblems(ip.Warnings()),
            "ip.json: warning: dead_host_amount: in rules of type ip it counts the address itself alone: the "
            "number is 0 or 1\n");
  EXPECT_THAT(Rules("hash", R"("udp_port": [{"rules": 53, "score": 1}],
                               "dead_host_amount": [{"rules": "3-9", "score": 1}])")
                  .Warnings(),
              IsEmpty());
}

TEST(RuleTypes, TheCheckWarnsOfRulesThatCanListNothing) {
  constexpr auto kRules = R"("mutex": [{"rules": "evil", "score": 9}])";
  EXPECT_THAT(FormatProblems(Rules("domain", kRules).Warnings()),
              HasSubstr("domain.json: warning: info.type: 'domain': the rules of this type list nothing"));
  EXPECT_THAT(Listed(Evaluate(Rules("domain", kRules), TwoHosts(), {})), IsEmpty());
  const auto both = Compile(
      std::vector{File("domain", kRules),
                  RuleFile{"second.json", File("domain", R"("tcp_port": [{"rules": 80, "score": 1}])").text}});
  EXPECT_THAT(both->Warnings(), IsEmpty());
  EXPECT_THAT(Rules("hash", kRules).Warnings(), IsEmpty());
}

}  // namespace
}  // namespace brood::rules
