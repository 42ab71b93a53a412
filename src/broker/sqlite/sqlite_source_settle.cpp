// What ends a delivery: Settle and GiveBack.
#include <algorithm>
#include <utility>

#include "base/crash_point.hpp"
#include "broker/sqlite/sqlite_source.hpp"

namespace brood::broker::sqlite {

Expected<void, BrokerError> SqliteSource::Settle(std::span<const Settlement> settlements) {
  std::vector<Row> rows;
  std::vector<DeliveryId> settled;
  for (const Settlement& settlement : settlements) {
    auto some = hub_->Rows(settlement.publish);
    if (!some) return Unexpected(some.error());
    std::ranges::move(*some, std::back_inserter(rows));
    settled.push_back(settlement.delivery);
  }
  const HolderId holder = CurrentSeat()->Id();
  std::vector<DeliveryId> stale;
  const auto written =
      hub_->Writer().Write([&](Connection& db) { return Exchange(db, holder, settlements, rows, stale); });
  if (!written) return Unexpected(ToBrokerError(written.error()));
  if (!stale.empty()) {
    Forget(stale);
    return Unexpected(BrokerError{Errc::kStale, "deliveries are no longer held here", std::move(stale)});
  }
  CrashPoint("broker.settled");
  Forget(settled);
  hub_->Ring(rows);
  return {};
}

/// Publishes and acknowledges, or names what is stale and does nothing.
Result<void> SqliteSource::Exchange(Connection& db, HolderId holder, std::span<const Settlement> settlements,
                                    std::span<const Row> rows, std::vector<DeliveryId>& stale) const {
  for (const Settlement& settlement : settlements) {
    const auto ours = Holds(db, holder, settlement.delivery);
    if (!ours) return Unexpected(ours.error());
    if (!*ours) stale.push_back(settlement.delivery);
  }
  if (!stale.empty()) return {};
  for (const Row& row : rows) {
    if (auto appended = Append(db, row); !appended) return appended;
  }
  CrashPoint("broker.settle");
  for (const Settlement& settlement : settlements) {
    if (auto removed = Remove(db, holder, settlement.delivery); !removed) return removed;
  }
  return {};
}

void SqliteSource::Forget(std::span<const DeliveryId> deliveries) {
  {
    const std::lock_guard lock(mutex_);
    const bool was_full = in_hand_.size() + reserved_ >= prefetch_;
    for (const DeliveryId id : deliveries) in_hand_.erase(id);
    if (!was_full) return;
  }
  hub_->Bell().Ring(queue_ids_);  // a Take of ours may wait for room
}

void SqliteSource::GiveBack(std::span<const DeliveryId> deliveries) {
  {
    const std::lock_guard lock(mutex_);
    leftovers_.insert(leftovers_.end(), deliveries.begin(), deliveries.end());
  }
  ReturnLeftovers();
}

void SqliteSource::ReturnLeftovers() {
  std::vector<DeliveryId> returning;
  {
    const std::lock_guard lock(mutex_);
    returning.swap(leftovers_);
  }
  if (returning.empty()) return;
  if (ReturnNow(returning)) {
    Forget(returning);
    hub_->Bell().Ring(queue_ids_);
    return;
  }
  const std::lock_guard lock(mutex_);
  leftovers_.insert(leftovers_.end(), returning.begin(), returning.end());
}

Result<void> SqliteSource::ReturnNow(std::span<const DeliveryId> deliveries) {
  const HolderId holder = CurrentSeat()->Id();
  return hub_->Writer().Write([&](Connection& db) -> Result<void> {
    for (const DeliveryId id : deliveries) {
      if (auto back = Return(db, holder, id); !back) return back;
    }
    return {};
  });
}

}  // namespace brood::broker::sqlite
