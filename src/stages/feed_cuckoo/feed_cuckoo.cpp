#include "stages/feed_cuckoo/feed_cuckoo.hpp"

#include <fmt/format.h>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "model/messages_json.hpp"
#include "stages/feed_cuckoo/request.hpp"

namespace brood::stages::feed_cuckoo {

using model::State;
using stage::Done;
using stage::Fail;
using stage::Fate;
using stage::Hold;
using stage::Retry;

struct FeedCuckoo::Work {
  const broker::Message& received;
  const stage::Turn& turn;
  model::FeedMessage message;
  model::Submission record;
};

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
      return FromTheStart(work);
    case State::kFeeding:
      return InDoubt(work);
    case State::kFed:
      return Fed(work);
    case State::kFailed:
      return StartAnew(work, "it is handed in again after it had failed");
    case State::kStored:
    case State::kScored:
      break;
  }
  return Done{};  // another token of this submission was faster
}

/// The sample is in the store and the submission has its id when this succeeds.
Expected<void, Fate> FeedCuckoo::TakeIn(Work& work) {
  model::FeedMessage& message = work.message;
  if (!message.file_data.empty()) {
    const auto hash = samples_.Put(message.file_data);
    if (!hash) return Unexpected(Fate{Retry{Transient("the sample cannot be stored", hash.error().what)}});
    message.sha256 = *hash;
    message.file_data.clear();
  }
  const auto problem = CompleteReference(message);
  if (!problem.empty()) return Unexpected(Fate{Fail{Permanent("a message without a usable sample", problem)}});
  if (!samples_.Has(message.sha256)) {
    return Unexpected(
        Fate{Fail{Permanent("the sample is not in the sample store", "SHA-256 " + message.sha256.Get())}});
  }
  if (message.submission.Get().empty()) message.submission = SubmissionOf(message);
  return {};
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
  return UploadTo(work, *choice.node);
}

/// An earlier holder wrote `feeding`; whether its upload arrived is asked of the node.
Fate FeedCuckoo::InDoubt(Work& work) {
  const Millis age = work.turn.now - work.record.changed;
  const auto node = fleet_.Find(work.record.node);
  if (!node) return StartAnew(work, "its node is not configured any more");
  const auto rows = node->FindByMarker(model::ToText({work.record.id, work.record.attempt}),
                                       model::OwnerOf(work.record.id), work.turn.stop);
  if (!rows) {
    fleet_.Report(node->Url(), &rows.error());
    if (age > settings_.dead_after) return StartAnew(work, "its node has been down for too long");
    return Hold{Millis{1'000}, "the node cannot say whether the upload arrived: " + rows.error().what, {}};
  }
  if (!rows->empty()) return Found(work, *node, *rows);
  const Millis believe_after = settings_.upload_deadline + settings_.look_again_after;
  if (age < believe_after) return Hold{believe_after - age, "an upload without an answer may still arrive", {}};
  return StartAnew(work, "the node never got the upload");
}

/// The oldest task with our marker is ours; a twin is deleted.
Fate FeedCuckoo::Found(Work& work, sandbox::Node& node, const std::vector<sandbox::TaskRow>& rows) {
  Fate fate = RecordFed(work, rows.front().id);
  Done* done = std::get_if<Done>(&fate);
  for (std::size_t i = 1; done != nullptr && i < rows.size(); ++i) {
    if (rows[i].state == sandbox::TaskState::kRecovered) continue;
    detonated_twice_.Add();
    log::Warning(
        "a second task analyses the same submission, it is deleted",
        {{"submission", work.record.id.Get()}, {"node", node.Url().Get()}, {"task", rows[i].id.Get()}});
    done->publish.push_back(CleanupOf(settings_.cleanup_queue, node.Url(), rows[i].id, rows[i].custom));
  }
  return fate;
}

/// A new attempt: the next Handle chooses a node again. What the old one may have left is deleted when its node
/// is back.
Fate FeedCuckoo::StartAnew(Work& work, const std::string& why) {
  model::Submission anew = work.record;
  anew.state = State::kAccepted;
  anew.attempt += 1;
  anew.changed = work.turn.now;
  anew.stage.clear();
  anew.reason.clear();
  if (const auto moved = Move(anew); !moved) return moved.error();
  log::Info("a submission is fed anew",
            {{"submission", anew.id.Get()}, {"attempt", anew.attempt}, {"why", why}});
  return Hold{Millis{0}, why, {}};
}

Fate FeedCuckoo::UploadTo(Work& work, sandbox::Node& node) {
  const auto file = samples_.Fetch(work.record.sha256);
  if (!file) return Retry{Transient("the sample cannot be read", file.error().what)};
  const auto task = node.Submit(UploadOf(work.message, work.record, *file), work.turn.stop);
  CrashPoint("feed_cuckoo.uploaded");
  fleet_.Report(node.Url(), task ? nullptr : &task.error());
  if (!task) return UploadFailed(work, node, task.error());
  return RecordFed(work, *task);
}

Fate FeedCuckoo::UploadFailed(Work& work, sandbox::Node& node, const sandbox::SandboxError& error) {
  if (error.code == sandbox::Errc::kUnreachable)
    return StartAnew(work, "the node was not reached: " + error.what);
  if (error.code == sandbox::Errc::kRefused)
    return Fail{Permanent("the sandbox refuses the sample", error.what)};
  if (error.code == sandbox::Errc::kAnswerLost || error.code == sandbox::Errc::kStopped) {
    return Hold{Millis{1'000}, "the upload's answer was lost: " + error.what, {}};
  }
  // The node answered, so nothing is on its way any more: the marker tells at once whether a task was made all
  // the same.
  const auto rows = node.FindByMarker(model::ToText({work.record.id, work.record.attempt}),
                                      model::OwnerOf(work.record.id), work.turn.stop);
  if (rows && !rows->empty()) return Found(work, node, *rows);
  if (!rows)
    return Hold{Millis{1'000}, "the node refused and cannot say whether it made a task: " + error.what, {}};
  if (Fate anew = StartAnew(work, error.what); !std::holds_alternative<Hold>(anew)) return anew;
  return Retry{sandbox::ToError(error)};
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
