#pragma once

#include <filesystem>

#include "sqlite/error.hpp"

namespace brood::sqlite {

/// Copies the database as it stands at one moment, while other processes read and write it: they wait for
/// nothing. `to` must not exist; it gets mode 0600 and is on the disk when this returns. A copy that breaks off
/// is removed.
[[nodiscard]] Result<void> CopySnapshot(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace brood::sqlite
