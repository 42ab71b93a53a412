#pragma once

#include <string>

#include "broker/message.hpp"
#include "model/messages.hpp"
#include "model/submission.hpp"

namespace brood::stages::overseer {

// Pure: how a submission whose task was lost is fed again.

/// How often this submission lost its task before, carried along as the extra key "lost".
[[nodiscard]] int LostBefore(const model::TaskMessage& task);
/// The submission has its report, or a later attempt is under way: the loss of this task means nothing.
[[nodiscard]] bool FurtherThan(const model::Submission& record, const model::TaskMessage& task);
/// Feeds the next attempt, on another node if there is one.
[[nodiscard]] broker::Outgoing RefeedMessage(const std::string& queue, const model::Submission& record,
                                             const model::TaskMessage& task, int lost);
/// Deletes what is left of the lost task when its node is back.
[[nodiscard]] broker::Outgoing OrphanMessage(const std::string& queue, const model::TaskMessage& task);
/// The failure record of a failure record that cannot be read.
[[nodiscard]] model::FailureMessage Undecodable(const std::string& body, const Error& why);

}  // namespace brood::stages::overseer
