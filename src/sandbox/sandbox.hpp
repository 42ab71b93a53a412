#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "model/ids.hpp"

namespace brood::sandbox {

enum class Errc {
  kUnreachable,   ///< no connection: the request was not sent
  kAnswerLost,    ///< sent, but no whole answer came (time-out, broken connection): it may have been done
  kUnauthorized,  ///< 401, 403: the token is wrong
  kRefused,       ///< the sandbox refuses the request as invalid (400, 413, "unique", too large)
  kNotFound,      ///< 404. Proves nothing: a locked database answers so
  kServerError,   ///< 5xx, or an HTML page where JSON is due
  kBadAnswer,     ///< an answer not of the documented shape; `task_id: null` with 200 too
  kStopped,
  /// FindByMarker alone: the node's lists are unusable and a bounded look back over its newest tasks found
  /// nothing. Whether the task is there stays unknown: the feeder counts it and uploads again.
  kUnsearchable,
};

struct SandboxError {
  Errc code = Errc::kUnreachable;
  std::string what;  ///< one sentence with the node's URL and the call, without a token
};

template <class T>
using Result = Expected<T, SandboxError>;

/// kRefused is permanent; everything else may pass and is transient (a wrong token too: it is put right by a
/// person, and no submission is lost to it).
[[nodiscard]] Error ToError(const SandboxError& error);
[[nodiscard]] std::string_view Name(Errc code);  ///< "unreachable", "answer lost", …

/// States of a task as the sandboxes name them.
enum class TaskState {
  kPending,
  kRunning,
  kCompleted,  ///< the machine is done, the report is not ready
  kReported,
  kFailedAnalysis,
  kFailedProcessing,
  kFailedReporting,
  kRecovered,  ///< replaced by a new id with the same custom text
  kBanned,
  kDistributed,
  kUnknown,  ///< a word we do not know
};

[[nodiscard]] TaskState TaskStateFrom(std::string_view word);
[[nodiscard]] std::string_view Name(TaskState state);  ///< as on the wire; "unknown" for kUnknown
[[nodiscard]] bool IsFailed(TaskState state);          ///< failed_*, banned

/// One task as a list or view gives it.
struct TaskRow {
  model::TaskId id;
  TaskState state = TaskState::kUnknown;
  std::string custom, owner;
  std::string sha256;  ///< of the sample, "" where the answer has none
  std::optional<Time> added_on, started_on,
      completed_on;  ///< the node's local time read as UTC: compare only with each other
  std::int64_t timeout_s = 0;
  std::vector<std::string> errors;
};

struct ListQuery {
  std::optional<TaskState> state;
  std::optional<std::int64_t> completed_after;  ///< epoch seconds, read by the node as its local time
  std::string owner;                            ///< 2.x only; "" = any
  std::size_t limit = 0;                        ///< 0 = no limit
  std::size_t offset = 0;
};

struct DiskSpace {
  std::uint64_t free = 0, total = 0;
};

struct NodeStatus {
  std::string version;
  int machines_total = 0, machines_available = 0;
  std::int64_t pending = 0, running = 0, completed = 0, reported = 0;
  /// By the sandbox's own names: analyses, binaries, samples, reports, …; empty where it sends none.
  std::map<std::string, DiskSpace> disk;
  std::optional<Time> clock;  ///< the node's own clock (the answer's Date header), to the second
};

/// False where all is zero: so answers a Cuckoo whose database is locked, missing or broken.
[[nodiscard]] bool IsSane(const NodeStatus& status);

struct Upload {
  std::filesystem::path file;
  std::string file_name;                       ///< as the sandbox shall see it
  std::map<std::string, std::string> options;  ///< form fields: options, package, timeout, priority, machine, …
  std::string custom, owner;
};

/// Which manner of speaking: 1.x knows no owner and no usable lists, 2.x both.
enum class Dialect { kCuckoo1, kCuckoo2 };
[[nodiscard]] std::string_view Name(Dialect dialect);

using ReportSink = std::function<void(std::string_view)>;

/// One sandbox node. Every call has a deadline and ends soon after `stop`. Thread-safe; calls to one node run
/// one at a time unless its settings allow more, because Cuckoo serves nobody else meanwhile.
class Node {
 public:
  virtual ~Node() = default;

  [[nodiscard]] virtual const model::NodeUrl& Url() const = 0;
  [[nodiscard]] virtual Dialect SpokenDialect() const = 0;

  [[nodiscard]] virtual Result<model::TaskId> Submit(const Upload& upload, std::stop_token stop) = 0;
  /// Tasks whose custom text ends with `marker`, lowest id first; none is a true "not there" as far as the
  /// node's database could be read. On 2.x found by `owner`; on 1.x by the whole list, and where that is
  /// unusable by views back from the newest id, else kUnsearchable.
  [[nodiscard]] virtual Result<std::vector<TaskRow>> FindByMarker(const std::string& marker,
                                                                  const std::string& owner,
                                                                  std::stop_token stop) = 0;
  [[nodiscard]] virtual Result<std::vector<TaskRow>> List(const ListQuery& query, std::stop_token stop) = 0;
  [[nodiscard]] virtual Result<TaskRow> View(model::TaskId task, std::stop_token stop) = 0;
  /// The report's bytes as they come. An error after the first chunk means the report broke off (kAnswerLost).
  [[nodiscard]] virtual Result<void> Report(model::TaskId task, const ReportSink& sink,
                                            std::stop_token stop) = 0;
  /// The archive of the files that the task dropped, as its sandbox packs them, as it comes; kNotFound where
  /// there are none. More than `max_bytes` are kBadAnswer.
  [[nodiscard]] virtual Result<void> Dropped(model::TaskId task, std::uint64_t max_bytes,
                                             const ReportSink& sink, std::stop_token stop) = 0;
  [[nodiscard]] virtual Result<void> Delete(model::TaskId task, std::stop_token stop) = 0;
  [[nodiscard]] virtual Result<NodeStatus> Status(std::stop_token stop) = 0;
};

}  // namespace brood::sandbox
