#include "sandbox/fleet.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/log.hpp"
#include "sandbox/free_space.hpp"
#include "sandbox/stall.hpp"

namespace brood::sandbox {
namespace {

using Health = NodeView::Health;

/// One node's place in the fleet. All of it is guarded by the fleet's mutex, but no call is made under it.
struct Place {
  std::shared_ptr<Node> node;
  NodeView view;
  StallClock stall;
  std::int64_t chosen = 0;  ///< since the last status
  int failed_status = 0, failed_calls = 0;
  Time ask_at{};       ///< when its status is worth asking for again
  Time rests_until{};  ///< after calls that went wrong
  enum class Asking { kNobody, kSomebody } asking = Asking::kNobody;
  enum class DiskWarning { kDue, kGiven } disk_warning = DiskWarning::kDue;
};

/// What stands against one more task there; "" if nothing does.
std::string Obstacle(const Place& place, const FleetSettings& settings, Time now) {
  const NodeView& view = place.view;
  if (view.health == Health::kUnknown) return "its status is not known yet";
  if (view.health == Health::kDown) return "it is down";
  if (view.health == Health::kStalled) return "tasks wait there and none has run for long";
  if (now < place.rests_until) return "its last answer went wrong";
  if (!IsSane(*view.status)) return "its status is all zero: no machine, or its database cannot be read";
  if (view.status->pending + place.chosen >= settings.max_pending) return "it has enough pending";
  if (settings.free_space == FleetSettings::FreeSpace::kIgnore) return "";
  const auto free = LeastFree(*view.status);
  return free && *free <= settings.min_free ? "its disk is nearly full" : "";
}

bool ConcernsTheRequest(Errc code) {
  return code == Errc::kRefused || code == Errc::kNotFound || code == Errc::kUnsearchable;
}

std::int64_t Room(const Place& place, const FleetSettings& settings) {
  return settings.max_pending - place.view.status->pending - place.chosen;
}

}  // namespace

class Fleet::Impl {
 public:
  Impl(std::vector<std::shared_ptr<Node>> nodes, FleetSettings settings, Clock& clock)
      : settings_(settings), clock_(clock), places_(nodes.size()) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      places_[i].view.url = nodes[i]->Url();
      places_[i].node = std::move(nodes[i]);
    }
  }

  Choice Choose(const std::optional<model::NodeUrl>& avoid, const std::stop_token& stop) {
    AskWhereOld(stop);
    const std::lock_guard lock(mutex_);
    return Pick(avoid, clock_.Now());
  }

  std::shared_ptr<Node> Find(const model::NodeUrl& url) const {
    const auto found = std::find_if(places_.begin(), places_.end(),
                                    [&url](const Place& place) { return place.view.url == url; });
    return found == places_.end() ? nullptr : found->node;
  }

  void Report(const model::NodeUrl& url, const SandboxError* error);

  std::vector<NodeView> Views() const {
    const std::lock_guard lock(mutex_);
    std::vector<NodeView> views;
    for (const Place& place : places_) views.push_back(place.view);
    return views;
  }

 private:
  void AskWhereOld(const std::stop_token& stop);
  Place* Best(const std::optional<model::NodeUrl>& avoid, Time now);
  Choice Pick(const std::optional<model::NodeUrl>& avoid, Time now);
  Choice NoChoice(Time now) const;
  void TakeStatus(Place& place, const Result<NodeStatus>& status, Time asked);
  void TakeGoodStatus(Place& place, const NodeStatus& status, Time asked);
  void GoDown(Place& place, const SandboxError& error, Time now);
  void WarnOfMissingDisk(Place& place);

  const FleetSettings settings_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<Place> places_;
};

void Fleet::Impl::AskWhereOld(const std::stop_token& stop) {
  for (Place& place : places_) {
    const Time now = clock_.Now();
    std::int64_t chosen_before = 0;
    {
      const std::lock_guard lock(mutex_);
      if (place.asking == Place::Asking::kSomebody || now < place.ask_at) continue;
      place.asking = Place::Asking::kSomebody;
      chosen_before = place.chosen;
    }
    const auto status = place.node->Status(stop);
    const std::lock_guard lock(mutex_);
    place.asking = Place::Asking::kNobody;
    place.chosen -= chosen_before;  // what was chosen since may not be in the answer
    TakeStatus(place, status, now);
  }
}

void Fleet::Impl::TakeStatus(Place& place, const Result<NodeStatus>& status, Time asked) {
  if (status) return TakeGoodStatus(place, *status, asked);
  if (status.error().code == Errc::kStopped) return;
  ++place.failed_status;
  place.ask_at = asked + settings_.probe.After(place.failed_status);
  GoDown(place, status.error(), asked);
}

