#pragma once

#include <optional>
#include <string>

#include "broker/message.hpp"
#include "model/messages.hpp"
#include "model/submission.hpp"

namespace brood::stages::overseer {

// Pure: how a submission whose task was lost is fed again.

/// How often this submission lost its task before, carried along as the extra key "lost". Where a Go service
/// drops that, the record has stood still and the marker's attempt has gone on.
[[nodiscard]] int LostBefore(const model::TaskMessage& task, const model::Submission& record);
/// The submission has its report, or a later attempt is under way: the loss of this task means nothing.
[[nodiscard]] bool FurtherThan(const model::Submission& record, const model::TaskMessage& task);
/// Feeds the record's attempt as it was fed at first.
[[nodiscard]] model::FeedMessage FeedMessageOf(const model::Submission& record);
/// Feeds the next attempt, on another node if there is one.
[[nodiscard]] broker::Outgoing RefeedMessage(const std::string& queue, const model::Submission& record,
                                             const model::TaskMessage& task, int lost);
/// Deletes what is left of the lost task when its node is back.
[[nodiscard]] broker::Outgoing OrphanMessage(const std::string& queue, const model::TaskMessage& task);
/// A failure that says nothing of where the submission stands: it is scored, a later attempt is under way, or
/// another token of it was faster.
[[nodiscard]] bool IsBesideThePoint(const model::Submission& record, const model::FailureMessage& failure,
                                    const std::string& feed_queue);

/// Whose analysis in CRITs the failed message belongs to, if it is one of ours and names one.
[[nodiscard]] std::optional<model::CritsData> CritsOf(const model::FailureMessage& failure);

/// The failed message's body, or the reference that the record has in its place.
[[nodiscard]] std::string NameOfBody(const model::FailureMessage& failure);

/// The failure record of a failure record that cannot be read; `queue` is where that came from.
[[nodiscard]] model::FailureMessage Undecodable(const std::string& queue, const std::string& body,
                                                const Error& why);
/// A dumped message's body as it goes back: how often its task was lost is forgotten.
[[nodiscard]] std::string WithFreshCount(const std::string& body);

}  // namespace brood::stages::overseer
