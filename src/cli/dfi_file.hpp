#pragma once

#include <filesystem>

#include "cli/original_files.hpp"

namespace brood::cli {

// The settings file of the DFI blacklisting system, config.cfg, read unchanged: one INI file for all of its
// programs. Source of the keys: the file that ships with it, and its class Config.

/// By its ending: .cfg or .ini.
[[nodiscard]] bool IsDfiFile(const std::filesystem::path& file);
/// In the folder that the program runs in, else beside `program`. Empty if there is none.
[[nodiscard]] std::filesystem::path FindDfiFile(const std::filesystem::path& program);
/// The sandbox, the search engine as the store, the watched folder, the score, where the API listens, the log.
/// What replaced waits and groups of machines is a warning, as is a key that nobody knows.
[[nodiscard]] OriginalSettings ReadDfiFile(const std::filesystem::path& file);

}  // namespace brood::cli
