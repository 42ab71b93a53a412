#include "sandboxd/sandboxd.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sandboxd/test_samples.hpp"
#include "sandboxd/test_sandbox.hpp"

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
  TestSandbox sandbox;
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
  TestSandbox sandbox;
  const auto id = sandbox.Submit("ls", ReadFile("/bin/ls").value());
  ASSERT_EQ(sandbox.Await(id), "reported");
  const json::value report = sandbox.Report(id);
  EXPECT_LT(report.at("info").at("score").to_number<double>(), 2.0);
  EXPECT_EQ(report.at("static").at("elf").at("type").as_string(), "shared object");
  EXPECT_THAT(json::value_to<std::string>(report.at("target").at("file").at("type")), HasSubstr("ELF 64-bit"));
  EXPECT_GT(report.at("strings").as_array().size(), 100U);
}

}  // namespace
}  // namespace brood::sandboxd
