#pragma once

#include "http/client.hpp"

namespace brood::http {

/// What a failed exchange allows. How long to wait is Backoff's affair, how often the caller's.
enum class Retry {
  kNever,     ///< the same request gets the same refusal
  kLater,     ///< it did not happen: the same request may be sent again
  kAskFirst,  ///< it may have happened: repeat at once what is harmless twice, else find out before
};

[[nodiscard]] constexpr Retry ShouldRetry(int status) {
  switch (status) {
    case 408:
    case 425:
    case 429:
    case 503:
      return Retry::kLater;
    case 500:
    case 502:
    case 504:
      return Retry::kAskFirst;
    default:
      return Retry::kNever;
  }
}

[[nodiscard]] constexpr Retry ShouldRetry(Errc code, Reached reached) {
  if (code == Errc::kBadRequest || code == Errc::kTooLarge) return Retry::kNever;
  return reached == Reached::kNo ? Retry::kLater : Retry::kAskFirst;
}

static_assert(ShouldRetry(503) == Retry::kLater);
static_assert(ShouldRetry(404) == Retry::kNever);
static_assert(ShouldRetry(Errc::kConnect, Reached::kNo) == Retry::kLater);
static_assert(ShouldRetry(Errc::kTimeout, Reached::kMaybe) == Retry::kAskFirst);

}  // namespace brood::http