void Fleet::Impl::TakeGoodStatus(Place& place, const NodeStatus& status, Time asked) {
  if (place.view.health == Health::kDown) {
    log::Info("sandbox node is up again", {{"node", place.view.url.Get()}});
  }
  place.failed_status = 0;
  place.ask_at = asked + settings_.status_every;
  place.stall.Saw(status, asked);
  const bool stalled = place.stall.Stalled(asked, settings_.stalled_after);
  place.view.health = stalled ? Health::kStalled : Health::kUp;
  place.view.status = status;
  place.view.status_at = asked;
  place.view.down_since = {};
  place.view.trouble = Obstacle(place, settings_, asked);
  WarnOfMissingDisk(place);
}

void Fleet::Impl::WarnOfMissingDisk(Place& place) {
  if (settings_.free_space == FleetSettings::FreeSpace::kIgnore || LeastFree(*place.view.status)) return;
  if (std::exchange(place.disk_warning, Place::DiskWarning::kGiven) == Place::DiskWarning::kGiven) return;
  log::Warning("sandbox node tells no free space: it is not checked there", {{"node", place.view.url.Get()}});
}

void Fleet::Impl::GoDown(Place& place, const SandboxError& error, Time now) {
  place.view.trouble = error.what;
  if (std::exchange(place.view.health, Health::kDown) == Health::kDown) return;
  place.view.down_since = now;
  log::Warning("sandbox node is down", {{"node", place.view.url.Get()}, {"error", error.what}});
}

void Fleet::Impl::Report(const model::NodeUrl& url, const SandboxError* error) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(places_.begin(), places_.end(),
                                  [&url](const Place& place) { return place.view.url == url; });
  if (found == places_.end() || (error != nullptr && error->code == Errc::kStopped)) return;
  Place& place = *found;
  const Time now = clock_.Now();
  if (error == nullptr || ConcernsTheRequest(error->code)) {
    place.failed_calls = 0;
    return;
  }
  if (now >= place.rests_until) {  // what fails while it rests was begun before: one trouble, not many
    ++place.failed_calls;
    place.rests_until = place.ask_at = now + settings_.probe.After(place.failed_calls);
  }
  place.view.trouble = error->what;
  const bool down = error->code == Errc::kUnreachable || error->code == Errc::kUnauthorized;
  if (down) GoDown(place, *error, now);
}

/// `avoid` only where no other node is up, even if those are full: they will have room again.
Place* Fleet::Impl::Best(const std::optional<model::NodeUrl>& avoid, Time now) {
  Place* best = nullptr;
  Place* avoided = nullptr;
  bool others_up = false;
  for (Place& place : places_) {
    const bool is_avoided = avoid && place.view.url == *avoid;
    others_up = others_up || (!is_avoided && place.view.health == Health::kUp);
    if (!Obstacle(place, settings_, now).empty()) continue;
    if (is_avoided) {
      avoided = &place;
    } else if (best == nullptr || Room(place, settings_) > Room(*best, settings_)) {
      best = &place;
    }
  }
  return best != nullptr || others_up ? best : avoided;
}

Fleet::Choice Fleet::Impl::Pick(const std::optional<model::NodeUrl>& avoid, Time now) {
  Place* const best = Best(avoid, now);
  if (best == nullptr) return NoChoice(now);
  ++best->chosen;
  if (Room(*best, settings_) <= 0) {
    best->ask_at = std::min(best->ask_at, best->view.status_at + settings_.status_soonest);
  }
  return {best->node, Millis{0}, ""};
}

Fleet::Choice Fleet::Impl::NoChoice(Time now) const {
  Choice none;
  none.again_after = settings_.status_every;
  for (const Place& place : places_) {
    const Time again = std::max(place.ask_at, place.rests_until);
    none.again_after = std::min(none.again_after, std::max(again - now, settings_.status_soonest));
    const bool tells = place.view.health == Health::kDown;
    const std::string obstacle = tells ? place.view.trouble : Obstacle(place, settings_, now);
    none.why += (none.why.empty() ? "" : "; ") + place.view.url.Get() + ": " +
                (obstacle.empty() ? "it is to be avoided" : obstacle);
  }
  if (places_.empty()) none.why = "no sandbox node is configured";
  return none;
}

Fleet::Fleet(std::vector<std::shared_ptr<Node>> nodes, FleetSettings settings, Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(nodes), settings, clock)) {}

Fleet::~Fleet() = default;

Fleet::Choice Fleet::Choose(const std::optional<model::NodeUrl>& avoid, std::stop_token stop) {
  return impl_->Choose(avoid, stop);
}

std::shared_ptr<Node> Fleet::Find(const model::NodeUrl& url) const { return impl_->Find(url); }

void Fleet::Report(const model::NodeUrl& url, const SandboxError* error) { impl_->Report(url, error); }

std::vector<NodeView> Fleet::Views() const { return impl_->Views(); }

}  // namespace brood::sandbox
