#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "broker/sqlite/hub.hpp"
#include "broker/sqlite/seat.hpp"

namespace brood::broker::sqlite {

/// A consumer of some queues. Its messages are those in broker_held under the number of its seat.
class SqliteSource final : public Source {
 public:
  [[nodiscard]] static Expected<std::unique_ptr<Source>, BrokerError> Open(std::shared_ptr<Hub> hub,
                                                                           const ConsumeOptions& options);
  ~SqliteSource() override;

  std::vector<Delivery> Take(std::size_t max, Millis wait) override;
  Expected<void, BrokerError> Settle(std::span<const Settlement> settlements) override;
  void GiveBack(std::span<const DeliveryId> deliveries) override;
  void Stop() override;

  /// For tests.
  void LetGo() { CurrentSeat()->LetGo(); }

 private:
  SqliteSource(std::shared_ptr<Hub> hub, std::vector<NamedQueue> queues, std::size_t prefetch,
               std::shared_ptr<Seat> seat);

  std::vector<Delivery> TakeNow(std::size_t max);
  Result<bool> AnyReady();
  Result<std::vector<Delivery>> TakeSome(Connection& db, std::size_t max, std::shared_ptr<Seat>& seat);
  std::size_t Reserve(std::size_t max);
  void Keep(std::size_t reserved, const std::vector<Delivery>& taken, std::shared_ptr<Seat> seat);
  void Forget(std::span<const DeliveryId> deliveries);
  [[nodiscard]] Result<void> Exchange(Connection& db, HolderId holder, std::span<const Settlement> settlements,
                                      std::span<const Row> rows, std::vector<DeliveryId>& stale) const;
  [[nodiscard]] Result<void> ReturnNow(std::span<const DeliveryId> deliveries);
  void ReturnLeftovers();
  std::shared_ptr<Seat> CurrentSeat();
  bool Stopped();
  void Tell(const Result<void>& took);

  const std::shared_ptr<Hub> hub_;
  const std::vector<NamedQueue> queues_;  ///< in order of preference
  const std::vector<QueueId> queue_ids_;
  const std::size_t prefetch_;

  std::mutex mutex_;
  std::shared_ptr<Seat> seat_;
  std::set<DeliveryId> in_hand_;
  std::size_t reserved_ = 0;           ///< room kept for Takes under way
  std::vector<DeliveryId> leftovers_;  ///< given back, but the disk was full: tried again
  bool stopped_ = false;
  bool failing_ = false;  ///< the last Take failed; said once
};

}  // namespace brood::broker::sqlite
