#include "stages/overseer/refeed.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "model/messages_json.hpp"

namespace brood::stages::overseer {
namespace {

constexpr const char* kLost = "lost";
constexpr const char* kKeptBody = "MsgRef";

}  // namespace

int LostBefore(const model::TaskMessage& task, const model::Submission& record) {
  const auto lost = task.extras.find(kLost);
  if (lost == task.extras.end()) return std::max(0, task.attempt - record.attempt);
  return static_cast<int>(std::clamp<std::int64_t>(ParseInt(lost->second).value_or(0), 0, 1'000));
}

bool FurtherThan(const model::Submission& record, const model::TaskMessage& task) {
  if (record.attempt > task.attempt) return true;
  return record.state == model::State::kStored || record.state == model::State::kScored;
}

model::FeedMessage FeedMessageOf(const model::Submission& record) {
  model::FeedMessage feed;
  feed.payload = record.options;
  feed.file_name = record.name;
  feed.sample = "sha256:" + record.sha256.Get();
  feed.sha256 = record.sha256;
  feed.submission = record.id;
  feed.attempt = record.attempt;
  feed.crits.analysis_id = record.id.Get();
  return feed;
}

broker::Outgoing RefeedMessage(const std::string& queue, const model::Submission& record,
                               const model::TaskMessage& task, int lost) {
  model::FeedMessage feed = FeedMessageOf(record);
  feed.attempt = task.attempt + 1;
  feed.crits = task.crits;
  feed.extras = task.extras;
  feed.extras[kLost] = std::to_string(lost);
  return {queue, model::ToJson(feed), {{"avoid", task.node.Get()}}};
}

broker::Outgoing OrphanMessage(const std::string& queue, const model::TaskMessage& task) {
  const std::string marker = model::ToText(model::Marker{task.submission, task.attempt});
  return {queue, model::ToJson(model::CleanupMessage{task.task, task.node, marker, {}, {}}), {}};
}

bool IsBesideThePoint(const model::Submission& record, const model::FailureMessage& failure,
                      const std::string& feed_queue) {
  if (record.state == model::State::kScored) return true;
  if (auto task = model::TaskMessageFromJson(failure.msg)) {
    if (task->submission.Get().empty()) task->attempt = record.attempt;  // a Go service has dropped it
    return FurtherThan(record, *task);
  }
  const bool is_feeding = failure.queue == feed_queue || failure.queue == feed_queue + "/urgent";
  return is_feeding && record.state == model::State::kStored;
}

std::string NameOfBody(const model::FailureMessage& failure) {
  const auto kept = failure.extras.find(kKeptBody);
  return kept == failure.extras.end() ? failure.msg : kept->second;
}

std::optional<model::CritsData> CritsOf(const model::FailureMessage& failure) {
  std::optional<model::CritsData> crits;
  if (auto task = model::TaskMessageFromJson(failure.msg))
    crits = std::move(task->crits);
  else if (auto feed = model::FeedMessageFromJson(failure.msg))
    crits = std::move(feed->crits);
  const bool names_one = crits && !crits->analysis_id.empty() && !crits->object_id.empty();
  return names_one ? crits : std::nullopt;
}

std::string WithFreshCount(const std::string& body) {
  if (auto task = model::TaskMessageFromJson(body); task && task->extras.erase(kLost) > 0)
    return model::ToJson(*task);
  if (auto feed = model::FeedMessageFromJson(body); feed && feed->extras.erase(kLost) > 0)
    return model::ToJson(*feed);
  return body;
}

model::FailureMessage Undecodable(const std::string& queue, const std::string& body, const Error& why) {
  model::FailureMessage failure;
  failure.service = "overseer";
  failure.queue = queue;
  failure.error = Describe(why);
  failure.desc = "a failure record that cannot be read";
  failure.msg = body;
  failure.kind = ErrorKind::kPermanent;
  return failure;
}

}  // namespace brood::stages::overseer
