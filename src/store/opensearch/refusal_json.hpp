#pragma once

#include <string>
#include <string_view>

#include "store/result.hpp"

namespace brood::store::opensearch {

/// Why an engine refuses, as it says: {"type": …, "reason": …}, the value of "error" in its answers.
struct Refusal {
  int status = 0;
  std::string type, reason;
};

/// `error` is that value, or a whole body of which it is a part; what is neither is shown as it is.
[[nodiscard]] Refusal ReadRefusal(int status, std::string_view error);

/// What it means for the ports, in a sentence: "the search engine at URL, while it …: REASON (403 TYPE)".
[[nodiscard]] StoreError ToStoreError(const Refusal& refusal, std::string_view host, std::string_view doing);

/// Whether the engine had no room for the request at this moment and did not begin it.
[[nodiscard]] bool IsRejected(const Refusal& refusal);

}  // namespace brood::store::opensearch
