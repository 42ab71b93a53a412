#include "cli/own_sandbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/file.hpp"

namespace brood::cli {
namespace {

class OwnSandboxTest : public testing::Test {
 protected:
  /// Settings as a first start sees them: no node is configured.
  Settings Fresh() const {
    Settings settings;
    settings.general.state_dir = state_.Path();
    return settings;
  }
  std::string StartedAt() {
    Settings settings = Fresh();
    const OwnSandbox sandbox(settings, metrics_, clock_);
    EXPECT_TRUE(sandbox.Started());
    EXPECT_EQ(settings.sandbox.nodes.size(), 1U);
    EXPECT_EQ(settings.sandbox.nodes.at(0).url, sandbox.Url());
    return sandbox.Url();
  }
  TempDir state_;
  metrics::Registry metrics_;
  SystemClock clock_;
};

TEST_F(OwnSandboxTest, IsFoundAtTheSameAddressAfterARestart) {
  const std::string first = StartedAt();
  EXPECT_THAT(first, testing::StartsWith("http://127.0.0.1:"));
  EXPECT_EQ(StartedAt(), first);
}

TEST_F(OwnSandboxTest, LeavesSettingsWithANodeAlone) {
  Settings settings = Fresh();
  settings.sandbox.nodes.push_back({.url = "http://cuckoo:8090", .token = {}, .dialect = {}, .parallel = 1});
  const OwnSandbox sandbox(settings, metrics_, clock_);
  EXPECT_FALSE(sandbox.Started());
  EXPECT_EQ(settings.sandbox.nodes.size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(state_ / "sandbox.port"));
}

TEST_F(OwnSandboxTest, SaysWhichFileNamesAPortThatIsTaken) {
  Settings settings = Fresh();
  const OwnSandbox sandbox(settings, metrics_, clock_);
  Settings second = Fresh();
  try {
    const OwnSandbox twin(second, metrics_, clock_);
    FAIL() << "two sandboxes on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr((state_ / "sandbox.port").string()));
  }
}

TEST_F(OwnSandboxTest, TakesAnyPortWhereTheFileIsDamaged) {
  std::ofstream(state_ / "sandbox.port") << "99999999 nonsense";
  EXPECT_THAT(StartedAt(), testing::StartsWith("http://127.0.0.1:"));
}

}  // namespace
}  // namespace brood::cli
