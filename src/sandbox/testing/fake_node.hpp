#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "sandbox/sandbox.hpp"

namespace brood::sandbox::testing {

enum class Call { kSubmit, kFindByMarker, kList, kView, kReport, kDropped, kDelete, kStatus };

/// What the fake knows of one task, for a test to look at.
struct FakeTask {
  TaskRow row;
  std::string file_name, content;  ///< as uploaded
  std::map<std::string, std::string> options;
  std::optional<std::string> report;         ///< none: Report answers kNotFound
  std::optional<std::string> dropped;        ///< archive; none: Dropped answers kNotFound
  std::optional<std::size_t> cut_report_at;  ///< the report breaks off after so many bytes
};

/// A sandbox node in memory that behaves as the recorded Cuckoos do: ids from 1, lists ordered by completed_on
/// with nulls first, `completed_after` never shows rows without completed_on, 1.x pages are always empty and
/// its owner is not kept. Nothing happens by itself: a test moves the tasks. The first machine's status is
/// machines 1/1. Thread-safe.
class FakeNode final : public Node {
 public:
  explicit FakeNode(const Clock& clock, Dialect dialect = Dialect::kCuckoo2,
                    std::string url = "http://node.test:8090");

  // The port.
  const model::NodeUrl& Url() const override { return url_; }
  Dialect SpokenDialect() const override { return dialect_; }
  Result<model::TaskId> Submit(const Upload& upload, std::stop_token stop) override;
  Result<std::vector<TaskRow>> FindByMarker(const std::string& marker, const std::string& owner,
                                            std::stop_token stop) override;
  Result<std::vector<TaskRow>> List(const ListQuery& query, std::stop_token stop) override;
  Result<TaskRow> View(model::TaskId task, std::stop_token stop) override;
  Result<void> Report(model::TaskId task, const ReportSink& sink, std::stop_token stop) override;
  Result<void> Dropped(model::TaskId task, std::uint64_t max_bytes, const ReportSink& sink,
                       std::stop_token stop) override;
  Result<void> Delete(model::TaskId task, std::stop_token stop) override;
  Result<NodeStatus> Status(std::stop_token stop) override;

  // Failures. What fails so does nothing at the node.
  /// The next `times` calls of this kind end with `code`, before any that Down brings.
  void FailNext(Call call, Errc code, int times = 1);
  /// Every call is kUnreachable until Up.
  void Down();
  void Up();
  /// The next upload makes its task, but its answer is kAnswerLost.
  void LoseNextSubmitAnswer();
  /// As with a locked database: lists empty, view, report and delete kNotFound, submit kBadAnswer, status all
  /// zero.
  void LockDatabase();
  void UnlockDatabase();

  // What happens to tasks. An id that is not there throws std::out_of_range (a bug in the test).
  /// Sets started_on with kRunning, completed_on with kCompleted and kReported.
  void SetState(model::TaskId task, TaskState state);
  void Finish(model::TaskId task, std::string report);  ///< kReported with this report
  void FinishAll(const std::string& report);            ///< every task that is pending, running or completed
  void Drop(model::TaskId task, std::string archive);
  void CutReport(model::TaskId task, std::size_t after);
  /// The old task becomes recovered; the new id carries on with the same custom and owner.
  model::TaskId Reschedule(model::TaskId task);
  void Erase(model::TaskId task);  ///< gone, as if somebody else deleted it
  void Wipe();                     ///< no tasks, ids start at 1 again
  /// A task that nobody here submitted, pending.
  model::TaskId AddForeign(std::string custom);
  void HideFromLists(model::TaskId task);  ///< view still shows it
  void EmptyLists();                       ///< every list is empty from now on, as on some 1.2 installations

  // Status. Counts of tasks are real unless SetCounts said otherwise.
  void SetMachines(int total, int available);
  void SetDisk(std::map<std::string, DiskSpace> disk);
  void SetCounts(std::int64_t pending, std::int64_t running);

  // What a test looks at.
  [[nodiscard]] std::vector<FakeTask> Tasks() const;  ///< by id
  [[nodiscard]] FakeTask Task(model::TaskId task) const;
  [[nodiscard]] std::size_t Calls(Call call) const;  ///< failed ones too
  [[nodiscard]] std::vector<model::TaskId> Deleted() const;

 private:
  using Lock = std::lock_guard<std::mutex>;

  std::optional<SandboxError> Enter(Call call, const std::stop_token& stop);
  SandboxError Failure(Call call, Errc code) const;
  FakeTask& At(model::TaskId task);
  model::TaskId Add(FakeTask task);
  void Move(FakeTask& task, TaskState state);
  bool Matches(const FakeTask& task, const ListQuery& query) const;

  const Clock& clock_;
  const Dialect dialect_;
  const model::NodeUrl url_;
  mutable std::mutex mutex_;
  std::map<model::TaskId, FakeTask> tasks_;
  std::int64_t next_id_ = 1;
  std::map<Call, std::pair<Errc, int>> fail_next_;
  std::map<Call, std::size_t> calls_;
  std::vector<model::TaskId> deleted_;
  std::set<model::TaskId> hidden_;
  bool down_ = false, locked_ = false, lose_answer_ = false, empty_lists_ = false;
  NodeStatus status_;
  std::optional<std::pair<std::int64_t, std::int64_t>> counts_;
};

}  // namespace brood::sandbox::testing
