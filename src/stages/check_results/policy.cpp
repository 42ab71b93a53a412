#include "stages/check_results/policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace brood::stages::check_results {
namespace {

using sandbox::Sighting;
using sandbox::TaskState;

std::optional<Time> TimeIn(const broker::Headers& headers, const char* name) {
  const auto header = headers.find(name);
  if (header == headers.end()) return std::nullopt;
  const auto millis = ParseInt(header->second);
  if (!millis) return std::nullopt;
  return FromMillis(*millis);
}

std::string Minutes(Millis time) {
  return fmt::format("{:.0f} minutes", static_cast<double>(time.count()) / 60'000);
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
    return Lost(fmt::format("the task waited {} for a machine", Minutes(now - *history.first_seen)));
  }
  return {Next::kWait, fmt::format("the task is {}", sandbox::Name(sighting.row.state)), std::nullopt, {}};
}

Judgement Recovered(const Sighting& sighting) {
  if (!sighting.successor) return Lost("the task was rescheduled and its successor cannot be found");
  return {Next::kGoesOnAs, "the task was rescheduled", std::nullopt, *sighting.successor};
}

Judgement Running(const Sighting& sighting, const History& history, std::int64_t timeout_s,
                  const Patience& patience, Time now) {
  Judgement judgement{
      Next::kWait, fmt::format("the task is {}", sandbox::Name(sighting.row.state)), std::nullopt, {}};
  if (!history.first_running) {
    judgement.first_running = sighting.running_since.value_or(now);
    return judgement;
  }
  const Millis own =
      timeout_s > 0 ? Millis{std::min(timeout_s, kLongestTimeoutS) * 1'000} : patience.default_timeout;
  const Millis running = now - *history.first_running;
  if (running <= own + patience.max_wait) return judgement;
  return Lost(
      fmt::format("the task was still {} after {}", sandbox::Name(sighting.row.state), Minutes(running)));
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

History HistoryOf(const broker::Headers& headers, Time fed_at) {
  const auto first_seen = fed_at > Time{} ? std::optional(fed_at) : TimeIn(headers, "first-seen");
  return {first_seen, TimeIn(headers, "first-running")};
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
    return Lost(
        fmt::format("the sandbox has been out of reach for {}: {}", Minutes(now - node.since), node.trouble));
  }
  return {Next::kWait, node.reachable ? "no list has shown the task yet" : node.trouble, std::nullopt, {}};
}

}  // namespace brood::stages::check_results
