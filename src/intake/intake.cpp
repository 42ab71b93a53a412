#include "intake/intake.hpp"

#include "base/crash_point.hpp"
#include "model/messages.hpp"
#include "model/messages_json.hpp"

namespace brood::intake {

Expected<Accepted, Error> Intake::Accept(const Request& request) {
  return TryAccept(request).map_error(store::ToError);
}

Expected<Accepted, store::StoreError> Intake::TryAccept(const Request& request) {
  const auto claimed = hashes_.Claim(request.sha256, request.id, clock_.Now());
  if (!claimed) return Unexpected(claimed.error());
  CrashPoint("intake.claimed");
  const bool analyse = request.known == Request::Known::kAnalyseAgain || *claimed == store::Claimed::kOurs;
  return analyse ? AcceptClaimed(request) : Known(request);
}

/// Content that another sighting has claimed; the claim has counted ours. Whoever holds the claim may have died
/// before its record was written: then we finish its work, else the content would never be analysed.
Expected<Accepted, store::StoreError> Intake::Known(const Request& request) {
  CrashPoint("intake.counted");
  const auto hash = hashes_.Get(request.sha256);
  if (!hash) return Unexpected(hash.error());
  if (!*hash || (*hash)->submission.Get().empty()) {
    const std::string what = "the claim on " + request.sha256.Get() + " was just given back";
    return Unexpected(store::StoreError{store::Errc::kUnavailable, what});
  }
  const auto record = submissions_.Get((*hash)->submission);
  if (!record) return Unexpected(record.error());
  if (*record) return Accepted{Accepted::Outcome::kCounted, (*hash)->submission, {}};
  Request abandoned = request;
  abandoned.id = (*hash)->submission;
  return AcceptClaimed(abandoned);
}

Expected<Accepted, store::StoreError> Intake::AcceptClaimed(const Request& request) {
  const Time now = clock_.Now();
  model::Submission record;
  record.id = request.id;
  record.sha256 = request.sha256;
  record.name = request.name;
  record.origin = request.origin;
  record.options = settings_.default_options;
  for (const auto& [key, value] : request.options) record.options[key] = value;
  record.accepted = record.changed = now;
  const auto moved = submissions_.Advance(std::span(&record, 1));
  if (!moved) return Unexpected(moved.error());
  CrashPoint("intake.accepted");
  if (moved->front() == store::Moved::kCurrent) {
    const auto current = submissions_.Get(request.id);
    if (!current) return Unexpected(current.error());
    const bool further = *current && (*current)->Version() > record.Version();
    if (further) return Accepted{Accepted::Outcome::kOnItsWay, request.id, {}};
  }
  Request complete = request;
  complete.options = record.options;
  return Accepted{Accepted::Outcome::kNew, request.id, {FeedMessageFor(complete)}};
}

broker::Outgoing Intake::FeedMessageFor(const Request& request) const {
  model::FeedMessage message;
  message.payload = request.options;
  message.file_name = request.name;
  message.sample = "sha256:" + request.sha256.Get();
  message.sha256 = request.sha256;
  message.submission = request.id;
  message.crits.analysis_id = request.id.Get();
  return {
      settings_.feed_queue, model::ToJson(message), {{"first-seen", std::to_string(ToMillis(clock_.Now()))}}};
}

}  // namespace brood::intake
