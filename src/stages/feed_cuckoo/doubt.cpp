#include <algorithm>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "model/messages_json.hpp"
#include "stages/feed_cuckoo/request.hpp"
#include "stages/feed_cuckoo/work.hpp"

namespace brood::stages::feed_cuckoo {

using model::State;
using sandbox::Errc;
using stage::Done;
using stage::Fail;
using stage::Fate;
using stage::Hold;

namespace {

constexpr Millis kSoon{1'000};
constexpr int kMostUploads = 10;  // that a sandbox answers with trouble, before the message is given up
constexpr const char* kLooked = "looked-for";               // the marker that was looked for in vain once
constexpr const char* kSilentSince = "silent-since";        // ms: since when the node cannot say
constexpr const char* kUploadFailures = "upload-failures";  // uploads that the sandbox answered with trouble

std::string HeaderOf(const broker::Message& message, const char* name) {
  const auto header = message.headers.find(name);
  return header == message.headers.end() ? "" : header->second;
}

std::int64_t NumberIn(const broker::Message& message, const char* name, std::int64_t otherwise) {
  return ParseInt(HeaderOf(message, name)).value_or(otherwise);
}

}  // namespace

/// An earlier holder wrote `feeding`; whether its upload arrived is asked of the node.
Fate FeedCuckoo::InDoubt(Work& work) {
  const auto node = fleet_.Find(work.record.node);
  if (!node) return Absent(work, "its node is not configured any more");
  const auto rows =
      node->FindByMarker(model::ToText(work.Marker()), model::OwnerOf(work.record.id), work.turn.stop);
  if (rows && !rows->empty()) return Found(work, *node, *rows);
  if (rows) return Absent(work, "the node never got the upload");
  if (rows.error().code == Errc::kUnsearchable) return Absent(work, rows.error().what);
  return Silent(work, rows.error());
}

/// Nothing is to be seen of the upload. It is believed when all that may be under way must have arrived, and
/// after a second look.
Fate FeedCuckoo::Absent(Work& work, const std::string& why) {
  const Millis age = work.turn.now - work.record.changed;
  const Millis believe_after = settings_.upload_deadline + settings_.look_again_after;
  const std::string marker = model::ToText(work.Marker());
  const broker::Headers headers{{kLooked, marker}, {kSilentSince, ""}};
  if (age < believe_after) {
    const Millis next_look = std::min(believe_after - age, std::max(settings_.look_again_after, kSoon));
    return Hold{next_look, "an upload without an answer may still arrive", headers};
  }
  if (HeaderOf(work.received, kLooked) != marker) {
    return Hold{settings_.look_again_after, "the upload is looked for a second time", headers};
  }
  uncertain_.Add();
  return StartAnew(work, why, Leftover::kNone);
}

/// The node cannot say.
Fate FeedCuckoo::Silent(Work& work, const sandbox::SandboxError& error) {
  fleet_.Report(work.record.node, &error);
  const Time now = work.turn.now;
  const Time since =
      std::max(work.record.changed, FromMillis(NumberIn(work.received, kSilentSince, ToMillis(now))));
  if (now - since > settings_.dead_after) {
    return StartAnew(work, "its node has been down for too long", Leftover::kMaybeATask);
  }
  return Hold{kSoon,
              "the node cannot say whether the upload arrived: " + error.what,
              {{kSilentSince, std::to_string(ToMillis(since))}}};
}

/// The oldest whole task with our marker is ours; a twin is deleted. A recovered task stands aside for its
/// successor.
Fate FeedCuckoo::Found(Work& work, sandbox::Node& node, const std::vector<sandbox::TaskRow>& rows) {
  std::vector<sandbox::TaskRow> whole = rows;
  std::erase_if(whole, [&work](const sandbox::TaskRow& row) { return !IsWhole(row, work.record); });
  if (whole.empty()) return Damaged(work);
  const auto alive = [](const sandbox::TaskRow& row) { return row.state != sandbox::TaskState::kRecovered; };
  const auto first = std::find_if(whole.begin(), whole.end(), alive);
  const model::TaskId ours = first == whole.end() ? whole.back().id : first->id;
  BecomeFed(work, ours);
  Work* const alone = &work;
  RecordFed(std::span(&alone, 1));
  Done* done = std::get_if<Done>(&*work.fate);
  for (const sandbox::TaskRow& row : rows) {
    if (done == nullptr || row.id == ours || !alive(row)) continue;
    detonated_twice_.Add();
    log::Warning("a second task of the same submission is deleted",
                 {{"submission", work.record.id.Get()}, {"node", node.Url().Get()}, {"task", row.id.Get()}});
    done->publish.push_back(CleanupOf(settings_.cleanup_queue, node.Url(), row.id, row.custom));
  }
  return *work.fate;
}

/// The sandbox took a part of the file for the whole (1.2 does, when the connection breaks).
Fate FeedCuckoo::Damaged(Work& work) {
  const auto failures = NumberIn(work.received, kUploadFailures, 0) + 1;
  const std::string why = "the sandbox has other bytes than the sample's under our marker";
  if (failures >= kMostUploads) return Fail{Transient(why, work.record.node.Get())};
  Fate fate = StartAnew(work, why, Leftover::kMaybeATask);
  if (Done* done = std::get_if<Done>(&fate)) {
    done->publish.front().headers[kUploadFailures] = std::to_string(failures);
  }
  return fate;
}

/// A new attempt: the next Handle chooses a node again.
Fate FeedCuckoo::StartAnew(Work& work, const std::string& why, Leftover leftover) {
  model::Submission anew = work.record;
  anew.state = State::kAccepted;
  anew.attempt += 1;
  anew.changed = work.turn.now;
  anew.stage.clear();
  anew.reason.clear();
  anew.task = {};
  if (leftover == Leftover::kNone) anew.node = {};
  const auto moved = Move(anew);
  if (!moved) return moved.error();
  CrashPoint("feed_cuckoo.anew_written");
  if (*moved == store::Moved::kCurrent) return Hold{Millis{100}, "another holder feeds this submission", {}};
  log::Info("a submission is fed anew",
            {{"submission", anew.id.Get()}, {"attempt", anew.attempt}, {"why", why}});
  work.record = std::move(anew);
  if (leftover == Leftover::kMaybeATask) return Again(work);
  return Hold{Millis{0}, why, {{kLooked, ""}, {kSilentSince, ""}}};
}

/// An accepted record with a node: the attempt before may have left a task there, and this message is still of
/// that attempt.
bool FeedCuckoo::LeftSomething(const Work& work) {
  return !work.record.node.Get().empty() && work.message.attempt < work.record.attempt;
}

/// The message goes on as one of the new attempt, and what the old one may have left is deleted as soon as its
/// node can: both in one Settle, so that neither is lost.
Done FeedCuckoo::Again(const Work& work) const {
  model::FeedMessage message = work.message;
  message.attempt = work.record.attempt;
  message.submission = work.record.id;
  if (message.file_data.empty()) message.sample = "sha256:" + work.record.sha256.Get();
  const model::NodeUrl& node = work.record.node;
  const std::string left = model::ToText(model::Marker{work.record.id, work.record.attempt - 1});
  return Done{{{QueueOf(work), model::ToJson(message), {{"avoid", node.Get()}}},
               CleanupOf(settings_.cleanup_queue, node, model::TaskId{0}, left)}};
}

Fate FeedCuckoo::UploadFailed(Work& work, sandbox::Node& node, const sandbox::SandboxError& error) {
  if (error.code == Errc::kUnreachable)
    return StartAnew(work, "the node was not reached: " + error.what, Leftover::kNone);
  if (error.code == Errc::kRefused) return Fail{Permanent("the sandbox refuses the sample", error.what)};
  if (error.code == Errc::kAnswerLost || error.code == Errc::kStopped)
    return Hold{kSoon, "the upload's answer was lost: " + error.what, {}};
  // The node answered, so nothing is on its way any more: the marker tells at once whether a task was made all
  // the same.
  const auto rows =
      node.FindByMarker(model::ToText(work.Marker()), model::OwnerOf(work.record.id), work.turn.stop);
  if (rows && !rows->empty()) return Found(work, node, *rows);
  if (!rows) return Hold{kSoon, "the node cannot say whether it made a task: " + error.what, {}};
  Fate anew = StartAnew(work, error.what, Leftover::kNone);
  Hold* again = std::get_if<Hold>(&anew);
  if (again == nullptr) return anew;
  const auto failures = NumberIn(work.received, kUploadFailures, 0) + 1;
  if (failures >= kMostUploads) return Fail{sandbox::ToError(error)};
  again->headers[kUploadFailures] = std::to_string(failures);
  again->at_least = kSoon;
  return anew;
}

}  // namespace brood::stages::feed_cuckoo
