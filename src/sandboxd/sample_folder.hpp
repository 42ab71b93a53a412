#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"

namespace brood::sandboxd {

/// Uploaded contents under their SHA-256, mode 0600. Names from outside never become paths. A content is there
/// whole or not at all, even after kill -9. Thread-safe.
class SampleFolder {
 public:
  /// Makes the folder, mode 0700.
  [[nodiscard]] Expected<void, Error> Open(const std::filesystem::path& folder);
  [[nodiscard]] Expected<void, Error> Put(const std::string& sha256, std::string_view bytes);
  [[nodiscard]] std::filesystem::path PathOf(const std::string& sha256) const { return folder_ / sha256; }
  [[nodiscard]] bool Has(const std::string& sha256) const { return std::filesystem::exists(PathOf(sha256)); }

 private:
  std::filesystem::path folder_;
};

/// Makes a folder with mode 0700, and those above it.
[[nodiscard]] Expected<void, Error> MakeFolder(const std::filesystem::path& folder);
/// Writes the file under a name of its own and renames it, mode 0600: whole or not at all, but not synced.
[[nodiscard]] Expected<void, Error> WriteWhole(const std::filesystem::path& file, std::string_view bytes);

}  // namespace brood::sandboxd
