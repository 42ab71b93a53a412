// What a source's connection does.
#include <algorithm>

#include "base/log.hpp"
#include "broker/amqp/amqp_source.hpp"

namespace brood::broker::amqp {
namespace {

constexpr Channel kConsume = 1;
constexpr std::size_t kMostWaitingBytes = std::size_t{64} << 20;
constexpr std::size_t kMostPrefetch = 65'535;

}  // namespace

std::string AmqpSource::ConsumerName(std::size_t queue) { return "brood-" + std::to_string(queue); }

LinkResult<> AmqpSource::Up(Link& link) {
  outstanding_.clear();
  consuming_ = false;
  if (auto opened = link.OpenChannel(kConsume); !opened) return opened;
  if (auto declared = Declare(link); !declared) return declared;
  const auto prefetch =
      static_cast<std::uint16_t>(std::clamp<std::size_t>(options_.prefetch, 1, kMostPrefetch));
  if (auto set = link.Prefetch(kConsume, prefetch); !set) return set;
  {
    const std::lock_guard lock(mutex_);
    up_ = true;
  }
  changed_.notify_all();
  return {};
}

LinkResult<> AmqpSource::Declare(Link& link) {
  for (const std::string& name : options_.queues) {
    const auto shape = topology_->Find(name);
    if (!shape) continue;  // somebody else's: consuming tells whether it is there
    if (auto declared = link.Declare(kConsume, *shape); !declared) return declared;
  }
  return {};
}

LinkResult<> AmqpSource::Consume(Link& link) {
  for (std::size_t i = 0; i < options_.queues.size(); ++i) {
    if (auto consumed = link.Consume(kConsume, options_.queues[i], ConsumerName(i)); !consumed) return consumed;
  }
  consuming_ = true;
  return {};
}

LinkResult<> AmqpSource::CancelAll(Link& link) {
  consuming_ = false;
  for (std::size_t i = 0; i < options_.queues.size(); ++i) {
    if (auto cancelled = link.Cancel(kConsume, ConsumerName(i)); !cancelled) return cancelled;
  }
  return {};
}

void AmqpSource::Heard(Event event) {
  auto* delivered = std::get_if<Delivered>(&event);
  if (delivered == nullptr) return;
  outstanding_.insert(delivered->tag);
  std::size_t queue = 0;
  while (queue + 1 < options_.queues.size() && ConsumerName(queue) != delivered->consumer) ++queue;
  delivered->message.queue = options_.queues[queue];
  const std::size_t bytes = WeightOf(delivered->message);
  const std::lock_guard lock(mutex_);
  if (waiting_bytes_ > 0 && waiting_bytes_ + bytes > kMostWaitingBytes) paused_ = true;
  if (stopped_ || paused_) {
    requeue_.push_back(delivered->tag);
    return;
  }
  waiting_bytes_ += bytes;
  waiting_[queue].push_back({delivered->tag, std::move(delivered->message), Steady::now()});
  arrived_ = true;
}

bool AmqpSource::AnyWaitsTooLong() const {
  const auto bound = Steady::now() - shared_->settings.idle_after;
  return std::any_of(waiting_.begin(), waiting_.end(),
                     [&](const auto& queue) { return !queue.empty() && queue.front().since < bound; });
}

void AmqpSource::ReturnWaiting() {
  for (auto& queue : waiting_) {
    for (const Waiting& waiting : queue) requeue_.push_back(waiting.tag);
    queue.clear();
  }
  waiting_bytes_ = 0;
}

LinkResult<> AmqpSource::Serve(Link& link) {
  // Once for all that came together, so that who takes gets them together.
  if (std::exchange(arrived_, false)) changed_.notify_all();
  std::vector<Tag> acknowledge, requeue;
  bool consume = false;
  {
    const std::lock_guard lock(mutex_);
    if (AnyWaitsTooLong()) {
      paused_ = true;
      ReturnWaiting();
    }
    if (std::exchange(wanted_, false)) paused_ = false;
    consume = !stopped_ && !paused_;
    acknowledge.swap(acknowledge_);
    requeue.swap(requeue_);
    sending_ = true;
  }
  if (!consume && consuming_) {
    if (auto cancelled = CancelAll(link); !cancelled) return cancelled;
  }
  const bool much = acknowledge.size() + requeue.size() > 1;
  if (much) link.Cork(true);
  LinkResult<> sent = Acknowledge(link, std::move(acknowledge));
  if (sent) sent = Requeue(link, requeue);
  if (much) link.Cork(false);
  if (!sent) return sent;
  {
    const std::lock_guard lock(mutex_);
    sending_ = false;
  }
  flushed_.notify_all();
  return consume && !consuming_ ? Consume(link) : LinkResult<>();
}

/// Those that are the oldest outstanding go in one word.
LinkResult<> AmqpSource::Acknowledge(Link& link, std::vector<Tag> tags) {
  std::sort(tags.begin(), tags.end());
  std::size_t oldest = 0;
  auto at = outstanding_.begin();
  while (oldest < tags.size() && at != outstanding_.end() && *at == tags[oldest]) ++oldest, ++at;
  outstanding_.erase(outstanding_.begin(), at);
  if (oldest > 0) {
    if (auto sent = link.Acknowledge(kConsume, tags[oldest - 1], true); !sent) return sent;
  }
  for (std::size_t i = oldest; i < tags.size(); ++i) {
    outstanding_.erase(tags[i]);
    if (auto sent = link.Acknowledge(kConsume, tags[i], false); !sent) return sent;
  }
  return {};
}

LinkResult<> AmqpSource::Requeue(Link& link, const std::vector<Tag>& tags) {
  for (const Tag tag : tags) {
    outstanding_.erase(tag);
    if (auto sent = link.Requeue(kConsume, tag); !sent) return sent;
  }
  return {};
}

void AmqpSource::Down(const LinkError& why) {
  {
    const std::lock_guard lock(mutex_);
    if (!held_.empty()) {
      log::Warning("the connection was lost, what was in hand goes to whoever takes it",
                   {{"queue", options_.queues.back()}, {"messages", held_.size()}, {"error", why.what}});
    }
    ++losses_;
    sending_ = false;
    up_ = false;
    paused_ = true;
    held_.clear();
    for (auto& queue : waiting_) queue.clear();
    waiting_bytes_ = 0;
    acknowledge_.clear();
    requeue_.clear();
  }
  changed_.notify_all();
  flushed_.notify_all();
}

void AmqpSource::Away(const LinkError&) {}

}  // namespace brood::broker::amqp
