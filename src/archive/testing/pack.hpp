#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/kind.hpp"

namespace brood::archive::testing {

/// Name and content, in this order; names are written as they are.
using Contents = std::vector<std::pair<std::string, std::string>>;

/// An archive in memory. A password makes a zip with AES-256. Throws where libarchive refuses.
[[nodiscard]] std::string Pack(Kind kind, const Contents& contents, const std::string& password = "");

/// Bytes, packed once: kTarBzip2 with bzip2, kTarGzip with gzip.
[[nodiscard]] std::string PackBytes(Kind kind, std::string_view bytes);

}  // namespace brood::archive::testing
