#include "rules/scan_cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "rules/rule_set.hpp"

namespace brood::rules {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<WideExpression> Wide(const std::string& pattern) { return {Widen(pattern, 0), Widen("second", 0)}; }

class ScanCacheTest : public ::testing::Test {
 protected:
  std::vector<fs::path> Files() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder_)) files.push_back(entry.path());
    return files;
  }

  static ScanPlan FoundOrMade(ScanCache& cache, const std::string& pattern, const std::string& label) {
    const std::vector<WideExpression> wide = Wide(pattern);
    const std::string key = Sha256Hex(pattern);
    if (auto kept = cache.Find(label, key, wide.size())) return std::move(*kept);
    ScanPlan plan = ScanPlan::Make(wide);
    cache.Keep(label, key, plan);
    return plan;
  }

  /// What the cache gives finds what it should, whatever lies in the folder.
  void ExpectGoodPlan(const std::string& pattern = "first") {
    ScanCache cache(folder_);
    const ScanPlan plan = FoundOrMade(cache, pattern, "hash.mutex");
    ASSERT_TRUE(plan.set);
    EXPECT_THAT(plan.places, ElementsAre(PatternPlace{Tier::kExact}, PatternPlace{Tier::kExact}));
    ScanScratch scratch;
    std::vector<std::uint32_t> found;
    EXPECT_EQ(plan.set->Scan("the " + pattern, scratch, found), ScanSet::Outcome::kDone);
    EXPECT_THAT(found, ElementsAre(0));
    EXPECT_THAT(cache.Problems(), IsEmpty());
  }

  /// Fills the cache, lets `damage` change the one file, and expects it to be made good again.
  void ExpectReplacedAfter(const std::function<void(const fs::path&)>& damage) {
    ExpectGoodPlan();
    ASSERT_THAT(Files(), SizeIs(1));
    const fs::path file = Files().front();
    const std::string good = ReadFile(file).value();
    damage(file);
    ExpectGoodPlan();
    EXPECT_THAT(Files(), ElementsAre(file));
    EXPECT_EQ(ReadFile(file).value(), good);
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }

  static void Overwrite(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  }

  TempDir parent_;
  fs::path folder_ = parent_ / "compiled";
};

TEST_F(ScanCacheTest, MakesAFolderAndFilesForItsOwnerAlone) {
  ExpectGoodPlan();
  EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
  ASSERT_THAT(Files(), SizeIs(1));
  EXPECT_THAT(Files().front().filename().string(), ::testing::StartsWith("hash.mutex."));
  EXPECT_EQ(fs::status(Files().front()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(ScanCacheTest, ReadsWhatItKeptInsteadOfCompiling) {
  ExpectGoodPlan();
  const fs::path file = Files().front();
  const fs::file_time_type long_ago = fs::file_time_type::clock::now() - std::chrono::hours(48);
  fs::last_write_time(file, long_ago);
  struct stat before {};
  ASSERT_EQ(::stat(file.c_str(), &before), 0);
  ExpectGoodPlan();
  struct stat after {};
  ASSERT_EQ(::stat(file.c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino) << "a new file was written";
  EXPECT_GT(fs::last_write_time(file), long_ago) << "a file in use must not look old";
}

TEST_F(ScanCacheTest, ReplacesATruncatedFile) {
  for (const std::uintmax_t size : {0U, 10U, 100U, 170U, 1'000U}) {
    ExpectReplacedAfter([&](const fs::path& file) { fs::resize_file(file, size); });
  }
}

TEST_F(ScanCacheTest, ReplacesAFileWithAFlippedBitWhereverItIs) {
  for (const double part : {0.0, 0.03, 0.08, 0.2, 0.6, 0.999}) {
    ExpectReplacedAfter([&](const fs::path& file) {
      std::string bytes = ReadFile(file).value();
      bytes[static_cast<std::size_t>(part * static_cast<double>(bytes.size()))] ^= 0x10;
      Overwrite(file, bytes);
    });
  }
}

TEST_F(ScanCacheTest, ReplacesAForeignFileOfTheSameName) {
  ExpectGoodPlan("other");
  const std::string other = ReadFile(Files().front()).value();
  fs::remove(Files().front());
  ExpectReplacedAfter([&](const fs::path& file) { Overwrite(file, other); });
}

TEST_F(ScanCacheTest, ReplacesAFileThatOthersMayWriteAndALink) {
  ExpectReplacedAfter([](const fs::path& file) { fs::permissions(file, fs::perms(0666)); });
  ExpectReplacedAfter([&](const fs::path& file) {
    fs::rename(file, parent_ / "elsewhere");
    fs::create_symlink(parent_ / "elsewhere", file);
  });
}

TEST_F(ScanCacheTest, KeepsTheLastFewOfALabelAndLeavesOthersAlone) {
  fs::create_directory(folder_);
  fs::permissions(folder_, fs::perms::owner_all);
  Overwrite(folder_ / "hash.string.0123456789abcdef.scan", "another key's");
  Overwrite(folder_ / "notes.txt", "somebody's");
  const fs::path unfinished = folder_ / ".hash.mutex.0123456789abcdef.scan.abcdef";
  Overwrite(unfinished, "a part");
  fs::last_write_time(unfinished, fs::file_time_type::clock::now() - std::chrono::hours(2));
  for (const char* pattern : {"a1", "b2", "c3", "d4", "e5"}) ExpectGoodPlan(pattern);
  EXPECT_THAT(Files(), SizeIs(3 + 2));
  EXPECT_TRUE(fs::exists(folder_ / "hash.string.0123456789abcdef.scan"));
}

TEST_F(ScanCacheTest, SaysWhyNothingIsKeptAndCompilesAllTheSame) {
  Overwrite(folder_, "a file");
  ScanCache cache(folder_);
  EXPECT_TRUE(FoundOrMade(cache, "a", "one").set);
  EXPECT_TRUE(FoundOrMade(cache, "b", "two").set);
  EXPECT_THAT(cache.Problems(), ElementsAre(HasSubstr("not kept")));
}

TEST_F(ScanCacheTest, DoesNotTrustAFolderThatOthersMayWrite) {
  ExpectGoodPlan();
  fs::permissions(folder_, fs::perms::all);
  ScanCache cache(folder_);
  EXPECT_TRUE(FoundOrMade(cache, "first", "hash.mutex").set);
  EXPECT_THAT(cache.Problems(), ElementsAre(HasSubstr("0700")));
}

TEST_F(ScanCacheTest, TellsTheRuleSetsReaderWhatCouldNotBeKept) {
  Overwrite(folder_, "a file");
  const RuleFile file{"t.json",
                      R"({"info": {"type": "hash"}, "rules": {"mutex": [{"rules": "a*", "score": 1}]}})"};
  Options options;
  options.cache_folder = folder_;
  const auto rules = Compile(std::vector{file}, options);
  ASSERT_TRUE(rules);
  ASSERT_THAT(rules->Warnings(), SizeIs(1));
  EXPECT_EQ(rules->Warnings().front().file, folder_.string());
}

}  // namespace
}  // namespace brood::rules
