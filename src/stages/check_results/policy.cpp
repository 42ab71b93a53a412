#include "stages/check_results/policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.hpp"
#include "base/text.hpp"

namespace brood::stages::check_results {
namespace {

using sandbox::Sighting;
using sandbox::TaskState;

std::optional<Time> TimeIn(const broker::Message& message, const char* name) {
  const auto header = message.headers.find(name);
  if (header == message.headers.end()) return std::nullopt;
  const auto millis = ParseInt(header->second);
  if (!millis) return std::nullopt;
  return FromMillis(*millis);
}

std::string ErrorsOf(const sandbox::TaskRow& row) {
  std::string all;
  for (const std::string& error : row.errors) all += (all.empty() ? ": " : "; ") + Shorten(error, 300);
  return all;
}

// No task runs longer; keeps the arithmetic within its bounds whatever a message says.
constexpr std::int64_t kLongestTimeoutS = 30 * 86'400;

Judgement Lost(std::string why) { return {Next::kLost, std::move(why), std::nullopt, {}}; }

Judgement Waiting(const Sighting& sighting, const History& history, const Patience& patience, Time now) {
  const bool bounded = patience.max_pending > Millis{0} && history.first_seen;
  if (bounded && now - *history.first_seen > patience.max_pending) {
    return Lost(fmt::format("the task waited {} for a machine", HumanDuration(now - *history.first_seen)));
  }
  return {Next::kWait, fmt::format("the task is {}", sandbox::Name(sighting.row.state)), std::nullopt, {}};
}

Judgement Recovered(const Sighting& sighting) {
  if (!sighting.successor) return Lost("the task was rescheduled and its successor cannot be found");
  return {Next::kGoesOnAs, "the task was rescheduled", std::nullopt, *sighting.successor};
}

/// When the task began to run, as the first holder would have seen it. A later one takes the node's word: the
/// time between the node's own dates, counted from when the task was fed, since the node's clock and time zone
/// may be any.
Time BeganToRun(const Sighting& sighting, const History& history, Time now) {
  const Time seen = sighting.running_since.value_or(now);
  const sandbox::TaskRow& row = sighting.row;
  const bool node_knows = row.added_on && row.started_on && *row.started_on >= *row.added_on;
  if (history.holder == History::Holder::kFirst || !history.first_seen || !node_knows) return seen;
  return std::min(seen, *history.first_seen + (*row.started_on - *row.added_on));
}

Judgement Running(const Sighting& sighting, const History& history, std::int64_t timeout_s,
                  const Patience& patience, Time now) {
  Judgement judgement{
      Next::kWait, fmt::format("the task is {}", sandbox::Name(sighting.row.state)), std::nullopt, {}};
  if (!history.first_running) judgement.first_running = BeganToRun(sighting, history, now);
  const Millis own =
      timeout_s > 0 ? Millis{std::min(timeout_s, kLongestTimeoutS) * 1'000} : patience.default_timeout;
  const Millis running = now - (history.first_running ? *history.first_running : *judgement.first_running);
  if (running <= own + patience.max_wait) return judgement;
  return Lost(
      fmt::format("the task was still {} after {}", sandbox::Name(sighting.row.state), HumanDuration(running)));
}

Judgement Seen(const Sighting& sighting, const History& history, std::int64_t timeout_s,
               const Patience& patience, Time now) {
  const sandbox::TaskRow& row = sighting.row;
  if (row.state == TaskState::kReported) return {Next::kReported, {}, std::nullopt, {}};
  if (row.state == TaskState::kRecovered) return Recovered(sighting);
  if (sandbox::IsFailed(row.state)) {
    return Lost(fmt::format("the sandbox says {}{}", sandbox::Name(row.state), ErrorsOf(row)));
  }
  if (row.state == TaskState::kPending) return Waiting(sighting, history, patience, now);
  return Running(sighting, history, timeout_s, patience, now);
}

}  // namespace

History HistoryOf(const broker::Message& message, Time fed_at) {
  History history;
  history.first_seen = TimeIn(message, kRescheduled);
  if (!history.first_seen) {
    history.first_seen = fed_at > Time{} ? std::optional(fed_at) : TimeIn(message, "first-seen");
  }
  history.first_running = TimeIn(message, kFirstRunning);
  history.holder = message.seen_before ? History::Holder::kLater : History::Holder::kFirst;
  return history;
}

Judgement Judge(const Sighting& sighting, const sandbox::NodeWatch::Health& node, const History& history,
                std::int64_t timeout_s, const Patience& patience, Time now) {
  switch (sighting.kind) {
    case Sighting::Kind::kVanished:
      return Lost("the task vanished from the sandbox");
    case Sighting::Kind::kForeign:
      return Lost("the task's number now belongs to another submission");
    case Sighting::Kind::kSeen:
      if (node.reachable || sighting.row.state == TaskState::kReported || sighting.successor) {
        return Seen(sighting, history, timeout_s, patience, now);
      }
      break;
    case Sighting::Kind::kUnknown:
      break;
  }
  if (!node.reachable && now - node.since > patience.dead_after) {
    return Lost(fmt::format("the sandbox has been out of reach for {}: {}", HumanDuration(now - node.since),
                            node.trouble));
  }
  return {Next::kWait, node.reachable ? "no list has shown the task yet" : node.trouble, std::nullopt, {}};
}

}  // namespace brood::stages::check_results
