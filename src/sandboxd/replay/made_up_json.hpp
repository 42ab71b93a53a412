#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace brood::sandboxd::replay {

/// A report shaped as Cuckoo 2.0.7's, of about `bytes` bytes, with made-up behaviour, network and strings. The
/// same seed gives the same report. For load and demos without recorded reports; info.brood says that it is
/// made up.
[[nodiscard]] std::string MadeUpReport(std::uint64_t seed, std::size_t bytes);

}  // namespace brood::sandboxd::replay
