#pragma once

#include "store/blacklist.hpp"
#include "store/counts.hpp"
#include "store/dead_letters.hpp"
#include "store/effects.hpp"
#include "store/hashes.hpp"
#include "store/lists.hpp"
#include "store/reports.hpp"
#include "store/submissions.hpp"

namespace brood::store {

// The record ports. Every write is durable on return. Bulk writes are per item, never atomic across items; one
// that holds something that cannot be kept (limits.hpp) is refused before anything is written. A read by id is
// current; a list or search may lag by a second. No transactions over documents, no scripts: ports that a
// search engine can keep. All thread-safe. Text is kept byte for byte; where it is not UTF-8 a backend may keep
// U+FFFD in the bytes' place. Errors are expected only when the store is away, full or read-only, or was given
// what it refuses.

/// The ports of one store together, as a backend gives them; they live as long as it does.
class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual store::Submissions& Submissions() = 0;
  [[nodiscard]] virtual store::Hashes& Hashes() = 0;
  [[nodiscard]] virtual store::Reports& Reports() = 0;
  [[nodiscard]] virtual store::Blacklist& Blacklist() = 0;
  [[nodiscard]] virtual store::Lists& Lists() = 0;
  [[nodiscard]] virtual store::DeadLetters& DeadLetters() = 0;
  [[nodiscard]] virtual store::Effects& Effects() = 0;
  [[nodiscard]] virtual store::Counts& Counts() = 0;
};

}  // namespace brood::store
