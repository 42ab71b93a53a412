#include "stage/decide.hpp"

#include <algorithm>

#include "stage/headers.hpp"

namespace brood::stage {
namespace {

// A Hold of no length must not spin.
constexpr Millis kLeastHold{10};

struct Decision {
  Entry& entry;
  const RetryPolicy& policy;
  Time now;

  Step operator()(Done done) const {
    for (auto& outgoing : done.publish) CarryAlong(entry.message.headers, outgoing.headers);
    return SettleWith{std::move(done.publish)};
  }

  Step operator()(Hold hold) const {
    entry.tries = 0;
    entry.held_for = std::move(hold.why);
    if (Merge(hold.headers, entry.message.headers)) entry.headers_changed = true;
    return OfferAgain{now + std::max(hold.at_least, kLeastHold)};
  }

  Step operator()(Retry retry) const {
    ++entry.tries;
    if (policy.max_tries > 0 && entry.tries >= policy.max_tries) return GiveUp{std::move(retry.why)};
    return OfferAgain{now + policy.backoff.After(entry.tries)};
  }

  Step operator()(Fail fail) const { return GiveUp{std::move(fail.why)}; }
};

}  // namespace

Step Decide(Entry& entry, Fate fate, const RetryPolicy& policy, Time now) {
  return std::visit(Decision{entry, policy, now}, std::move(fate));
}

}  // namespace brood::stage
