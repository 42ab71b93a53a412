#include "broker/sqlite/sqlite_source.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"

namespace brood::broker::sqlite {
namespace {

// A bound on what one Take brings into memory; one message always comes.
constexpr std::size_t kMaxBytesAtOnce = std::size_t{64} << 20;

std::vector<QueueId> IdsOf(const std::vector<NamedQueue>& queues) {
  std::vector<QueueId> ids;
  for (const NamedQueue& queue : queues) ids.push_back(queue.id);
  return ids;
}

}  // namespace

Expected<std::unique_ptr<Source>, BrokerError> SqliteSource::Open(std::shared_ptr<Hub> hub,
                                                                  const ConsumeOptions& options) {
  std::vector<NamedQueue> queues;
  for (const std::string& name : options.queues) {
    const auto id = hub->Queue(name);
    if (!id) return Unexpected(id.error());
    queues.push_back({*id, name});
  }
  auto seat = hub->Writer().WriteFor<std::shared_ptr<Seat>>(
      [&](Connection& db) { return Seat::Take(db, hub->HoldersFile()); });
  if (!seat) return Unexpected(ToBrokerError(seat.error()));
  return std::unique_ptr<Source>(
      new SqliteSource(std::move(hub), std::move(queues), options.prefetch, std::move(*seat)));
}

SqliteSource::SqliteSource(std::shared_ptr<Hub> hub, std::vector<NamedQueue> queues, std::size_t prefetch,
                           std::shared_ptr<Seat> seat)
    : hub_(std::move(hub)),
      queues_(std::move(queues)),
      queue_ids_(IdsOf(queues_)),
      prefetch_(prefetch),
      seat_(std::move(seat)) {}

/// Where this fails the seat's lock goes all the same, and whoever looks next returns what was held.
SqliteSource::~SqliteSource() {
  const auto left =
      hub_->Writer().WriteFor<std::size_t>([&](Connection& db) { return RemoveHolder(db, seat_->Id()); });
  if (left && *left > 0) hub_->Bell().RingAll();
}

std::vector<Delivery> SqliteSource::Take(std::size_t max, Millis wait) {
  ReturnLeftovers();
  std::vector<Delivery> taken = TakeNow(max);
  if (!taken.empty() || wait <= Millis{0}) return taken;
  Bell::Listener listener(hub_->Bell(), queue_ids_);
  const auto deadline = std::chrono::steady_clock::now() + std::min(wait, Millis{24 * 3'600'000});
  do {
    taken = TakeNow(max);
  } while (taken.empty() && !Stopped() && listener.Wait(deadline));
  return taken;
}

std::vector<Delivery> SqliteSource::TakeNow(std::size_t max) {
  const std::size_t room = Reserve(max);
  if (room == 0) return {};
  std::shared_ptr<Seat> seat = CurrentSeat();
  std::vector<Delivery> taken;
  Result<void> took;
  if (const auto any = AnyReady(); !any) {
    took = Unexpected(any.error());
  } else if (*any) {
    auto result = hub_->Writer().WriteFor<std::vector<Delivery>>(
        [&](Connection& db) { return TakeSome(db, room, seat); });
    if (result) {
      taken = std::move(*result);
    } else {
      took = Unexpected(result.error());
    }
  }
  Keep(room, taken, took ? seat : nullptr);
  Tell(took);
  return taken;
}

Result<bool> SqliteSource::AnyReady() {
  return hub_->Readers().ReadFor<bool>([&](Connection& db) -> Result<bool> {
    for (const NamedQueue& queue : queues_) {
      auto row =
          db.Prepare("SELECT 1 FROM broker_ready WHERE queue = ? LIMIT 1").Bind(1, queue.id.Get()).Step();
      if (!row || *row) return row;
    }
    return false;
  });
}

Result<std::vector<Delivery>> SqliteSource::TakeSome(Connection& db, std::size_t max,
                                                     std::shared_ptr<Seat>& seat) {
  const auto seated = HasHolder(db, seat->Id());
  if (!seated) return Unexpected(seated.error());
  if (!*seated) {
    auto next = Seat::Take(db, hub_->HoldersFile());
    if (!next) return Unexpected(next.error());
    seat = std::move(*next);
  }
  std::vector<Delivery> taken;
  for (const NamedQueue& queue : queues_) {
    if (taken.size() == max) break;
    auto some = TakeReady(db, queue, seat->Id(), max - taken.size(), kMaxBytesAtOnce / queues_.size());
    if (!some) return some;
    std::ranges::move(*some, std::back_inserter(taken));
  }
  return taken;
}

std::size_t SqliteSource::Reserve(std::size_t max) {
  const std::lock_guard lock(mutex_);
  const std::size_t used = in_hand_.size() + reserved_;
  if (stopped_ || used >= prefetch_) return 0;
  const std::size_t room = std::min(max, prefetch_ - used);
  reserved_ += room;
  return room;
}

void SqliteSource::Keep(std::size_t reserved, const std::vector<Delivery>& taken, std::shared_ptr<Seat> seat) {
  const std::lock_guard lock(mutex_);
  reserved_ -= reserved;
  if (seat && seat != seat_) {
    log::Warning("the consumer was taken for dead, its messages went to others",
                 {{"queue", queues_.front().name}, {"messages", in_hand_.size()}});
    seat_ = std::move(seat);
    in_hand_.clear();
  }
  for (const Delivery& delivery : taken) in_hand_.insert(delivery.id);
}

void SqliteSource::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  hub_->Bell().RingAll();
}

std::shared_ptr<Seat> SqliteSource::CurrentSeat() {
  const std::lock_guard lock(mutex_);
  return seat_;
}

bool SqliteSource::Stopped() {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

void SqliteSource::Tell(const Result<void>& took) {
  const std::lock_guard lock(mutex_);
  if (took.has_value() != failing_) return;
  failing_ = !took;
  if (failing_) {
    log::Warning("cannot take messages, trying on",
                 {{"queue", queues_.front().name}, {"error", took.error().what}});
  } else {
    log::Info("taking messages again", {{"queue", queues_.front().name}});
  }
}

}  // namespace brood::broker::sqlite
