#pragma once

#include "model/crits.hpp"
#include "model/ids.hpp"
#include "model/messages.hpp"
#include "model/submission.hpp"

namespace brood::model {

// Whose a message is when a Go service on its way has dropped our own keys. Pure. What such a service keeps is
// the sandbox, the task's number and the crits data; the task itself carries our marker, if a feeder of ours or
// a message of ours gave it one.

/// The id of a submission whose message carries none (it came from CRITs, or through a Go service): derived
/// from the analysis, the object and the sample, so that the same message gives the same id.
[[nodiscard]] SubmissionId DerivedId(const CritsData& crits, const SampleHash& sha256);

/// The id that crits data names by itself: a submission without CRITs has its own as `analysis_id` and no
/// object. Else empty.
[[nodiscard]] SubmissionId IdIn(const CritsData& crits);

enum class Kin {
  kOurs,     ///< this marker is that of the message's submission
  kAnother,  ///< it is not: the task's number was given to another submission
  kUnsure,   ///< neither can be told: the crits data or the sample's hash is missing
};
/// Whether a task with this marker and sample is the one of a message with this crits data.
[[nodiscard]] Kin KinOf(const CritsData& crits, const Marker& marker, const SampleHash& sha256);

/// Our keys were lost, or the task was fed by a Go service: the message is to be completed before it goes on.
[[nodiscard]] bool LacksOurKeys(const TaskMessage& task);

/// What a sandbox says of the task itself.
struct TaskWords {
  std::string custom, sha256;
  std::int64_t timeout_s = 0;
};
/// Completes a message that LacksOurKeys, with the marker's where the kin is sure; else it stays without a
/// submission, as one fed by others. `fed_at` is when the message came to us, or later what is known better.
/// Returns the kin; with kAnother nothing is changed.
Kin Complete(TaskMessage& task, const TaskWords& words, Time fed_at);

}  // namespace brood::model
