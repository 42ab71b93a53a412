#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "config/problem.hpp"

namespace brood::cli {

struct Imported {
  std::string toml;           ///< a brood.toml; holds the files' passwords and keys as they are
  config::Problems problems;  ///< then there is no toml
  config::Problems warnings;
};

/// The settings files of an installation of cuckoo_distributed, of the DFI blacklisting system or of both as
/// one brood.toml, each value with the file and the key it came from. Several feeders give several sandboxes.
/// Files that say different things of one setting are a problem, but for the log's, of which there is one.
[[nodiscard]] Imported ImportOriginals(std::span<const std::filesystem::path> files);

}  // namespace brood::cli
