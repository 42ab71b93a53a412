// What becomes of messages that were sent.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/log.hpp"
#include "broker/amqp/publisher.hpp"

namespace brood::broker::amqp {
namespace {

constexpr int kPreconditionFailed = 406;
constexpr int kMostChannelsClosed = 2;

/// "… message size 9 is larger than configured max size 8": the last number.
std::optional<std::size_t> LimitIn(std::string_view text) {
  if (text.find("message size") == std::string_view::npos) return std::nullopt;
  const std::size_t digits = text.find_last_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  const std::size_t before = text.substr(0, digits + 1).find_last_not_of("0123456789");
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  std::size_t limit = 0;
  (void)std::from_chars(text.data() + begin, text.data() + digits + 1, limit);
  return limit;
}

}  // namespace

void Publisher::Heard(Event event) {
  if (const auto* confirmed = std::get_if<Confirmed>(&event)) {
    Settle(confirmed->tag, confirmed->up_to, true);
  } else if (const auto* refused = std::get_if<Refused>(&event)) {
    Settle(refused->tag, refused->up_to, false);
  } else if (const auto* returned = std::get_if<Returned>(&event)) {
    MarkReturned(returned->queue);
  } else if (auto* blocked = std::get_if<Blocked>(&event)) {
    log::Warning("RabbitMQ takes no messages at present", {{"host", where_}, {"reason", blocked->reason}});
    blocked_ = std::move(blocked->reason);
    for (const JobPtr& job : jobs_) job->progress = Steady::now();
  } else if (std::holds_alternative<Unblocked>(event)) {
    log::Info("RabbitMQ takes messages again", {{"host", where_}});
    blocked_.reset();
  }
}

void Publisher::Settle(Tag tag, bool up_to, bool confirmed) {
  auto at = up_to ? in_flight_.begin() : in_flight_.find(tag);
  while (at != in_flight_.end() && at->first <= tag) {
    const InFlight message = std::move(at->second);
    at = in_flight_.erase(at);
    SettleOne(message, confirmed);
    if (!up_to) return;
  }
}

void Publisher::SettleOne(const InFlight& message, bool confirmed) {
  (confirmed ? shared_->metrics.confirms : shared_->metrics.nacks).Add();
  bytes_in_flight_ -= message.bytes;
  Job& job = *message.job;
  if (job.over) return;  // its caller gave up waiting: what it points to is gone
  const Outgoing& sent = *job.messages[message.index];
  job.progress = Steady::now();
  --job.open;
  if (!confirmed) {
    job.unsent.clear();
    job.refusal = BrokerError{
        Errc::kFull,
        fmt::format(
            "RabbitMQ at {} refused a message for {}: the queue is at its limit, or its node has a fault",
            where_, sent.queue),
        {}};
  }
  EndIfDone(message.job);
}

void Publisher::MarkReturned(const std::string& queue) {
  shared_->metrics.returns.Add();
  for (const auto& [tag, message] : in_flight_) {
    Job& job = *message.job;
    if (job.over || job.messages[message.index]->queue != queue) continue;
    job.unsent.clear();
    job.refusal =
        BrokerError{Errc::kUnknownQueue, fmt::format("RabbitMQ at {} has no queue {}", where_, queue), {}};
  }
}

void Publisher::EndIfDone(const JobPtr& job) {
  if (job->open > 0 || !job->unsent.empty()) return;
  if (job->refusal) {
    Finish(job, Unexpected(std::move(*job->refusal)));
  } else {
    Finish(job, {});
  }
}

bool Publisher::IsTooLarge(const Job& job) const {
  return std::any_of(job.messages.begin(), job.messages.end(),
                     [&](const Outgoing* message) { return message->body.size() > server_limit_; });
}

void Publisher::RefuseTooLarge(const JobPtr& job) {
  Finish(job, Unexpected(BrokerError{
                  Errc::kTooLarge,
                  fmt::format("a message is over the limit of {} bytes of RabbitMQ at {} (max_message_size)",
                              server_limit_, where_),
                  {}}));
}

/// Messages over the server's own limit close the channel. They are told apart here, so that the others are not
/// lost with them again and again.
void Publisher::LearnLimit(const LinkError& why) {
  const auto limit = why.code == kPreconditionFailed ? LimitIn(why.what) : std::nullopt;
  if (limit) server_limit_ = std::min(server_limit_, *limit);
  for (auto at = jobs_.begin(); at != jobs_.end();) {
    const JobPtr job = *at++;
    if (IsTooLarge(*job)) {
      RefuseTooLarge(job);
    } else if (!limit && job->open > 0 && why.kind == LinkError::Kind::kChannelClosed &&
               ++job->channels_closed >= kMostChannelsClosed) {
      Finish(job, Unexpected(BrokerError{Errc::kUnavailable, why.what, {}}));
    }
  }
}

void Publisher::Down(const LinkError& why) {
  away_since_ = Steady::now();
  blocked_.reset();
  LearnLimit(why);
  std::size_t again = 0;
  // From the last to the first, so that each job's first unconfirmed message is sent first.
  for (auto at = in_flight_.rbegin(); at != in_flight_.rend(); ++at) {
    Job& job = *at->second.job;
    if (job.over) continue;
    --job.open;
    if (job.refusal) continue;
    job.unsent.push_front(at->second.index);
    ++again;
  }
  in_flight_.clear();
  bytes_in_flight_ = 0;
  shared_->metrics.republished.Add(static_cast<double>(again));
  for (auto at = jobs_.begin(); at != jobs_.end();) {
    const JobPtr job = *at++;
    if (!job->ask) EndIfDone(job);
  }
}

void Publisher::Expire() {
  const auto now = Steady::now();
  for (auto at = jobs_.begin(); at != jobs_.end();) {
    const JobPtr job = *at++;
    if (job->ask) continue;
    if (blocked_ && job->open == 0) {
      Finish(job,
             Unexpected(BrokerError{
                 Errc::kFull, fmt::format("RabbitMQ at {} takes no messages: {}", where_, *blocked_), {}}));
    } else if (now - job->progress >=
               (blocked_ ? shared_->settings.give_up_after : shared_->settings.confirm_within)) {
      Finish(job,
             Unexpected(BrokerError{Errc::kUnavailable,
                                    fmt::format("RabbitMQ at {} has not confirmed what was published", where_),
                                    {}}));
    }
  }
}

}  // namespace brood::broker::amqp
