#pragma once

#include <optional>
#include <string_view>

namespace brood::archive {

/// What can be read. One packing around a tar, never several.
enum class Kind { kTar, kTarBzip2, kTarGzip, kZip, kSevenZip };

[[nodiscard]] std::string_view Name(Kind kind);  ///< "tar", "tar.bz2", "tar.gz", "zip", "7z"

/// By the first 512 bytes of a file, its name means nothing. Whether what is packed is a tar shows later.
[[nodiscard]] std::optional<Kind> KindOf(std::string_view head);

}  // namespace brood::archive
