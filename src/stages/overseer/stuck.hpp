#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "broker/broker.hpp"
#include "model/submission.hpp"
#include "store/store.hpp"

namespace brood::stages::overseer {

struct StuckSettings {
  Millis sweep_every{600'000};
  Millis stuck_after{86'400'000};     ///< a submission that has not moved for so long, while its queue is empty
  Millis unprocessed_after{600'000};  ///< a stored report that no rules have looked at for so long
  // Empty: what waits for this queue is left alone, because a Go service, which leaves no record, has it.
  std::string feed_queue = "worker/feed_cuckoo";
  std::string check_queue = "worker/check_results";
  std::string blacklist_queue = "worker/blacklist_processor";
};

/// The message that a submission in this state waits for, made from its record; nothing for one that has ended.
/// Publishing it although another token is about is harmless: stages follow the record.
[[nodiscard]] std::optional<broker::Outgoing> MessageFor(const model::Submission& record,
                                                         const StuckSettings& settings);

/// Submissions whose token is gone (a process died between record and publish, an operator emptied a queue), as
/// a source of work: each is published again, at most once in `stuck_after`. A long queue is no fault: only
/// what waits for an empty one is looked at.
class StuckSubmissions final : public broker::Source {
 public:
  StuckSubmissions(StuckSettings settings, store::Submissions& submissions, store::Reports& reports,
                   broker::Broker& broker, Clock& clock)
      : settings_(std::move(settings)),
        submissions_(submissions),
        reports_(reports),
        broker_(broker),
        clock_(clock) {}

  [[nodiscard]] std::vector<broker::Delivery> Take(std::size_t max, Millis wait) override;
  [[nodiscard]] Expected<void, broker::BrokerError> Settle(
      std::span<const broker::Settlement> settlements) override;
  /// They are found again by a later sweep.
  void GiveBack(std::span<const broker::DeliveryId>) override {}
  void Stop() override { stop_.request_stop(); }

 private:
  void Sweep();
  void SweepState(model::State state, const std::string& queue);
  void SweepReports();
  void Offer(const std::string& name, broker::Outgoing message);
  [[nodiscard]] bool QueueIsEmpty(const std::string& queue);

  const StuckSettings settings_;
  store::Submissions& submissions_;
  store::Reports& reports_;
  broker::Broker& broker_;
  Clock& clock_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::uint64_t next_id_ = 1;
  std::optional<Time> next_sweep_;
  std::map<std::string, Time> offered_;  ///< by what names the work
  std::vector<broker::Delivery> ready_;
};

}  // namespace brood::stages::overseer
