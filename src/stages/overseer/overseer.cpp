#include "stages/overseer/overseer.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/crash_point.hpp"
#include "base/digest.hpp"
#include "base/log.hpp"
#include "letters/desk.hpp"
#include "letters/redact.hpp"
#include "model/messages_json.hpp"
#include "model/submission.hpp"
#include "stage/submission_json.hpp"
#include "stages/overseer/dump.hpp"
#include "stages/overseer/refeed.hpp"

namespace brood::stages::overseer {

using model::State;
using stage::Done;
using stage::Fate;
using stage::Hold;
using stage::Retry;

namespace {

/// The same message has come once more after a person had dropped it: it counts from one.
void StartAnew(store::DeadLetter& letter) {
  letter.attempts = 0;
  letter.note.clear();
}

Fate AnotherWroteIt() { return Hold{Millis{100}, "another one writes this dead letter", {}}; }

}  // namespace

struct Overseer::Work {
  const broker::Message& received;
  const stage::Turn& turn;
  model::FailureMessage failure;
  std::string desc, error;  ///< the failure's, fit to be told: other services put keys into theirs
  std::string key;
  std::optional<store::DeadLetter> letter;
  std::optional<model::Submission> record;
};

Overseer::Overseer(Settings settings, store::Submissions& submissions, store::Hashes& hashes,
                   store::DeadLetters& letters, metrics::Registry& metrics, EndInCrits end_in_crits)
    : settings_(std::move(settings)),
      backoff_{settings_.first_delay, settings_.max_delay, 2.0},
      submissions_(submissions),
      hashes_(hashes),
      letters_(letters),
      metrics_(metrics),
      end_in_crits_(std::move(end_in_crits)) {}

std::vector<Fate> Overseer::Handle(std::span<const broker::Message> batch, const stage::Turn& turn) {
  std::vector<Fate> fates;
  for (const broker::Message& message : batch) fates.push_back(HandleOne(message, turn));
  return fates;
}

Fate Overseer::HandleOne(const broker::Message& message, const stage::Turn& turn) {
  Work work{message, turn, {}, {}, {}, {}, std::nullopt, std::nullopt};
  auto failure = model::FailureMessageFromJson(message.body);
  if (failure) {
    work.failure = std::move(*failure);
  } else {
    work.failure = Undecodable(settings_.consumer_queue, message.body, failure.error());
  }
  const auto secrets = letters::SecretsIn(work.failure.msg);
  work.desc = letters::WithoutSecrets(work.failure.desc, secrets);
  work.error = letters::WithoutSecrets(work.failure.error, secrets);
  // A Go service writes no id into its failure records; its neighbours' messages may have one.
  if (work.failure.submission.Get().empty()) work.failure.submission = stage::SubmissionIn(work.failure.msg);
  work.key = LetterKey(work.failure.queue, NameOfBody(work.failure));
  auto letter = letters_.Get(work.key);
  if (!letter) return Retry{store::ToError(letter.error())};
  work.letter = std::move(*letter);
  if (work.letter && work.letter->state == store::LetterState::kDropped) StartAnew(*work.letter);
  if (work.letter && work.letter->state == store::LetterState::kDelayed) return ToldAgain(work);
  if (auto found = FindRecord(work); !found) return Retry{found.error()};
  if (work.letter && work.letter->state == store::LetterState::kDead)
    return Bury(work, "it was given up before");
  if (const auto why = letters::WhyNotSentBack(work.failure); !why.empty()) return Bury(work, why);
  if (work.failure.kind == ErrorKind::kTaskLost) return Refeed(work);
  if (work.failure.kind == ErrorKind::kPermanent) return Bury(work, "it cannot succeed");
  return Delay(work);
}

/// A letter that waits has its message with us already: the failure is told twice. Or the letter is being sent
/// at this moment and its message failed at once: then our touch makes DueLetters send it again.
Fate Overseer::ToldAgain(const Work& work) {
  const auto put = letters_.Put(*work.letter);
  if (!put) return Retry{store::ToError(put.error())};
  if (*put == store::Moved::kCurrent) return AnotherWroteIt();
  return Done{};
}

Expected<void, Error> Overseer::FindRecord(Work& work) {
  if (work.failure.submission.Get().empty()) return {};
  auto record = submissions_.Get(work.failure.submission);
  if (!record) return Unexpected(store::ToError(record.error()));
  work.record = std::move(*record);
  return {};
}

Fate Overseer::Refeed(Work& work) {
  const auto task = model::TaskMessageFromJson(work.failure.msg);
  // Without its own keys a message does not tell how often the task was lost: it must not be fed for ever.
  if (!task || !work.record || task->submission.Get().empty()) return Delay(work);
  if (FurtherThan(*work.record, *task))
    return Done{};  // its report is stored, or it is being fed again already
  const int lost = LostBefore(*task, *work.record) + 1;
  if (lost > settings_.max_refeeds) return Bury(work, fmt::format("its task was lost {} times", lost));
  metrics_.GetCounter("brood_overseer_refed_total", "Submissions fed again because their task was lost.").Add();
  log::Info("a lost task is fed again", {{"submission", work.record->id.Get()},
                                         {"task", task->task.Get()},
                                         {"node", task->node.Get()},
                                         {"why", work.desc}});
  return Done{{RefeedMessage(settings_.feed_queue, *work.record, *task, lost),
               OrphanMessage(settings_.cleanup_queue, *task)}};
}

Fate Overseer::Delay(Work& work) {
  store::DeadLetter letter = work.letter.value_or(store::DeadLetter{});
  letter.attempts += 1;
  if (letter.attempts > settings_.max_attempts)
    return Bury(work, fmt::format("it failed {} times", letter.attempts));
  letter.key = work.key;
  letter.failure = work.received.body;
  letter.queue = work.failure.queue;
  letter.submission = work.failure.submission;
  letter.state = store::LetterState::kDelayed;
  letter.due = work.turn.now + backoff_.After(letter.attempts);
  letter.changed = work.turn.now;
  const auto put = letters_.Put(letter);
  if (!put) return Retry{store::ToError(put.error())};
  if (*put == store::Moved::kCurrent) return AnotherWroteIt();
  CrashPoint("overseer.letter_written");
  metrics_.GetCounter("brood_overseer_delayed_total", "Failed messages that wait to be sent again.").Add();
  log::Info("a failed message will be sent again", {{"queue", letter.queue},
                                                    {"submission", letter.submission.Get()},
                                                    {"attempt", letter.attempts},
                                                    {"why", work.desc}});
  return Done{};
}

/// The letter comes last: while it does not say dead, all of this is done again after a crash.
Fate Overseer::Bury(Work& work, const std::string& why) {
  if (auto dumped = WriteDump(settings_.dump_dir, work.key, work.failure); !dumped)
    return Retry{dumped.error()};
  CrashPoint("overseer.dumped");
  if (auto marked = MarkFailed(work, why); !marked) return Retry{marked.error()};
  if (auto told = TellCrits(work, why); !told) return Retry{told.error()};
  store::DeadLetter letter = work.letter.value_or(store::DeadLetter{});
  letter.key = work.key;
  letter.failure = work.received.body;
  letter.queue = work.failure.queue;
  letter.submission = work.failure.submission;
  letter.state = store::LetterState::kDead;
  letter.changed = work.turn.now;
  if (letter.attempts == 0) letter.attempts = 1;
  const auto put = letters_.Put(letter);
  if (!put) return Retry{store::ToError(put.error())};
  if (*put == store::Moved::kCurrent) return AnotherWroteIt();
  CrashPoint("overseer.buried");
  metrics_.GetCounter("brood_overseer_dumped_total", "Failed messages given up.").Add();
  log::Error("a message is given up", {{"stage", work.failure.service},
                                       {"queue", letter.queue},
                                       {"submission", letter.submission.Get()},
                                       {"why", why},
                                       {"error", work.desc},
                                       {"dump", DumpFile(settings_.dump_dir, work.key).string()}});
  return Done{};
}

/// A failed submission gives its claim back, so that the next sighting of its content is analysed.
Expected<void, Error> Overseer::MarkFailed(const Work& work, const std::string& why) {
  if (!work.record || IsBesideThePoint(*work.record, work.failure, settings_.feed_queue)) return {};
  model::Submission record = *work.record;
  if (record.state == State::kFailed)
    return hashes_.Release(record.sha256, record.id).map_error(store::ToError);
  record.state = State::kFailed;
  record.stage = work.failure.service;
  record.reason = work.desc.empty() ? why : work.desc;
  if (!work.error.empty() && work.error != record.reason) record.reason += ": " + work.error;
  record.changed = work.turn.now;
  const auto moved = submissions_.Advance(std::span(&record, 1));
  if (!moved) return Unexpected(store::ToError(moved.error()));
  if (moved->front() == store::Moved::kCurrent)
    return Unexpected(Transient("the submission moved on meanwhile", record.id.Get()));
  CrashPoint("overseer.failed_written");
  return hashes_.Release(record.sha256, record.id).map_error(store::ToError);
}

/// Where CRITs does not take it for good, the letter is dead all the same.
Expected<void, Error> Overseer::TellCrits(const Work& work, const std::string& why) const {
  const auto crits = CritsOf(work.failure);
  if (!end_in_crits_ || !crits) return {};
  const bool by_this_stage = work.failure.service == "parse_and_submit";
  if (!by_this_stage && work.record && IsBesideThePoint(*work.record, work.failure, settings_.feed_queue))
    return {};
  std::string reason = work.failure.service + ": " + (work.desc.empty() ? why : work.desc);
  if (!work.error.empty() && work.error != work.desc) reason += ": " + work.error;
  auto told = end_in_crits_(*crits, reason, work.turn.stop);
  if (told || told.error().kind != ErrorKind::kPermanent) return told;
  log::Warning("an analysis cannot be marked failed in CRITs",
               {{"submission", work.failure.submission.Get()}, {"why", Describe(told.error())}});
  return {};
}

std::string LetterKey(const std::string& queue, const std::string& body) {
  return Sha256Hex(queue + "\n" + body);
}

}  // namespace brood::stages::overseer
