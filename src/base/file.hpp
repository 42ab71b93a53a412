#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"

namespace brood {

/// The whole file; an error names the path. A file over `max_bytes` is an error, not a part.
[[nodiscard]] Expected<std::string, Error> ReadFile(const std::filesystem::path& path,
                                                    std::size_t max_bytes = std::size_t{1} << 30);

/// Writes under a temporary name beside `path`, syncs file and folder, renames: after a crash the old file or
/// the new one is there, never a part. The file gets mode 0600.
[[nodiscard]] Expected<void, Error> WriteFileDurably(const std::filesystem::path& path, std::string_view bytes);

/// False, with errno, when the file takes no more; a part may be written then.
[[nodiscard]] bool WriteAll(int fd, std::string_view bytes);

/// A new folder of its own below the system's temporary folder, removed with everything in it at the end.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& Path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace brood
