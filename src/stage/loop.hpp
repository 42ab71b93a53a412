#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "stage/alarm.hpp"
#include "stage/decide.hpp"
#include "stage/hand.hpp"
#include "stage/runner.hpp"
#include "stage/runner_metrics.hpp"
#include "stage/settle.hpp"

namespace brood::stage {

/// The runner's threads and what they share: Run's own thread takes, workers handle, the keeper does all that
/// is due: settling, offering again, renewing, giving back. Where several Settles may be under way, settlers do
/// the settling for it. Ports are never called with the mutex held.
class Runner::Loop {
 public:
  Loop(Stage& stage, broker::Source& source, broker::Broker& broker, RunnerSettings settings,
       metrics::Registry& metrics, Clock& clock);

  void Run(const std::stop_token& stop);
  [[nodiscard]] bool Idle() const;

 private:
  // loop.cpp: taking
  void TakeAll(const std::stop_token& stop);
  [[nodiscard]] std::size_t WaitForRoom(const std::stop_token& stop);
  [[nodiscard]] std::vector<broker::Delivery> Take(std::size_t max);
  void PutInHand(std::vector<broker::Delivery> deliveries);
  void GiveBack(const std::vector<broker::DeliveryId>& deliveries);
  void MeasureHand();

  // loop_work.cpp: handling
  void WorkAll(const std::stop_token& stop);
  [[nodiscard]] std::optional<Batch> NextBatch(const std::stop_token& stop);
  [[nodiscard]] std::size_t BatchSize() const;
  void Work(Batch batch, const std::stop_token& stop);
  void Apply(Ticket ticket, Fate fate, Time now);
  void Note(const Entry& entry, const Fate& fate) const;
  [[nodiscard]] static bool NothingTakesFailures(const RunnerSettings& settings);
  void GiveUpOn(Ticket ticket, Error why, Time now);
  Job& AddJob(Ticket ticket);

  // loop_keep.cpp: what is due
  struct Round {
    std::vector<broker::DeliveryId> give_back;
    std::vector<Job> jobs;
    std::optional<Time> next;
    bool over = false;
  };
  void KeepAll(const std::stop_token& stop);
  [[nodiscard]] Round Plan(bool stopping);
  void RenewOld(Time now);
  void Renew(Ticket ticket);
  void ReleaseIdle(Round& round);
  void TakeDueJobs(Round& round, Time now);
  void WatchStop(Time now);
  [[nodiscard]] std::optional<Time> NextWake() const;

  // loop_settle.cpp: settling
  [[nodiscard]] std::size_t SettlersToStart() const;
  [[nodiscard]] bool MaySettle() const;
  void SettleOrHandOver(std::vector<Job> jobs);
  void SettleAll();
  [[nodiscard]] std::optional<std::vector<Job>> NextGroup();
  void EndSettlers();
  void Settle(std::vector<Job> jobs);
  [[nodiscard]] std::vector<broker::DeliveryId> Finish(std::vector<Job> jobs, bool away);
  void PutOff(Job job, Time now);

  Stage& stage_;
  broker::Source& source_;
  const RunnerSettings settings_;
  Clock& clock_;
  const std::string name_;
  const RetryPolicy policy_;
  RunnerMetrics metrics_;
  const Settler settler_;
  Alarm alarm_;  // wakes the keeper

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable_any work_, room_, group_;
  Hand hand_;
  std::deque<Job> jobs_;
  std::deque<std::vector<Job>> groups_;  // for settlers to take
  std::size_t settling_ = 0;             // groups that are there or under way
  bool keeper_over_ = false;
  std::set<const Batch*> at_work_;
  std::size_t largest_ = 0;  // weight to expect of the next messages
  bool last_take_empty_ = false;
  bool closing_ = false;  // nothing can be added any more
  int away_ = 0;          // rounds in a row that found the source away
  Time settle_not_before_{};
  std::optional<Time> stop_deadline_;
  bool past_deadline_ = false;
  double shown_messages_ = 0, shown_bytes_ = 0;
};

}  // namespace brood::stage
