#pragma once

#include <variant>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "stage/hand.hpp"
#include "stage/stage.hpp"

namespace brood::stage {

struct SettleWith {
  std::vector<broker::Outgoing> publish;
};
struct OfferAgain {
  Time due;
};
struct GiveUp {
  Error why;
};

/// What happens to a message next.
using Step = std::variant<SettleWith, OfferAgain, GiveUp>;

struct RetryPolicy {
  Backoff backoff;
  int max_tries = 5;  ///< the Retry of this number in a row gives up; 0 = never gives up
};

/// A stage's fate for a message becomes the runner's next step; the entry's tries and headers follow it. Pure
/// otherwise. Messages of a Done carry the entry's "first-seen" and "trace".
[[nodiscard]] Step Decide(Entry& entry, Fate fate, const RetryPolicy& policy, Time now);

}  // namespace brood::stage
