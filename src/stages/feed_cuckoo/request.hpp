#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "broker/message.hpp"
#include "model/messages.hpp"
#include "model/submission.hpp"
#include "sandbox/sandbox.hpp"

namespace brood::stages::feed_cuckoo {

// The pure parts of feeding: what a message asks for.

/// Fills `sha256` from the reference. Returns what is wrong, or nothing.
[[nodiscard]] std::string CompleteReference(model::FeedMessage& message);
/// The id of a submission whose message carries none (it came from CRITs or through a Go service): derived from
/// the analysis, the object and the sample, so that the same message gives the same id.
[[nodiscard]] model::SubmissionId SubmissionOf(const model::FeedMessage& message);
/// The record a message begins with; what an earlier attempt knew of name and origin is kept.
[[nodiscard]] model::Submission FirstRecord(const model::FeedMessage& message,
                                            const std::optional<model::Submission>& earlier, Time now);
/// The upload: the message's form fields, custom text with our marker, owner.
[[nodiscard]] sandbox::Upload UploadOf(const model::FeedMessage& message, const model::Submission& record,
                                       const std::filesystem::path& file);
/// The task's own time-out in seconds; 0 where the message says none.
[[nodiscard]] std::int64_t TimeoutOf(const model::FeedMessage& message);
/// The node where an earlier attempt died, from the header "avoid".
[[nodiscard]] std::optional<model::NodeUrl> NodeToAvoid(const broker::Message& message);
/// False for a task of other bytes than the sample's. An answer without a hash is believed.
[[nodiscard]] bool IsWhole(const sandbox::TaskRow& row, const model::Submission& record);
/// Deletes this task while its marker is the one in `custom`; task 0 means whichever carries the marker.
[[nodiscard]] broker::Outgoing CleanupOf(const std::string& queue, const model::NodeUrl& node,
                                         model::TaskId task, const std::string& custom);

}  // namespace brood::stages::feed_cuckoo
