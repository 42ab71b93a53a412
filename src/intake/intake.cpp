#include "intake/intake.hpp"

#include <array>

#include "base/crash_point.hpp"
#include "model/messages.hpp"
#include "model/messages_json.hpp"
#include "model/verdict_json.hpp"

namespace brood::intake {

using store::StoreError;

namespace {

bool IsOver(model::State state) { return state == model::State::kScored || state == model::State::kFailed; }

}  // namespace

std::vector<Intake::Answer> Intake::AcceptAll(std::span<const Request> requests) {
  std::vector<store::Claim> claims;
  for (const Request& request : requests) claims.push_back({request.sha256, request.id});
  const auto claimed = hashes_.ClaimAll(claims, clock_.Now());
  if (!claimed) return std::vector<Answer>(requests.size(), Unexpected(claimed.error()));
  CrashPoint("intake.claimed");
  const auto is_analysed = [&](std::size_t i) {
    return (*claimed)[i] == store::Claimed::kOurs || requests[i].known == Request::Known::kAnalyseAgain;
  };
  std::vector<Request> analysed;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!is_analysed(i)) continue;
    analysed.push_back(requests[i]);
    if ((*claimed)[i] == store::Claimed::kOurs) continue;
    const auto taken_over = TakeClaimOver(requests[i]);
    if (!taken_over) return std::vector<Answer>(requests.size(), Unexpected(taken_over.error()));
  }
  // These first: their records are then there for others of the same content.
  auto accepted = AcceptClaimed(analysed);
  std::vector<Answer> answers;
  for (std::size_t i = 0, next = 0; i < requests.size(); ++i) {
    answers.push_back(is_analysed(i) ? std::move(accepted[next++]) : Known(requests[i]));
  }
  return answers;
}

/// Content that another sighting has claimed; the claim has counted ours. Whoever holds the claim may have died
/// before its record was written: then we finish its work, else the content would never be analysed.
Intake::Answer Intake::Known(const Request& request) {
  CrashPoint("intake.counted");
  const auto hash = hashes_.Get(request.sha256);
  if (!hash) return Unexpected(hash.error());
  if (!*hash || (*hash)->submission.Get().empty()) {
    const std::string what = "the claim on " + request.sha256.Get() + " was just given back";
    return Unexpected(StoreError{store::Errc::kUnavailable, what});
  }
  const std::array ids = {(*hash)->submission, request.id};
  const auto records = submissions_.GetAll(ids);
  if (!records) return Unexpected(records.error());
  // It was accepted before, and another one has taken its claim over since.
  if (records->back()) return std::move(AcceptClaimed(std::span(&request, 1)).front());
  if (const auto& record = records->front()) {
    if (HasExpired(*record)) return AnalyseAnew(request, record->id);
    const auto outcome = IsOver(record->state) ? Accepted::Outcome::kCounted : Accepted::Outcome::kJoined;
    return Accepted{outcome, record->id, {}};
  }
  if ((*hash)->submission == store::ImportedClaim(request.sha256)) return Imported(request);
  Request abandoned = request;
  abandoned.id = (*hash)->submission;
  return std::move(AcceptClaimed(std::span(&abandoned, 1)).front());
}

/// Content that another installation has analysed: its claim came with an import, and gets a record to follow.
Intake::Answer Intake::Imported(const Request& request) {
  model::Submission record = RecordOf(request);
  record.id = store::ImportedClaim(request.sha256);
  record.origin = "import";
  record.state = model::State::kScored;
  record.reasons =
      model::ReasonsToJson({{"imported", "analysed before the move; its verdict came with the blacklist", ""}});
  const auto moved = submissions_.Advance(std::span(&record, 1));
  if (!moved) return Unexpected(moved.error());
  return Accepted{Accepted::Outcome::kCounted, record.id, {}};
}

/// An analysis that is under way never expires: others join it.
bool Intake::HasExpired(const model::Submission& record) const {
  const bool ever = settings_.seen_for > Millis{0};
  return ever && IsOver(record.state) && clock_.Now() - record.accepted >= settings_.seen_for;
}

Intake::Answer Intake::AnalyseAnew(const Request& request, const model::SubmissionId& holder) {
  const auto taken_over = hashes_.TakeOver(request.sha256, holder, request.id);
  if (!taken_over) return Unexpected(taken_over.error());
  CrashPoint("intake.taken_over");
  if (*taken_over == store::Claimed::kTaken) return Known(request);  // another sighting was first
  return std::move(AcceptClaimed(std::span(&request, 1)).front());
}

/// For one that is analysed whoever has the claim. One that has a record has been here before: a later one may
/// have the claim by now, and keeps it.
store::Result<void> Intake::TakeClaimOver(const Request& request) {
  const auto record = submissions_.Get(request.id);
  if (!record) return Unexpected(record.error());
  if (*record) return {};
  const auto hash = hashes_.Get(request.sha256);
  if (!hash) return Unexpected(hash.error());
  if (!*hash) return {};
  const auto taken_over = hashes_.TakeOver(request.sha256, (*hash)->submission, request.id);
  if (!taken_over) return Unexpected(taken_over.error());
  CrashPoint("intake.taken_over");
  return {};
}

std::vector<Intake::Answer> Intake::AcceptClaimed(std::span<const Request> requests) {
  std::vector<model::Submission> records;
  for (const Request& request : requests) records.push_back(RecordOf(request));
  const auto moved = submissions_.Advance(records);
  if (!moved) return std::vector<Answer>(requests.size(), Unexpected(moved.error()));
  CrashPoint("intake.accepted");
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < records.size(); ++i) answers.push_back(Follow(records[i], (*moved)[i]));
  return answers;
}

model::Submission Intake::RecordOf(const Request& request) const {
  model::Submission record;
  record.id = request.id;
  record.sha256 = request.sha256;
  record.name = request.name;
  record.origin = request.origin;
  record.options = settings_.default_options;
  for (const auto& [key, value] : request.options) record.options[key] = value;
  record.accepted = record.changed = clock_.Now();
  return record;
}

/// What is to be done about a record that was to be written as accepted.
Intake::Answer Intake::Follow(const model::Submission& record, store::Moved moved) {
  if (moved == store::Moved::kCurrent) {
    const auto current = submissions_.Get(record.id);
    if (!current) return Unexpected(current.error());
    const bool further = *current && (*current)->Version() > record.Version();
    if (further) return Accepted{Accepted::Outcome::kOnItsWay, record.id, {}};
  }
  return Accepted{Accepted::Outcome::kNew, record.id, {FeedMessageFor(record)}};
}

broker::Outgoing Intake::FeedMessageFor(const model::Submission& record) const {
  model::FeedMessage message;
  message.payload = record.options;
  message.file_name = record.name;
  message.sample = "sha256:" + record.sha256.Get();
  message.sha256 = record.sha256;
  message.submission = record.id;
  message.crits.analysis_id = record.id.Get();
  return {
      settings_.feed_queue, model::ToJson(message), {{"first-seen", std::to_string(ToMillis(clock_.Now()))}}};
}

}  // namespace brood::intake
