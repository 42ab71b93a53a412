#pragma once

#include <cstdint>
#include <optional>

#include "sandbox/sandbox.hpp"

namespace brood::sandbox {

/// The least free bytes among the places that a task fills: Cuckoo 2's analyses and binaries, a patched 1.2's
/// samples and reports, CAPE's storage. Nothing where the node names none of them (stock 1.2).
[[nodiscard]] std::optional<std::uint64_t> LeastFree(const NodeStatus& status);

}  // namespace brood::sandbox
