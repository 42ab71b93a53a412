#pragma once

#include "base/clock.hpp"
#include "broker/message.hpp"

namespace brood::stage {

inline constexpr const char* kFirstSeen = "first-seen";  ///< ms since 1970: when the submission came to brood
inline constexpr const char* kTrace = "trace";
inline constexpr const char* kTries = "tries";  ///< Retry in a row before a renewal; never seen by a stage

/// What travels along with a submission: copied to what a message leads to, unless a stage set it itself.
void CarryAlong(const broker::Headers& from, broker::Headers& to);

/// `changes` win. True if anything is different now.
bool Merge(const broker::Headers& changes, broker::Headers& into);

/// Removes the "tries" header and gives its number, 0 without one.
[[nodiscard]] int TakeTries(broker::Headers& headers);

}  // namespace brood::stage
