#include "sandbox/node_health.hpp"

#include <utility>

#include "base/log.hpp"

namespace brood::sandbox {

bool Answered(Errc code) {
  return code != Errc::kUnreachable && code != Errc::kAnswerLost && code != Errc::kStopped;
}

NodeHealth::NodeHealth(model::NodeUrl url, Millis stalled_after, Time now)
    : url_(std::move(url)), stalled_after_(stalled_after) {
  health_.since = now;
}

void NodeHealth::Failed(const SandboxError& error, Time now) {
  if (error.code == Errc::kStopped) return;
  if (sandbox::Answered(error.code)) return Answered(now);
  ++failures_;
  const std::lock_guard lock(mutex_);
  health_.trouble = error.what;
  if (!std::exchange(health_.reachable, false)) return;
  health_.since = now;
  log::Warning("sandbox node does not answer", {{"node", url_.Get()}, {"error", error.what}});
}

void NodeHealth::Answered(Time now) {
  failures_ = 0;
  const std::lock_guard lock(mutex_);
  if (std::exchange(health_.reachable, true)) return;
  health_.since = now;
  health_.trouble.clear();
  log::Info("sandbox node answers again", {{"node", url_.Get()}});
}

void NodeHealth::Saw(const NodeStatus& status, Time now) {
  Answered(now);
  const std::lock_guard lock(mutex_);
  stall_.Saw(status, now);
  const bool stalled = stall_.Stalled(now, stalled_after_);
  if (std::exchange(health_.stalled, stalled) == stalled) return;
  health_.since = now;
  health_.trouble = stalled ? url_.Get() + ": tasks wait and none has run for long" : "";
  if (stalled) {
    log::Warning("sandbox node is stalled", {{"node", url_.Get()}, {"pending", status.pending}});
  } else {
    log::Info("sandbox node works again", {{"node", url_.Get()}});
  }
}

NodeWatch::Health NodeHealth::Get() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace brood::sandbox
