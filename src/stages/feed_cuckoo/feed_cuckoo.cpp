#include "stages/feed_cuckoo/feed_cuckoo.hpp"

#include <set>

#include "base/crash_point.hpp"
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
  std::vector<Work> works;
  works.reserve(batch.size());
  for (const broker::Message& message : batch) TakeIn(works.emplace_back(message, turn));
  FindRecords(works);
  std::vector<Work*> accepted;
  for (Work& work : works) {
    if (work.Open()) Decide(work);
    if (work.Open()) accepted.push_back(&work);
  }
  Feed(std::move(accepted));
  std::vector<Fate> fates;
  for (Work& work : works) fates.push_back(std::move(*work.fate));
  return fates;
}

/// The message says which sample, and the submission has its id, where this leaves the work open.
void FeedCuckoo::TakeIn(Work& work) {
  auto decoded = model::FeedMessageFromJson(work.received.body);
  if (!decoded) return work.End(Fail{decoded.error()});
  model::FeedMessage& message = work.message = std::move(*decoded);
  if (!message.file_data.empty()) {
    const auto hash = samples_.Put(message.file_data);
    if (!hash) return work.End(WithoutSample("the sample cannot be stored", hash.error()));
    message.sha256 = *hash;
    if (!settings_.keep_inline) message.file_data.clear();
  }
  const auto problem = CompleteReference(message);
  if (!problem.empty()) return work.End(Fail{Permanent("a message without a usable sample", problem)});
  if (!message.submission.Get().empty()) return;
  message.submission = SubmissionOf(message);
  work.End(Named(work));
}

/// The records that stand: each at least at its message's attempt.
void FeedCuckoo::FindRecords(std::span<Work> works) {
  std::vector<Work*> open;
  std::vector<model::SubmissionId> ids;
  for (Work& work : works) {
    if (!work.Open()) continue;
    open.push_back(&work);
    ids.push_back(work.message.submission);
  }
  auto stored = submissions_.GetAll(ids);
  std::vector<Work*> first;
  for (std::size_t i = 0; i < open.size(); ++i) {
    Work& work = *open[i];
    if (!stored) {
      work.End(Retry{store::ToError(stored.error())});
    } else if (auto& record = (*stored)[i]; record && record->attempt >= work.message.attempt) {
      work.record = std::move(*record);
    } else {
      work.record = FirstRecord(work.message, record, work.turn.now);
      first.push_back(&work);
    }
  }
  MoveAll(first);
}

/// What the record's state asks for; a work that is left open is to be uploaded.
void FeedCuckoo::Decide(Work& work) {
  switch (work.record.state) {
    case State::kAccepted:
      if (LeftSomething(work)) work.End(Again(work));
      return;
    case State::kFeeding:
      return work.End(InDoubt(work));
    case State::kFed:
      return work.End(Fed(work));
    case State::kFailed:
      return work.End(StartAnew(work, "it is handed in again after it had failed", Leftover::kNone));
    case State::kStored:
    case State::kScored:
      return work.End(Done{});  // another token of this submission was faster
  }
}

Fate FeedCuckoo::WithoutSample(std::string what, const samples::SampleError& error) {
  using samples::Errc;
  const bool for_good = error.code == Errc::kUnknown || error.code == Errc::kTooLarge;
  if (for_good) return Fail{Permanent(std::move(what), error.what)};
  return Retry{Transient(std::move(what), error.what)};
}

/// A message from outside goes on with its id, and by reference unless its bytes must stay in it, so that
/// whatever becomes of it names the submission.
Done FeedCuckoo::Named(const Work& work) const {
  model::FeedMessage message = work.message;
  if (message.file_data.empty()) message.sample = "sha256:" + message.sha256.Get();
  return Done{{{QueueOf(work), model::ToJson(message), {}}}};
}

const std::string& FeedCuckoo::QueueOf(const Work& work) const {
  return work.received.queue.empty() ? settings_.consumer_queue : work.received.queue;
}

