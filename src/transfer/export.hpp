#pragma once

#include <functional>
#include <string_view>

#include "store/store.hpp"

namespace brood::transfer {

struct Exported {
  std::uint64_t hashes = 0, blacklist = 0, whitelist = 0, third_party = 0;
};

/// Hashes, blacklist, whitelist and third-party lists as the lines of a dump in the original's shape, each
/// with its '\n', handed to `sink` one after the other. What the original has no field for stands beside its
/// own: `origin` and `sha256` of a blacklist entry, `claimed` of a hash whose analysis was given up. What
/// changes meanwhile may be there as it was before or after.
[[nodiscard]] store::Result<Exported> Export(store::Store& store,
                                             const std::function<void(std::string_view line)>& sink);

}  // namespace brood::transfer
