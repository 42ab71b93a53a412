#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "base/unique_fd.hpp"
#include "samples/samples.hpp"

namespace brood::samples::folder {

/// A file from outside, read piece by piece. Only a regular file is opened: no symbolic link is followed and no
/// pipe is waited for.
class SourceFile {
 public:
  [[nodiscard]] static Expected<SourceFile, SampleError> Open(const std::filesystem::path& path);

  /// The next piece, valid until the next Read; empty at the end.
  [[nodiscard]] Expected<std::string_view, SampleError> Read();

 private:
  SourceFile(UniqueFd fd, std::string name, std::size_t piece)
      : fd_(std::move(fd)), name_(std::move(name)), buffer_(piece, '\0') {}

  UniqueFd fd_;
  std::string name_;
  std::string buffer_;
};

}  // namespace brood::samples::folder
