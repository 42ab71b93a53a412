#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "model/messages.hpp"
#include "stage/decide.hpp"
#include "stage/stage.hpp"

namespace brood::stage::testing {

/// A message as a runner hands it on: with "first-seen".
[[nodiscard]] broker::Message MessageOn(std::string queue, std::string body, Time now,
                                        broker::Headers headers = {});

/// One Handle call with all messages as one batch. Throws std::logic_error unless there is one fate for each.
[[nodiscard]] std::vector<Fate> Offer(Stage& stage, std::span<const broker::Message> batch, const Clock& clock);
/// The same for one message.
[[nodiscard]] Fate Offer(Stage& stage, const broker::Message& message, const Clock& clock);

/// What became of one message.
struct Outcome {
  std::vector<Fate> fates;                  ///< one each time it was offered
  std::vector<broker::Outgoing> published;  ///< of the Done; empty otherwise
  std::optional<model::FailureMessage> failure;
  broker::Message message;  ///< as the stage saw it last, with the headers of its Holds
  bool ended = false;       ///< Done or given up

  /// Bodies published to `queue`, in order.
  [[nodiscard]] std::vector<std::string> On(std::string_view queue) const;
  /// Reasons of the Holds, in order.
  [[nodiscard]] std::vector<std::string> HeldFor() const;
};

/// Offers the message again and again, as the runner would, moving the clock over each Hold and Retry, until it
/// ended or was offered `max_offers` times. No threads, no servers.
[[nodiscard]] Outcome Follow(Stage& stage, broker::Message message, ManualClock& clock, int max_offers = 100,
                             const RetryPolicy& policy = {});

}  // namespace brood::stage::testing
