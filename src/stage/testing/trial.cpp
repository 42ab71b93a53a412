#include "stage/testing/trial.hpp"

#include <limits>
#include <stdexcept>

#include "model/messages_json.hpp"
#include "stage/failure_record.hpp"
#include "stage/headers.hpp"

namespace brood::stage::testing {
namespace {

model::FailureMessage FailureOf(const Stage& stage, const broker::Message& message, const Error& why) {
  const FailureRecorder recorder(stage.Name(), message.queue, "worker/failed", {});
  const auto record = recorder.Make(message, why, std::numeric_limits<std::size_t>::max());
  return model::FailureMessageFromJson(record.value().body).value();
}

}  // namespace

broker::Message MessageOn(std::string queue, std::string body, Time now, broker::Headers headers) {
  headers.try_emplace(kFirstSeen, std::to_string(ToMillis(now)));
  return {std::move(queue), std::move(body), std::move(headers)};
}

std::vector<Fate> Offer(Stage& stage, std::span<const broker::Message> batch, const Clock& clock) {
  auto fates = stage.Handle(batch, Turn{clock.Now(), {}});
  if (fates.size() != batch.size()) {
    throw std::logic_error(stage.Name() + " gave " + std::to_string(fates.size()) + " fates for " +
                           std::to_string(batch.size()) + " messages");
  }
  return fates;
}

Fate Offer(Stage& stage, const broker::Message& message, const Clock& clock) {
  return Offer(stage, std::span(&message, 1), clock).front();
}

Outcome Follow(Stage& stage, broker::Message message, ManualClock& clock, int max_offers,
               const RetryPolicy& policy) {
  Outcome outcome;
  Entry entry{.message = std::move(message), .taken = clock.Now()};
  while (!outcome.ended && max_offers-- > 0) {
    outcome.fates.push_back(Offer(stage, entry.message, clock));
    Step step = Decide(entry, outcome.fates.back(), policy, clock.Now());
    if (const auto* again = std::get_if<OfferAgain>(&step)) {
      clock.Advance(again->due - clock.Now());
      continue;
    }
    outcome.ended = true;
    if (auto* settle = std::get_if<SettleWith>(&step)) outcome.published = std::move(settle->publish);
    if (const auto* up = std::get_if<GiveUp>(&step)) outcome.failure = FailureOf(stage, entry.message, up->why);
  }
  outcome.message = std::move(entry.message);
  return outcome;
}

std::vector<std::string> Outcome::On(std::string_view queue) const {
  std::vector<std::string> bodies;
  for (const auto& outgoing : published) {
    if (outgoing.queue == queue) bodies.push_back(outgoing.body);
  }
  return bodies;
}

std::vector<std::string> Outcome::HeldFor() const {
  std::vector<std::string> reasons;
  for (const auto& fate : fates) {
    if (const auto* hold = std::get_if<Hold>(&fate)) reasons.push_back(hold->why);
  }
  return reasons;
}

}  // namespace brood::stage::testing
