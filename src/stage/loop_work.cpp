#include <algorithm>
#include <chrono>

#include "base/log.hpp"
#include "stage/handle.hpp"
#include "stage/loop.hpp"

namespace brood::stage {

void Runner::Loop::WorkAll(const std::stop_token& stop) {
  while (auto batch = NextBatch(stop)) Work(std::move(*batch), stop);
}

std::optional<Batch> Runner::Loop::NextBatch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  work_.wait(lock, stop, [this] { return hand_.CanPick(); });
  if (stop.stop_requested()) return std::nullopt;
  return hand_.Pick(BatchSize());
}

/// A few messages, which may be long work each, are shared out instead of one worker taking them all.
std::size_t Runner::Loop::BatchSize() const {
  const std::size_t workers = std::max<std::size_t>(settings_.workers, 1);
  const std::size_t share = (hand_.Ready() + workers - 1) / workers;
  return std::clamp<std::size_t>(share, 1, std::max<std::size_t>(settings_.batch, 1));
}

void Runner::Loop::Work(Batch batch, const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex_);
    at_work_.insert(&batch);
  }
  const auto begun = std::chrono::steady_clock::now();
  auto fates = CallHandle(stage_, batch.messages, Turn{clock_.Now(), stop});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  metrics_.handle_seconds.Observe(took.count());

  const Time now = clock_.Now();
  const std::lock_guard lock(mutex_);
  at_work_.erase(&batch);
  const auto tickets = batch.tickets;
  hand_.PutBack(std::move(batch));
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    if (fates[i]) {
      Apply(tickets[i], std::move(*fates[i]), now);
    } else {
      hand_.Offer(tickets[i]);
    }
  }
  work_.notify_all();
  alarm_.Ring();
}

void Runner::Loop::Apply(Ticket ticket, Fate fate, Time now) {
  Entry& entry = hand_.At(ticket);
  Note(entry, fate);
  const bool holds = std::holds_alternative<Hold>(fate);
  Step step = Decide(entry, std::move(fate), policy_, now);
  if (auto* settle = std::get_if<SettleWith>(&step)) {
    metrics_.done.Add();
    AddJob(ticket).publish = std::move(settle->publish);
  } else if (const auto* again = std::get_if<OfferAgain>(&step)) {
    (holds ? metrics_.held : metrics_.retried).Add();
    hand_.WaitUntil(ticket, again->due);
  } else {
    metrics_.failed.Add();
    GiveUpOn(ticket, std::move(std::get<GiveUp>(step).why), now);
  }
}

void Runner::Loop::Note(const Entry& entry, const Fate& fate) const {
  if (const auto* hold = std::get_if<Hold>(&fate); hold != nullptr && hold->why != entry.held_for) {
    log::Debug("message is held", {{"stage", name_}, {"queue", entry.message.queue}, {"reason", hold->why}});
  }
  if (const auto* retry = std::get_if<Retry>(&fate)) {
    log::Info(
        "message is tried again",
        {{"stage", name_}, {"queue", entry.message.queue}, {"try", entry.tries + 1}, {"error", retry->why}});
  }
}

// A failure record of a failure record would come back to us for ever, and grow.
bool Runner::Loop::NothingTakesFailures(const RunnerSettings& settings) {
  return settings.failed_queue.empty() || settings.queue == settings.failed_queue;
}

void Runner::Loop::GiveUpOn(Ticket ticket, Error why, Time now) {
  if (NothingTakesFailures(settings_)) {
    log::Error("message cannot be handled, it is kept and tried again", {{"stage", name_}, {"error", why}});
    hand_.WaitUntil(ticket, now + settings_.retry.max);
    return;
  }
  AddJob(ticket).failure = std::move(why);
}

Job& Runner::Loop::AddJob(Ticket ticket) {
  Entry& entry = hand_.SendAway(ticket);
  return jobs_.emplace_back(
      Job{.ticket = ticket, .delivery = entry.delivery, .message = std::move(entry.message)});
}

}  // namespace brood::stage
