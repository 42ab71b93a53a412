#include "samples/folder/folder_store.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <fstream>

#include "base/digest.hpp"
#include "samples/contract/sample_store_contract.hpp"

namespace brood::samples {

INSTANTIATE_TEST_SUITE_P(Folder, SampleStoreContract,
                         ::testing::Values(SampleStoreBackend{
                             "folder",
                             [](const std::filesystem::path& place) {
                               return std::make_unique<folder::FolderSampleStore>(place / "samples");
                             }}),
                         BackendName);

}  // namespace brood::samples

namespace brood::samples::folder {
namespace {

namespace fs = std::filesystem;

class FolderSampleStoreTest : public ::testing::Test {
 protected:
  std::size_t FilesBelow(const fs::path& folder) {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) files += entry.is_regular_file() ? 1 : 0;
    return files;
  }

  fs::path PlaceOf(std::string_view bytes) {
    const std::string name = Sha256Hex(bytes);
    return root_ / name.substr(0, 2) / name;
  }

  TempDir dir_;
  const fs::path root_ = dir_ / "deep/samples";
};

// Files of this process cannot grow over `bytes` while it lives: the nearest thing to a full disk without a
// disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int);
};

TEST_F(FolderSampleStoreTest, FoldersAreForTheirOwnerOnly) {
  FolderSampleStore store(root_);
  ASSERT_TRUE(store.Put("x"));
  const fs::path place = PlaceOf("x");
  ASSERT_TRUE(fs::exists(place));
  for (const fs::path& folder : {root_, root_ / "tmp", place.parent_path()}) {
    struct stat info {};
    ASSERT_EQ(::stat(folder.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700U) << folder;
  }
}

TEST_F(FolderSampleStoreTest, AFileGetsItsNameOnlyAfterItsBytesAreDurable) {
  int syncs = 0;
  FolderSampleStore store(root_, [&] {
    const bool in_place = fs::exists(PlaceOf("bytes"));
    EXPECT_EQ(in_place, ++syncs == 2);
    if (syncs == 1) {
      EXPECT_EQ(fs::file_size(fs::directory_iterator(root_ / "tmp")->path()), 5U);
    }
    return 0;
  });
  ASSERT_TRUE(store.Put("bytes"));
  EXPECT_EQ(syncs, 2);
}

TEST_F(FolderSampleStoreTest, BytesThatJustCameAreSyncedOnceMore) {
  int syncs = 0;
  FolderSampleStore store(root_, [&] { return ++syncs, 0; });
  ASSERT_TRUE(store.Put("x"));
  ASSERT_TRUE(store.Put("x"));
  EXPECT_EQ(syncs, 3);
}

TEST_F(FolderSampleStoreTest, BytesThatAreThereForLongCostNothing) {
  int syncs = 0;
  FolderSampleStore store(
      root_, [&] { return ++syncs, 0; }, std::chrono::seconds{0});
  ASSERT_TRUE(store.Put("x"));
  ASSERT_TRUE(store.Put("x"));
  std::ofstream(dir_ / "file") << "x";
  ASSERT_TRUE(store.PutFile(dir_ / "file"));
  EXPECT_EQ(syncs, 2);
  EXPECT_EQ(FilesBelow(root_), 1U);
}

TEST_F(FolderSampleStoreTest, ManyFilesShareTheSyncs) {
  int syncs = 0;
  FolderSampleStore store(root_, [&] { return ++syncs, 0; });
  std::vector<fs::path> files;
  for (int i = 0; i < 20; ++i) {
    files.push_back(dir_ / std::to_string(i));
    std::ofstream(files.back()) << i;
  }
  for (const auto& stored : store.PutFiles(files)) EXPECT_TRUE(stored);
  EXPECT_EQ(syncs, 2);
  EXPECT_EQ(FilesBelow(root_), 20U);
}

TEST_F(FolderSampleStoreTest, AFailedSyncStoresNothing) {
  for (const int error : {ENOSPC, EIO}) {
    FolderSampleStore store(root_, [error] { return error; });
    const auto result = store.Put("x");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, error == ENOSPC ? Errc::kFull : Errc::kUnavailable);
    EXPECT_NE(result.error().what.find(root_.string()), std::string::npos);
    EXPECT_EQ(FilesBelow(root_), 0U);
  }
}

TEST_F(FolderSampleStoreTest, WithoutRoomASampleIsRefusedAndLeavesNothingBehind) {
  FolderSampleStore store(root_);
  const std::string large(1'000'000, 'x');
  std::ofstream(dir_ / "large", std::ios::binary) << large;
  {
    const FileSizeLimit limit(100'000);
    EXPECT_EQ(store.Put(large).error().code, Errc::kFull);
    EXPECT_EQ(store.PutFile(dir_ / "large").error().code, Errc::kFull);
    EXPECT_EQ(FilesBelow(root_), 0U);
    EXPECT_TRUE(store.Put("small"));
  }
  EXPECT_TRUE(store.Put(large));
}

TEST_F(FolderSampleStoreTest, ADamagedFileIsReplaced) {
  FolderSampleStore store(root_);
  const auto hash = store.Put("whole").value();
  std::ofstream(PlaceOf("whole"), std::ios::trunc) << "wh";
  EXPECT_EQ(store.Put("whole").value(), hash);
  EXPECT_EQ(ReadFile(PlaceOf("whole")).value(), "whole");
}

TEST_F(FolderSampleStoreTest, AStartRemovesWhatACrashLeftAnHourAgoAndNothingElse) {
  { const FolderSampleStore store(root_); }
  std::ofstream(root_ / "tmp/old") << "x";
  std::ofstream(root_ / "tmp/new") << "x";
  fs::last_write_time(root_ / "tmp/old", fs::file_time_type::clock::now() - std::chrono::minutes{61});
  const FolderSampleStore store(root_);
  EXPECT_FALSE(fs::exists(root_ / "tmp/old"));
  EXPECT_TRUE(fs::exists(root_ / "tmp/new"));
}

TEST_F(FolderSampleStoreTest, AFolderThatCannotBeMadeIsAFailedStart) {
  std::ofstream(dir_ / "file") << "x";
  EXPECT_THROW(FolderSampleStore(dir_ / "file"), std::runtime_error);
  EXPECT_THROW(FolderSampleStore(dir_ / "file/below"), std::runtime_error);
}

}  // namespace
}  // namespace brood::samples::folder
