#include "broker/amqp/publisher.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"

namespace brood::broker::amqp {
namespace {

constexpr Channel kPublish = 1;
constexpr Channel kAsk = 2;
constexpr std::size_t kMostBytesInFlight = std::size_t{64} << 20;
constexpr int kNotFound = 404;
constexpr int kPreconditionFailed = 406;

BrokerError Unavailable(std::string what) { return {Errc::kUnavailable, std::move(what), {}}; }

}  // namespace

Publisher::Publisher(std::shared_ptr<Shared> shared, std::shared_ptr<Topology> topology)
    : shared_(std::move(shared)), topology_(std::move(topology)), line_(shared_, "brood publishing", *this) {
  line_.Start();
}

Publisher::~Publisher() {
  line_.Stop();
  TakeIncoming();
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  FailAll({Errc::kStopped, "the broker is closed", {}});
}

Expected<void, BrokerError> Publisher::Publish(Messages messages) {
  if (messages.empty()) return {};
  auto job = std::make_shared<Job>();
  job->messages = std::move(messages);
  for (std::size_t i = 0; i < job->messages.size(); ++i) job->unsent.push_back(i);
  return Await(job);
}

Expected<void, BrokerError> Publisher::Declare(const QueueShape& queue) {
  auto declared = Ask(queue.name, [queue](Link& link) { return link.Declare(kAsk, queue); });
  if (declared) topology_->Add(queue);
  return declared;
}

Expected<std::uint64_t, BrokerError> Publisher::Count(const std::string& queue) {
  std::uint64_t count = 0;
  auto asked = Ask(queue, [&count, &queue](Link& link) -> LinkResult<> {
    const auto counted = link.Count(kAsk, queue);
    if (!counted) return Unexpected(counted.error());
    count = *counted;
    return {};
  });
  if (!asked) return Unexpected(std::move(asked.error()));
  return count;
}

Expected<void, BrokerError> Publisher::Ask(const std::string& queue, std::function<LinkResult<>(Link&)> ask) {
  auto job = std::make_shared<Job>();
  job->queue = queue;
  job->ask = std::move(ask);
  return Await(job);
}

Expected<void, BrokerError> Publisher::Await(const JobPtr& job) {
  std::unique_lock lock(mutex_);
  if (closed_) return Unexpected(BrokerError{Errc::kStopped, "the broker is closed", {}});
  incoming_.push_back(job);
  line_.Wake();
  job->done.wait(lock, [&] { return job->over; });
  return std::move(job->answer);
}

void Publisher::TakeIncoming() {
  std::vector<JobPtr> incoming;
  {
    const std::lock_guard lock(mutex_);
    incoming.swap(incoming_);
  }
  for (JobPtr& job : incoming) {
    job->progress = Steady::now();
    jobs_.push_back(job);
    if (IsTooLarge(*job)) RefuseTooLarge(job);
  }
}

LinkResult<> Publisher::Up(Link& link) {
  last_tag_ = 0;
  blocked_.reset();
  where_ = link.Where();
  if (auto opened = link.OpenChannel(kPublish); !opened) return opened;
  if (auto selected = link.SelectConfirms(kPublish); !selected) return selected;
  if (auto opened = link.OpenChannel(kAsk); !opened) return opened;
  for (const QueueShape& queue : topology_->All()) {
    auto declared = link.Declare(kAsk, queue);
    if (declared) continue;
    if (declared.error().kind != LinkError::Kind::kChannelClosed) return declared;
    log::Error("a queue cannot be declared again", {{"queue", queue.name}, {"error", declared.error().what}});
    if (auto opened = link.OpenChannel(kAsk); !opened) return opened;
  }
  refused_ = false;
  for (const JobPtr& job : jobs_) job->progress = Steady::now();
  return {};
}

LinkResult<> Publisher::Serve(Link& link) {
  TakeIncoming();
  Expire();
  if (auto answered = AnswerAsks(link); !answered) return answered;
  return blocked_ ? LinkResult<>() : Send(link);
}

LinkResult<> Publisher::AnswerAsks(Link& link) {
  for (auto at = jobs_.begin(); at != jobs_.end();) {
    const JobPtr job = *at++;
    if (!job->ask) continue;
    auto asked = job->ask(link);
    if (asked) {
      Finish(job, {});
      continue;
    }
    const LinkError& error = asked.error();
    if (error.kind != LinkError::Kind::kChannelClosed) return asked;  // asked again on the next link
    const Errc code = error.code == kNotFound             ? Errc::kUnknownQueue
                      : error.code == kPreconditionFailed ? Errc::kOtherShape
                                                          : Errc::kUnavailable;
    Finish(
        job,
        Unexpected(BrokerError{
            code, fmt::format("RabbitMQ at {} says of the queue {}: {}", where_, job->queue, error.what), {}}));
    if (auto opened = link.OpenChannel(kAsk); !opened) return opened;
  }
  return {};
}

bool Publisher::HasRoom(std::size_t bytes) const {
  return in_flight_.empty() || (in_flight_.size() < shared_->settings.confirm_window &&
                                bytes_in_flight_ + bytes <= kMostBytesInFlight);
}

LinkResult<> Publisher::Send(Link& link) {
  bool corked = false;
  LinkResult<> sent;
  for (auto at = jobs_.begin(); sent && at != jobs_.end();) {
    const JobPtr job = *at++;
    while (sent && !job->unsent.empty() && HasRoom(job->messages[job->unsent.front()]->body.size())) {
      if (!std::exchange(corked, true)) link.Cork(true);
      sent = SendOne(link, job);
    }
    if (!job->unsent.empty()) break;  // the window is full; the order stays
  }
  if (corked) link.Cork(false);
  return sent;
}

LinkResult<> Publisher::SendOne(Link& link, const JobPtr& job) {
  const std::size_t index = job->unsent.front();
  const Outgoing& message = *job->messages[index];
  job->unsent.pop_front();
  ++job->open;
  bytes_in_flight_ += message.body.size();
  in_flight_[++last_tag_] = {job, index, message.body.size()};
  return link.Publish(kPublish, message);
}

void Publisher::Finish(const JobPtr& job, Expected<void, BrokerError> answer) {
  jobs_.remove(job);
  const std::lock_guard lock(mutex_);
  job->answer = std::move(answer);
  job->over = true;
  job->done.notify_all();
}

void Publisher::FailAll(const BrokerError& error) {
  std::list<JobPtr> jobs;
  jobs.swap(jobs_);
  for (const JobPtr& job : jobs) Finish(job, Unexpected(error));
}

void Publisher::Away(const LinkError& why) {
  TakeIncoming();
  refused_ = why.kind == LinkError::Kind::kLogin;
  if (!refused_ && Steady::now() - away_since_ < shared_->settings.give_up_after) return;
  FailAll(Unavailable(why.what));
}

}  // namespace brood::broker::amqp
