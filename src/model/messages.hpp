#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "model/crits.hpp"
#include "model/ids.hpp"

namespace brood::model {

/// Top-level keys that we do not know, carried along unchanged: name → JSON text.
using Extras = std::map<std::string, std::string>;

/// On `worker/feed_cuckoo`: analyse this file. The bytes are inline (`file_data`) or in the sample store
/// (`sample`). Source of the format: the original Go services; `sha256`, `sample`, `submission`, `attempt` are
/// ours.
struct FeedMessage {
  std::map<std::string, std::string>
      payload;  ///< form fields for the sandbox: options, package, timeout, priority, …
  std::string file_name;
  std::string file_data;  ///< decoded
  std::string sample;     ///< reference "sha256:<hex>" instead of file_data
  SampleHash sha256;      ///< empty when the sender did not say
  SubmissionId submission;
  int attempt = 0;  ///< counts up when the submission is fed again after its task died
  CritsData crits;
  Extras extras;

  bool operator==(const FeedMessage&) const = default;
};

/// On `worker/check_results` and `worker/parse_and_submit`: this task of this node.
struct TaskMessage {
  TaskId task;
  NodeUrl node;
  CritsData crits;
  SampleHash sha256;
  SubmissionId submission;
  int attempt = 0;
  Time fed_at{};                    ///< epoch 0 when lost on the way
  std::int64_t timeout_s = 0;       ///< the task's own time-out, 0 = the node's default
  std::vector<std::string> parsed;  ///< `Parsed`: parsers that have run, along a chain
  Extras extras;

  bool operator==(const TaskMessage&) const = default;
};

/// On `worker/blacklist_processor`: this report was stored.
struct StoredMessage {
  SubmissionId submission;
  std::string report_id;  ///< id of the stored document, see Document in store/
  std::string run;
  Extras extras;

  bool operator==(const StoredMessage&) const = default;
};

/// On `worker/cleanup`: delete this task, if it is still ours.
struct CleanupMessage {
  TaskId task;
  NodeUrl node;
  std::string marker;
  SampleHash sha256;  ///< of the task's sample, for a task that others fed and that has no marker
  Extras extras;
  Time checked{};  ///< when the task last carried the marker; 1970: that is not known

  bool operator==(const CleanupMessage&) const = default;
};

/// On `worker/failed`: a message that a stage gave up. `msg` is its whole body, `queue` where it came from.
struct FailureMessage {
  std::string service, queue, error, desc;
  std::string msg;  ///< any bytes; written as Msg (UTF-8) or MsgBase64
  ErrorKind kind = ErrorKind::kTransient;
  SubmissionId submission;  ///< empty when unknown
  Extras extras;

  bool operator==(const FailureMessage&) const = default;
};

}  // namespace brood::model
