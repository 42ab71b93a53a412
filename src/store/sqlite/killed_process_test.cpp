#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <optional>
#include <utility>

#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::store::sqlite {
namespace {

using model::Submission;
using model::SubmissionId;

constexpr int kRecords = 7;

std::unique_ptr<SqliteStore> Open(const TempDir& folder) {
  return std::make_unique<SqliteStore>(std::make_shared<brood::sqlite::Writer>(folder / "brood.db"),
                                       std::make_shared<brood::sqlite::Writer>(folder / "reports.db"));
}

Submission Record(int step) {
  Submission record;
  record.id = SubmissionId("s" + std::to_string(step % kRecords));
  record.attempt = step;
  record.reason = std::string(3'000, 'r');
  return record;
}

StoredReport Report(int step) {
  StoredReport report;
  report.id = Record(step).id.Get();
  report.run = {Time{Millis{step}}, std::to_string(step)};
  report.document = std::string(20'000, 'd');
  return report;
}

/// Advances records and puts their reports for ever; tells each step once its writes have returned.
[[noreturn]] void WriteForEver(const TempDir& folder, int out) noexcept {
  const auto store = Open(folder);
  for (int step = 0;; ++step) {
    const Submission record = Record(step);
    const StoredReport report = Report(step);
    const bool written = store->Submissions().Advance({&record, 1}).has_value() &&
                         store->Reports().Put({&report, 1}).has_value();
    if (!written || ::write(out, &step, sizeof step) != sizeof step) ::_exit(1);
  }
}

/// A child that writes until it is killed.
class Child {
 public:
  explicit Child(const TempDir& folder) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    UniqueFd writing(ends[1]);
    reading_ = UniqueFd(ends[0]);
    process_ = ::fork();
    if (process_ == 0) WriteForEver(folder, writing.Get());
  }
  ~Child() { Kill(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Nothing once the child is dead and all it told has been read.
  std::optional<int> NextStep() {
    int step = 0;
    if (::read(reading_.Get(), &step, sizeof step) != sizeof step) return std::nullopt;
    return step;
  }
  void Kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(std::exchange(process_, -1), nullptr, 0);
  }

 private:
  UniqueFd reading_;
  pid_t process_ = -1;
};

int KillAfter(const TempDir& folder, int steps) {
  Child child(folder);
  int told = -1;
  for (std::optional<int> step; told < steps && (step = child.NextStep());) told = *step;
  child.Kill();
  while (const auto step = child.NextStep()) told = *step;
  return told;
}

void ExpectIntact(const std::filesystem::path& file) {
  brood::sqlite::Connection connection(file, brood::sqlite::Mode::kReadOnly);
  auto check = connection.Prepare("PRAGMA integrity_check");
  ASSERT_TRUE(check.Step().value());
  EXPECT_EQ(check.Text(0), "ok") << file;
}

TEST(KilledProcess, LeavesAllThatItWasToldIsWritten) {
  for (const int steps : {3, 20, 45}) {
    const TempDir folder;
    const int told = KillAfter(folder, steps);
    ASSERT_GE(told, steps);
    const auto store = Open(folder);
    for (int step = std::max(0, told - kRecords + 1); step <= told; ++step) {
      const auto record = store->Submissions().Get(Record(step).id).value();
      ASSERT_TRUE(record);
      EXPECT_GE(record->attempt, step);
      EXPECT_EQ(*record, Record(record->attempt));
      const auto report = store->Reports().Get(Record(step).id.Get()).value();
      ASSERT_TRUE(report);
      EXPECT_GE(report->run, Report(step).run);
      EXPECT_EQ(report->document, Report(step).document);
    }
    ExpectIntact(folder / "brood.db");
    ExpectIntact(folder / "reports.db");
  }
}

TEST(KilledProcess, DoesNotStopTheOthers) {
  const TempDir folder;
  Child child(folder);
  ASSERT_TRUE(child.NextStep());
  const auto store = Open(folder);
  for (int n = 0; n < 40; ++n) {
    if (n == 20) child.Kill();
    Submission mine = Record(n);
    mine.id = SubmissionId("mine");
    ASSERT_EQ(store->Submissions().Advance({&mine, 1}).value().at(0), Moved::kMoved);
  }
  EXPECT_EQ(store->Submissions().Get(SubmissionId("mine")).value()->attempt, 39);
}

}  // namespace
}  // namespace brood::store::sqlite
