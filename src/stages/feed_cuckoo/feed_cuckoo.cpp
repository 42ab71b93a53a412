#include "stages/feed_cuckoo/feed_cuckoo.hpp"

#include <fmt/format.h>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "model/messages_json.hpp"
#include "stages/feed_cuckoo/request.hpp"
#include "stages/feed_cuckoo/work.hpp"

namespace brood::stages::feed_cuckoo {

using model::State;
using stage::Done;
using stage::Fail;
using stage::Fate;
using stage::Hold;
using stage::Retry;

std::vector<Fate> FeedCuckoo::Handle(std::span<const broker::Message> batch, const stage::Turn& turn) {
  std::vector<Fate> fates;
  for (const broker::Message& message : batch) fates.push_back(HandleOne(message, turn));
  return fates;
}

Fate FeedCuckoo::HandleOne(const broker::Message& message, const stage::Turn& turn) {
  auto decoded = model::FeedMessageFromJson(message.body);
  if (!decoded) return Fail{decoded.error()};
  Work work{message, turn, std::move(*decoded), {}};
  if (auto taken = TakeIn(work); !taken) return taken.error();
  auto record = RecordOf(work);
  if (!record) return record.error();
  work.record = std::move(*record);
  switch (work.record.state) {
    case State::kAccepted:
      return LeftSomething(work) ? Fate{Again(work)} : FromTheStart(work);
    case State::kFeeding:
      return InDoubt(work);
    case State::kFed:
      return Fed(work);
    case State::kFailed:
      return StartAnew(work, "it is handed in again after it had failed", Leftover::kNone);
    case State::kStored:
    case State::kScored:
      break;
  }
  return Done{};  // another token of this submission was faster
}

Fate FeedCuckoo::WithoutSample(std::string what, const samples::SampleError& error) {
  using samples::Errc;
  const bool for_good = error.code == Errc::kUnknown || error.code == Errc::kTooLarge;
  if (for_good) return Fail{Permanent(std::move(what), error.what)};
  return Retry{Transient(std::move(what), error.what)};
}

/// The message says which sample, and the submission has its id, when this succeeds.
Expected<void, Fate> FeedCuckoo::TakeIn(Work& work) {
  model::FeedMessage& message = work.message;
  if (!message.file_data.empty()) {
    const auto hash = samples_.Put(message.file_data);
    if (!hash) return Unexpected(WithoutSample("the sample cannot be stored", hash.error()));
    message.sha256 = *hash;
    message.file_data.clear();
  }
  const auto problem = CompleteReference(message);
  if (!problem.empty()) return Unexpected(Fate{Fail{Permanent("a message without a usable sample", problem)}});
  if (!message.submission.Get().empty()) return {};
  message.submission = SubmissionOf(message);
  return Unexpected(Fate{Named(work)});
}

/// A message from outside goes on with its id and by reference, so that whatever becomes of it names the
/// submission.
Done FeedCuckoo::Named(const Work& work) const {
  model::FeedMessage message = work.message;
  message.sample = "sha256:" + message.sha256.Get();
  return Done{{{QueueOf(work), model::ToJson(message), {}}}};
}

const std::string& FeedCuckoo::QueueOf(const Work& work) const {
  return work.received.queue.empty() ? settings_.consumer_queue : work.received.queue;
}

/// The record that stands: at least at the message's attempt.
Expected<model::Submission, Fate> FeedCuckoo::RecordOf(Work& work) {
  const auto stored = submissions_.Get(work.message.submission);
  if (!stored) return Unexpected(Fate{Retry{store::ToError(stored.error())}});
  if (*stored && (*stored)->attempt >= work.message.attempt) return **stored;
  work.record = FirstRecord(work.message, *stored, work.turn.now);
  if (auto moved = Move(work.record); !moved) return Unexpected(moved.error());
  return work.record;
}

Fate FeedCuckoo::FromTheStart(Work& work) {
  const auto file = samples_.Fetch(work.record.sha256);
  if (!file) return WithoutSample("the sample cannot be read", file.error());
  const auto choice = fleet_.Choose(NodeToAvoid(work.received), work.turn.stop);
  if (!choice.node) return Hold{choice.again_after, choice.why, {}};
  model::Submission feeding = work.record;
  feeding.state = State::kFeeding;
  feeding.node = choice.node->Url();
  feeding.changed = work.turn.now;
  const auto moved = Move(feeding);
  if (!moved) return moved.error();
  if (*moved == store::Moved::kCurrent) return Hold{Millis{100}, "another holder feeds this submission", {}};
  work.record = feeding;
  CrashPoint("feed_cuckoo.feeding_written");
  return UploadTo(work, *choice.node, *file);
}

Fate FeedCuckoo::UploadTo(Work& work, sandbox::Node& node, const std::filesystem::path& file) {
  const auto task = node.Submit(UploadOf(work.message, work.record, file), work.turn.stop);
  CrashPoint("feed_cuckoo.uploaded");
  fleet_.Report(node.Url(), task ? nullptr : &task.error());
  if (!task) return UploadFailed(work, node, task.error());
  return RecordFed(work, *task);
}

Fate FeedCuckoo::RecordFed(Work& work, model::TaskId task) {
  work.record.state = State::kFed;
  work.record.task = task;
  work.record.changed = work.turn.now;
  if (const auto moved = Move(work.record); !moved) return moved.error();
  CrashPoint("feed_cuckoo.fed_written");
  return Fed(work);
}

Done FeedCuckoo::Fed(const Work& work) const {
  model::TaskMessage task;
  task.task = work.record.task;
  task.node = work.record.node;
  task.crits = work.message.crits;
  if (task.crits.analysis_id.empty()) task.crits.analysis_id = work.record.id.Get();
  task.sha256 = work.record.sha256;
  task.submission = work.record.id;
  task.attempt = work.record.attempt;
  task.fed_at = work.record.changed;
  task.timeout_s = TimeoutOf(work.message);
  task.extras = work.message.extras;
  return Done{{{settings_.producer_queue, model::ToJson(task), {}}}};
}

Expected<store::Moved, Fate> FeedCuckoo::Move(const model::Submission& record) {
  const auto moved = submissions_.Advance(std::span(&record, 1));
  if (!moved) return Unexpected(Fate{Retry{store::ToError(moved.error())}});
  return moved->front();
}

}  // namespace brood::stages::feed_cuckoo
