#pragma once

#include <filesystem>
#include <string_view>

#include "base/expected.hpp"
#include "base/unique_fd.hpp"

namespace brood::samples::folder {

/// A file on its way into the store, under a name of its own and mode 0600. Removed at the end unless it was
/// moved to its place. Errors are errno values.
class IncomingFile {
 public:
  [[nodiscard]] static Expected<IncomingFile, int> Create(const std::filesystem::path& folder);
  ~IncomingFile();
  IncomingFile(IncomingFile&& other) noexcept;
  IncomingFile& operator=(IncomingFile&& other) noexcept;

  [[nodiscard]] Expected<void, int> Write(std::string_view bytes);
  /// Makes the folder that `place` lies in where it is not there.
  [[nodiscard]] Expected<void, int> MoveTo(const std::filesystem::path& place);

 private:
  IncomingFile(UniqueFd fd, std::filesystem::path path) : fd_(std::move(fd)), path_(std::move(path)) {}

  UniqueFd fd_;
  std::filesystem::path path_;  // empty once moved
};

}  // namespace brood::samples::folder
