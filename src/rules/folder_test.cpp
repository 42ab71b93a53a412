#include "rules/folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "rules/lists_folder.hpp"
#include "rules/reloader.hpp"

namespace brood::rules {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kOneRule =
    R"({"info": {"type": "hash"}, "rules": {"mutex": [{"rules": "a", "score": 1}]}})";

void Write(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  ASSERT_TRUE(WriteFileDurably(path, text));
}

TEST(LoadFolder, AddsUpAllJsonFilesByName) {
  const TempDir folder;
  Write(folder / "b.json", kOneRule);
  Write(folder / "a.json", kOneRule);
  Write(folder / "notes.txt", "no rules");
  Write(folder / ".hidden.json", "no rules");
  EXPECT_EQ(ReadRuleFolder(folder.Path())->front().name, "a.json");
  EXPECT_EQ(LoadFolder(folder.Path())->Size(), 2U);
}

TEST(LoadFolder, NamesAFolderThatIsNotThere) {
  const auto set = LoadFolder("/no/such/folder");
  ASSERT_FALSE(set);
  EXPECT_THAT(set.error().at(0).what, HasSubstr("/no/such/folder"));
}

TEST(LoadFolder, NamesAFileThatCannotBeRead) {
  const TempDir folder;
  std::filesystem::create_directory(folder / "folder.json");
  EXPECT_THAT(LoadFolder(folder.Path()).error().at(0).what, HasSubstr("folder.json"));
}

class ReloaderTest : public testing::Test {
 protected:
  ReloaderTest() {
    Write(folder_ / "a.json", kOneRule);
    const RuleSource source = FolderSource(folder_.Path().string(), {});
    const std::string fingerprint = source.fingerprint();
    reloader_.emplace(source, source.load().value(), fingerprint, clock_, 2s);
  }

  Reloader::Check PollLater() {
    clock_.Advance(2s);
    return reloader_->Poll();
  }

  TempDir folder_;
  ManualClock clock_;
  std::optional<Reloader> reloader_;
};

TEST_F(ReloaderTest, LeavesUnchangedRulesAlone) {
  EXPECT_EQ(PollLater().outcome, Reloader::Outcome::kUnchanged);
  EXPECT_EQ(reloader_->Current().Size(), 1U);
}

TEST_F(ReloaderTest, TakesChangedRulesOnceTheTimeIsUp) {
  Write(folder_ / "b.json", kOneRule);
  EXPECT_EQ(reloader_->Poll().outcome, Reloader::Outcome::kUnchanged);
  EXPECT_EQ(PollLater().outcome, Reloader::Outcome::kReloaded);
  EXPECT_EQ(reloader_->Current().Size(), 2U);
  EXPECT_EQ(PollLater().outcome, Reloader::Outcome::kUnchanged);
}

TEST_F(ReloaderTest, KeepsTheOldRulesWhenTheNewAreBrokenAndTellsItOnce) {
  Write(folder_ / "a.json", "{");
  const auto check = PollLater();
  EXPECT_EQ(check.outcome, Reloader::Outcome::kKeptOld);
  EXPECT_THAT(check.problems, SizeIs(1));
  EXPECT_EQ(reloader_->Current().Size(), 1U);
  EXPECT_EQ(PollLater().outcome, Reloader::Outcome::kUnchanged);
}

TEST_F(ReloaderTest, KeepsTheOldRulesWhenTheFolderIsGone) {
  std::filesystem::remove_all(folder_.Path());
  EXPECT_EQ(PollLater().outcome, Reloader::Outcome::kKeptOld);
  EXPECT_EQ(reloader_->Current().Size(), 1U);
}

TEST(Reloader, KeepsTheOldRulesInForceWhileTheNewAreCompiled) {
  ManualClock clock;
  const Reloader* reloader = nullptr;
  std::size_t in_force_meanwhile = 99;
  const auto load = [&] {
    in_force_meanwhile = reloader->Current().Size();
    return Compile(std::vector{RuleFile{"a.json", kOneRule}});
  };
  Reloader reloads({[] { return "changed"; }, load}, Compile({}).value(), "old", clock, 2s);
  reloader = &reloads;
  clock.Advance(2s);
  EXPECT_EQ(reloads.Poll().outcome, Reloader::Outcome::kReloaded);
  EXPECT_EQ(in_force_meanwhile, 0U);
  EXPECT_EQ(reloads.Current().Size(), 1U);
}

TEST(LoadListsFolder, ReadsEachKindOfList) {
  const TempDir folder;
  Write(folder / "whitelist.txt",
        "# ours\n192.168.0.0/16 private nets # at home\r\n\n2001:db8::/32\n8.8.8.8 resolver");
  Write(folder / "whitelist_hashes.txt", "D41D8CD98F00B204E9800998ECF8427E the empty file\n");
  Write(folder / "whitelist_domains.txt", "Update.Example. ours\n");
  Write(folder / "third_party/C&C.txt", "192.0.2.1\n198.51.100.0/24 # net\n203.0.113.5-203.0.113.9\n");
  Write(folder / "third_party/tor.txt", "");
  const auto lists = LoadListsFolder(folder.Path());
  ASSERT_TRUE(lists) << FormatProblems(lists.error());
  EXPECT_TRUE(lists->ip_whitelist.Contains("192.168.255.255"));
  EXPECT_TRUE(lists->ip_whitelist.Contains("2001:db8::1"));
  EXPECT_TRUE(lists->ip_whitelist.Contains("8.8.8.8"));
  EXPECT_TRUE(lists->hash_whitelist.contains("d41d8cd98f00b204e9800998ecf8427e"));
  EXPECT_TRUE(lists->domain_whitelist.contains("update.example"));
  EXPECT_TRUE(lists->third_party.at("C&C").Contains("203.0.113.9"));
  EXPECT_FALSE(lists->third_party.at("C&C").Contains("203.0.113.10"));
  EXPECT_EQ(lists->third_party.at("tor").Size(), 0U);
}

TEST(LoadListsFolder, TellsEveryBadLineOfEveryFile) {
  const TempDir folder;
  Write(folder / "whitelist.txt", "10.0.0.0/8 ok\nhost name\n10.0.0.0/99");
  Write(folder / "whitelist_hashes.txt", "abc");
  Write(folder / "whitelist_domains.txt", "http://a.example");
  Write(folder / "third_party/C&C.txt", "#\n1.2.3.4-1.2.3.3");
  EXPECT_EQ(FormatProblems(LoadListsFolder(folder.Path()).error()),
            "whitelist.txt:2: 'host' is no IP address\n"
            "whitelist.txt:3: '99' is no prefix length from 0 to 32\n"
            "whitelist_hashes.txt:1: 'abc' is no MD5, SHA-1, SHA-256 or SHA-512 in hex\n"
            "whitelist_domains.txt:1: 'http://a.example' is no domain; one like example.com is due\n"
            "third_party/C&C.txt:2: the range ends at 1.2.3.3, before it begins\n");
}

TEST(LoadListsFolder, TakesAFolderWithoutListsButNotAMissingOne) {
  const TempDir folder;
  EXPECT_TRUE(LoadListsFolder(folder.Path()));
  EXPECT_EQ(FormatProblems(LoadListsFolder(folder / "none").error()),
            (folder / "none").string() + ": is no folder\n");
}

TEST(ParseWhitelist, KeepsTheOwner) {
  const auto entries = ParseWhitelist("w", "10.0.0.0/8  the private nets");
  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->at(0).subnet, "10.0.0.0/8");
  EXPECT_EQ(entries->at(0).owner, "the private nets");
}

}  // namespace
}  // namespace brood::rules
