#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace brood::sandboxd {

/// How a tar is packed: `?tar=` of a report's archives.
enum class Packing { kBzip2, kGzip, kNone };

/// One member of an archive. The name has at most 99 bytes.
struct ArchiveMember {
  std::string name;
  std::optional<std::string_view> content;  ///< none: a folder
};

/// The members in order as a tar (ustar, blocks of 10,240 bytes as tar itself writes it), packed. All of it is
/// in memory, as with the original. Throws std::length_error for more than 2 GiB.
[[nodiscard]] std::string MakeArchive(const std::vector<ArchiveMember>& members, Time modified,
                                      Packing packing);

}  // namespace brood::sandboxd
