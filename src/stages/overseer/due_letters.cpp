#include "stages/overseer/due_letters.hpp"

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "model/messages_json.hpp"
#include "stages/overseer/dump.hpp"
#include "stages/overseer/refeed.hpp"

namespace brood::stages::overseer {
namespace {

/// Within this a taken letter is sent; after a crash it is due again then. Sending takes milliseconds, and a
/// letter that is sent twice, because the broker was away for longer, is a second token that finds its record
/// further on.
constexpr Millis kReservation{30'000};
/// When a letter whose queue nobody has declared is tried again.
constexpr Millis kNoQueueYet{300'000};
constexpr Millis kLookEvery{500};

/// A person's retry starts with a fresh count, of lost tasks too.
std::string BodyOf(const store::DeadLetter& letter, const model::FailureMessage& failure) {
  return letter.attempts == 0 ? WithFreshCount(failure.msg) : failure.msg;
}

}  // namespace

std::vector<broker::Delivery> DueLetters::Take(std::size_t max, Millis wait) {
  const Time until = clock_.Now() + wait;
  for (;;) {
    if (stop_.stop_requested()) return {};
    auto deliveries = TakeNow(max);
    const Time now = clock_.Now();
    if (!deliveries.empty() || now >= until) return deliveries;
    clock_.WaitFor(std::min(kLookEvery, until - now), stop_.get_token());
  }
}

std::vector<broker::Delivery> DueLetters::TakeNow(std::size_t max) {
  auto due = letters_.Due(clock_.Now(), max);
  if (!due) {
    log::Warning("dead letters cannot be read", {{"why", due.error().what}});
    return {};
  }
  std::vector<broker::Delivery> deliveries;
  for (store::DeadLetter& letter : *due) {
    if (auto delivery = Reserve(std::move(letter))) deliveries.push_back(std::move(*delivery));
  }
  return deliveries;
}

std::optional<broker::Delivery> DueLetters::Reserve(store::DeadLetter letter) {
  letter.due = clock_.Now() + kReservation;
  const auto put = letters_.Put(letter);
  if (!put || *put == store::Moved::kCurrent) return std::nullopt;
  letter.version += 1;
  CrashPoint("overseer_resend.reserved");
  const auto failure = model::FailureMessageFromJson(letter.failure);
  if (!failure) {
    log::Error("a dead letter cannot be read", {{"key", letter.key}, {"why", Describe(failure.error())}});
    return std::nullopt;
  }
  std::lock_guard lock(mutex_);
  for (auto& [id, ours] : in_hand_) {
    if (ours.key != letter.key) continue;
    ours = std::move(letter);  // the broker was away for longer than a reservation
    return std::nullopt;
  }
  const broker::DeliveryId id{next_id_++};
  broker::Message message{letter.queue, BodyOf(letter, *failure), {}, false};
  in_hand_.emplace(id, std::move(letter));
  return broker::Delivery{id, std::move(message)};
}

Expected<void, broker::BrokerError> DueLetters::Settle(std::span<const broker::Settlement> settlements) {
  for (const broker::Settlement& settlement : settlements) {
    if (auto settled = SettleOne(settlement); !settled) return settled;
  }
  return {};
}

Expected<void, broker::BrokerError> DueLetters::SettleOne(const broker::Settlement& settlement) {
  store::DeadLetter letter;
  {
    std::lock_guard lock(mutex_);
    const auto found = in_hand_.find(settlement.delivery);
    if (found == in_hand_.end()) return {};
    letter = found->second;
  }
  if (!settlement.publish.empty()) {
    auto published = broker_.Publish(settlement.publish);
    if (!published && published.error().code == broker::Errc::kUnknownQueue) return PutOff(settlement, letter);
    if (!published) return published;
  }
  CrashPoint("overseer_resend.published");
  if (const auto removed = RemoveDump(dump_dir_, letter.key); !removed)
    log::Warning("a message went back but stays dumped",
                 {{"key", letter.key}, {"why", Describe(removed.error())}});
  CrashPoint("overseer_resend.dump_removed");
  letter.state = store::LetterState::kSent;
  letter.changed = clock_.Now();
  if (const auto put = letters_.Put(letter); !put) {
    return Unexpected(broker::BrokerError{broker::Errc::kUnavailable, put.error().what});
  }
  std::lock_guard lock(mutex_);
  in_hand_.erase(settlement.delivery);
  return {};
}

/// Nobody has declared the letter's queue: it stays delayed, and others are not kept waiting.
Expected<void, broker::BrokerError> DueLetters::PutOff(const broker::Settlement& settlement,
                                                       store::DeadLetter letter) {
  log::Error("a dead letter has no queue to go back to, it is tried again later",
             {{"queue", letter.queue}, {"submission", letter.submission.Get()}, {"key", letter.key}});
  letter.due = clock_.Now() + kNoQueueYet;
  if (const auto put = letters_.Put(letter); !put) {
    return Unexpected(broker::BrokerError{broker::Errc::kUnavailable, put.error().what, {}});
  }
  std::lock_guard lock(mutex_);
  in_hand_.erase(settlement.delivery);
  return {};
}

void DueLetters::GiveBack(std::span<const broker::DeliveryId> deliveries) {
  std::lock_guard lock(mutex_);
  for (const broker::DeliveryId& id : deliveries) {
    const auto found = in_hand_.find(id);
    if (found == in_hand_.end()) continue;
    found->second.due = clock_.Now();
    (void)letters_.Put(found->second);
    in_hand_.erase(found);
  }
}

std::vector<stage::Fate> Resend::Handle(std::span<const broker::Message> batch, const stage::Turn&) {
  std::vector<stage::Fate> fates;
  for (const broker::Message& message : batch) {
    fates.push_back(stage::Done{{{message.queue, message.body, {}}}});
  }
  return fates;
}

}  // namespace brood::stages::overseer
