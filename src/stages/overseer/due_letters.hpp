#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "broker/broker.hpp"
#include "stage/stage.hpp"
#include "store/store.hpp"

namespace brood::stages::overseer {

/// The dead letters whose time has come, as a source of work. Taking one moves its due time ahead, so that of
/// several overseers one sends it and a crash loses nothing; settling publishes it, removes its dump if it has
/// one (a person wanted a dead letter sent again), and then notes that it went back. A letter that failed again
/// in between is not noted and comes again.
class DueLetters final : public broker::Source {
 public:
  DueLetters(store::DeadLetters& letters, broker::Broker& broker, std::filesystem::path dump_dir, Clock& clock)
      : letters_(letters), broker_(broker), dump_dir_(std::move(dump_dir)), clock_(clock) {}

  [[nodiscard]] std::vector<broker::Delivery> Take(std::size_t max, Millis wait) override;
  [[nodiscard]] Expected<void, broker::BrokerError> Settle(
      std::span<const broker::Settlement> settlements) override;
  void GiveBack(std::span<const broker::DeliveryId> deliveries) override;
  void Stop() override { stop_.request_stop(); }

 private:
  [[nodiscard]] std::vector<broker::Delivery> TakeNow(std::size_t max);
  [[nodiscard]] std::optional<broker::Delivery> Reserve(store::DeadLetter letter);
  Expected<void, broker::BrokerError> SettleOne(const broker::Settlement& settlement);
  Expected<void, broker::BrokerError> PutOff(const broker::Settlement& settlement, store::DeadLetter letter);

  store::DeadLetters& letters_;
  broker::Broker& broker_;
  const std::filesystem::path dump_dir_;
  Clock& clock_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::uint64_t next_id_ = 1;
  std::map<broker::DeliveryId, store::DeadLetter> in_hand_;
};

/// Sends each due letter's message back to where it came from.
class Resend final : public stage::Stage {
 public:
  /// `name` is what its work is counted under: letters that are due and work that was stuck are two services.
  explicit Resend(std::string name = "overseer_resend") : name_(std::move(name)) {}

  [[nodiscard]] std::string Name() const override { return name_; }
  [[nodiscard]] std::vector<stage::Fate> Handle(std::span<const broker::Message> batch,
                                                const stage::Turn& turn) override;

 private:
  const std::string name_;
};

}  // namespace brood::stages::overseer
