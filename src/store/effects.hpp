#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "store/result.hpp"

namespace brood::store {

enum class Begun {
  kFirst,   ///< nobody began it before
  kUnsure,  ///< begun before and not finished: it may have happened
  kDone,    ///< finished before: not to be done again
};

/// What was done where it cannot be read back (results pushed to CRITs), so that it is done once; only what was
/// begun and not finished, because its doer died or got no answer, stays unsure.
class Effects {
 public:
  virtual ~Effects() = default;
  /// Before it is done. Durable on return, whatever the answer.
  [[nodiscard]] virtual Result<Begun> Begin(std::string_view key, Time now) = 0;
  /// After it was done. What was never begun is begun and finished.
  [[nodiscard]] virtual Result<void> Finish(std::string_view key, Time now) = 0;
  /// After it certainly did not happen: as if it had never begun. What is done stays done.
  [[nodiscard]] virtual Result<void> Withdraw(std::string_view key) = 0;
  /// Drops what was begun before `before`; how many there were.
  [[nodiscard]] virtual Result<std::uint64_t> Forget(Time before) = 0;
};

}  // namespace brood::store
