#include "broker/sqlite/watch.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.hpp"
#include "broker/sqlite/seat.hpp"

namespace brood::broker::sqlite {
namespace {

constexpr Millis kBusyInterval{10};
constexpr Millis kIdleInterval{50};

}  // namespace

Watch::Watch(Hub& hub)
    : hub_(hub),
      connection_(hub.Writer().File(), brood::sqlite::Mode::kReadOnly),
      locks_(hub.HoldersFile()),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void Watch::Run(const std::stop_token& stop) {
  SystemClock clock;
  bool failing = false;
  for (Millis interval = kBusyInterval; !stop.stop_requested();) {
    try {
      interval = Look() ? kBusyInterval : std::min(interval + interval / 10 + Millis{1}, kIdleInterval);
      failing = false;
    } catch (const std::exception& error) {
      if (!std::exchange(failing, true)) {
        log::Warning("cannot look after other processes, trying on", {{"error", error.what()}});
      }
      interval = kIdleInterval;
    }
    clock.WaitFor(interval, stop);
  }
}

bool Watch::Look() {
  const bool written = SomebodyWrote();
  if (written) {
    ListHolders();
    hub_.Bell().RingAll();
  }
  return ReturnWhatTheDeadHeld() || written;
}

bool Watch::SomebodyWrote() {
  const auto version = connection_.QueryInt("PRAGMA data_version");
  if (!version || *version == data_version_) return false;
  data_version_ = *version;
  return true;
}

void Watch::ListHolders() {
  if (auto holders = Holders(connection_)) holders_ = std::move(*holders);
}

bool Watch::IsDead(HolderId holder) {
  if (locks_.LockedByAnother(holder.Get())) return false;
  if (locks_.IsTheFileAtItsPath()) return true;
  locks_ = brood::sqlite::LockFile(hub_.HoldersFile());
  return !locks_.LockedByAnother(holder.Get());
}

bool Watch::ReturnWhatTheDeadHeld() {
  bool returned_any = false;
  for (const HolderId holder : holders_) {
    if (!IsDead(holder)) continue;
    const auto returned =
        hub_.Writer().WriteFor<std::size_t>([&](Connection& db) { return ReturnOfDead(db, locks_, holder); });
    if (!returned) continue;  // tried again at the next look
    returned_any = true;
    if (*returned == 0) continue;
    log::Warning("a consumer died, its messages went back",
                 {{"holder", holder.Get()}, {"messages", *returned}});
    hub_.Bell().RingAll();
  }
  if (returned_any) ListHolders();
  return returned_any;
}

}  // namespace brood::broker::sqlite