/// All are written `feeding` before the first upload, and `fed` after the last one.
void FeedCuckoo::Feed(std::vector<Work*> works) {
  const auto closed = [](const Work* work) { return !work->Open(); };
  for (Work* work : works) ChooseFor(*work);
  std::erase_if(works, closed);
  const auto moved = MoveAll(works);
  for (std::size_t i = 0; i < works.size(); ++i) {
    if (!works[i]->Open() || moved[i] == store::Moved::kMoved) continue;
    works[i]->End(Hold{Millis{100}, "another holder feeds this submission", {}});
  }
  std::erase_if(works, closed);
  UploadAll(works);
  std::erase_if(works, closed);
  RecordFed(works);
}

/// Another holder may have found the task by its marker before it stood here; then its record counts, or two
/// messages of one task would differ.
void FeedCuckoo::RecordFed(std::span<Work* const> works) {
  const auto moved = MoveAll(works);
  for (std::size_t i = 0; i < works.size(); ++i) {
    CrashPoint("feed_cuckoo.fed_written");
    if (!works[i]->Open()) continue;
    works[i]->End(moved[i] == store::Moved::kMoved ? Fate{Fed(*works[i])}
                                                   : Hold{Millis{0}, "another holder has found the task", {}});
  }
}

/// Leaves the work with its sample's file, its node and the record that says so.
void FeedCuckoo::ChooseFor(Work& work) {
  auto file = samples_.Fetch(work.record.sha256);
  if (!file) return work.End(WithoutSample("the sample cannot be read", file.error()));
  auto choice = fleet_.Choose(NodeToAvoid(work.received), work.turn.stop);
  if (!choice.node) return work.End(Hold{choice.again_after, choice.why, {}});
  work.file = std::move(*file);
  work.node = std::move(choice.node);
  work.record.state = State::kFeeding;
  work.record.node = work.node->Url();
  work.record.changed = work.turn.now;
}

/// Leaves open what became a task, its record with the task's number. A node that has trouble gets no more of
/// this batch.
void FeedCuckoo::UploadAll(std::span<Work* const> works) {
  std::set<model::NodeUrl> troubled;
  for (Work* work : works) {
    CrashPoint("feed_cuckoo.feeding_written");
    if (troubled.contains(work->node->Url())) {
      work->End(StartAnew(*work, "the upload before had trouble with this node", Leftover::kNone));
    } else if (!Upload(*work)) {
      troubled.insert(work->node->Url());
    }
  }
}

/// False where the node has trouble that the next upload would have as well.
bool FeedCuckoo::Upload(Work& work) {
  const auto task = work.node->Submit(UploadOf(work.message, work.record, work.file), work.turn.stop);
  CrashPoint("feed_cuckoo.uploaded");
  fleet_.Report(work.node->Url(), task ? nullptr : &task.error());
  if (task) {
    BecomeFed(work, *task);
    return true;
  }
  work.End(UploadFailed(work, *work.node, task.error()));
  return task.error().code == sandbox::Errc::kRefused;
}

void FeedCuckoo::BecomeFed(Work& work, model::TaskId task) {
  work.record.state = State::kFed;
  work.record.task = task;
  work.record.changed = work.turn.now;
}

Done FeedCuckoo::Fed(const Work& work) const {
  model::TaskMessage task;
  task.task = work.record.task;
  task.node = work.record.node;
  task.crits = work.message.crits;
  if (task.crits.crits_url.empty() && !task.crits.object_id.empty()) task.crits.crits_url = settings_.crits_url;
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

/// Writes the works' records; one answer for each. What cannot be written ends its work and holds up no other.
std::vector<store::Moved> FeedCuckoo::MoveAll(std::span<Work* const> works) {
  std::vector<model::Submission> records;
  for (const Work* work : works) records.push_back(work->record);
  const auto answers = store::AdvanceEach(submissions_, records);
  std::vector<store::Moved> moved;
  for (std::size_t i = 0; i < works.size(); ++i) {
    if (!answers[i]) works[i]->End(Retry{store::ToError(answers[i].error())});
    moved.push_back(answers[i].value_or(store::Moved::kCurrent));
  }
  return moved;
}

}  // namespace brood::stages::feed_cuckoo
