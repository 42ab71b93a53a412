#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "broker/broker.hpp"
#include "metrics/registry.hpp"
#include "stage/failure_record.hpp"
#include "stage/stage.hpp"

namespace brood::stage {

struct RunnerSettings {
  std::string queue;  ///< what it consumes: renewals go there, failure records name it
  /// Empty: nothing is ever given up. What fails is kept, told in the log and offered again at the longest
  /// back-off.
  std::string failed_queue = "worker/failed";
  std::size_t workers = 1;        ///< Handle calls at once
  std::size_t batch = 1;          ///< messages a Handle call at most; a few are shared out among the workers
  std::size_t max_in_hand = 100;  ///< messages held or being handled at most
  /// Bound on their bytes; one message is always taken, and one Take may go over it.
  std::size_t max_bytes_in_hand = std::size_t{256} << 20;
  int max_tries = 5;  ///< the Retry of this number in a row becomes Fail
  Backoff retry{Millis{500}, Millis{30'000}, 2.0};
  Backoff settle{Millis{100}, Millis{5'000}, 2.0};  ///< while the broker is away or full
  /// Settles under way at most. More than one pays where a Settle waits for answers over a network; then what
  /// messages led to is published in no fixed order.
  std::size_t settles_at_once = 1;
  Millis renew_after{15 * 60'000};  ///< what is held longer is published again and acknowledged; 0 = never
  Millis stop_within{10'000};       ///< after a stop: finish or give back within this
  /// Keeps the body of a failed message whose failure record would be too large for the broker. Called by
  /// as many threads as settle. Without it such a body is cut.
  KeepBody keep_body;
};

/// Runs one stage on one source until stop is requested: takes, hands to workers, settles fates, holds, retries
/// with back-off, renews, bounds what is in hand, gives back on stop, counts and times. A `seen_before` message
/// runs alone until this process has been through it once, so that one that crashes the process harms no
/// neighbour. No message is ever acknowledged before what it led to is durable. What is finished while as many
/// Settles run as may goes into the next one together.
///
/// Every message given to the stage has a "first-seen" header; it and "trace" go along to what a Done publishes
/// and to failure records. A publish that the broker refuses (too large, no such queue) makes the message a
/// failure. While the broker is away or full, finished work stays ours and is settled later, not done again. A
/// stage that has no failed queue, or reads it itself, cannot fail a message: it is offered again at the
/// longest back-off.
///
/// After a stop nothing more is begun; what is held goes back at once, published again if its headers changed.
/// A Handle that ignores the stop is named in the log after stop_within; Run waits for it all the same.
///
/// Crash points around each Settle: "stage.before_settle", "<stage>.before_settle", "<stage>.after_settle",
/// "stage.after_settle". Owns its threads; Run returns when all are joined.
class Runner {
 public:
  Runner(Stage& stage, broker::Source& source, broker::Broker& broker, RunnerSettings settings,
         metrics::Registry& metrics, Clock& clock);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void Run(std::stop_token stop);

  /// Nothing in hand and the last Take came back empty: a picture of a moment, since a message may be on its
  /// way out of the queue. For tests and `--until-idle`. Thread-safe.
  [[nodiscard]] bool Idle() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace brood::stage
