#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "broker/broker.hpp"
#include "metrics/registry.hpp"
#include "stage/stage.hpp"

namespace brood::stage {

struct RunnerSettings {
  std::string queue;  ///< what it consumes: renewals go there, failure records name it
  std::string failed_queue = "worker/failed";
  std::size_t workers = 1;        ///< Handle calls at once
  std::size_t batch = 1;          ///< messages a Handle call at most
  std::size_t max_in_hand = 100;  ///< messages held or being handled at most
  std::size_t max_bytes_in_hand = std::size_t{256}
                                  << 20;  ///< bound on their bodies; one message is always taken
  int max_tries = 5;                      ///< Retry becomes Fail after so many in a row
  Backoff retry{Millis{500}, Millis{30'000}, 2.0};
  Millis renew_after{15 * 60'000};  ///< what is held longer is published again and acknowledged
  Millis stop_within{10'000};       ///< after a stop: finish or give back within this
};

/// Runs one stage on one source until stop is requested: takes, hands to workers, settles fates, holds, retries
/// with back-off, renews, bounds what is in hand, gives back on stop, counts and times. A `seen_before` message
/// runs alone, so that one that crashes the process harms no neighbour. No message is ever acknowledged before
/// what it led to is durable. Owns its threads; Run returns when all are joined.
class Runner {
 public:
  Runner(Stage& stage, broker::Source& source, broker::Broker& broker, RunnerSettings settings,
         metrics::Registry& metrics, Clock& clock);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void Run(std::stop_token stop);

  /// Nothing in hand and the last Take came back empty. For tests and `--until-idle`.
  [[nodiscard]] bool Idle() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace brood::stage
