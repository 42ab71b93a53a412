#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "base/file.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::store::sqlite {
namespace {

using testing::HasSubstr;

/// While it lives no file of this process grows beyond `bytes`.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int) = nullptr;
};

class FullDisk : public testing::Test {
 protected:
  FullDisk()
      : writer_(std::make_shared<brood::sqlite::Writer>(folder_ / "brood.db")), store_(writer_, writer_) {}

  Result<void> Put(int n) {
    StoredReport report;
    report.id = "r" + std::to_string(n);
    report.document = std::string(100'000, 's');
    return store_.Reports().Put({&report, 1}).map([](auto&&) {});
  }

  /// Puts until the disk is full; how many were taken.
  int Fill(Result<void>& refused) {
    const FileSizeLimit limit(1'000'000);
    int taken = 0;
    while ((refused = Put(taken)) && taken < 100) ++taken;
    return taken;
  }

  TempDir folder_;
  std::shared_ptr<brood::sqlite::Writer> writer_;
  SqliteStore store_;
};

TEST_F(FullDisk, IsSaidInASentenceThatNamesTheFile) {
  Result<void> refused;
  EXPECT_GT(Fill(refused), 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kFull);
  EXPECT_THAT(refused.error().what, HasSubstr("no room for records"));
  EXPECT_THAT(refused.error().what, HasSubstr("brood.db"));
}

TEST_F(FullDisk, LosesNothingAndGoesOnByItself) {
  Result<void> refused;
  const int taken = Fill(refused);
  ASSERT_FALSE(refused);
  for (int n = 0; n < taken; ++n) {
    EXPECT_TRUE(store_.Reports().Get("r" + std::to_string(n)).value()) << n;
  }
  EXPECT_EQ(store_.Reports().Get("r" + std::to_string(taken)).value(), std::nullopt);
  EXPECT_TRUE(Put(taken));
  EXPECT_EQ(store_.Reports().CountSince(std::nullopt).value(), static_cast<std::uint64_t>(taken) + 1);
}

TEST_F(FullDisk, StillGivesWhatItHas) {
  ASSERT_TRUE(Put(0));
  const FileSizeLimit limit(1'000);
  EXPECT_FALSE(Put(1));
  EXPECT_TRUE(store_.Reports().Get("r0").value());
}

}  // namespace
}  // namespace brood::store::sqlite
