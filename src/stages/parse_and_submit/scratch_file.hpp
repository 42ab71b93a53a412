#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "base/unique_fd.hpp"

namespace brood::stages::parse_and_submit {

/// A file without a name in `folder`, gone with this object and with the process, however that ends. Nobody
/// else can open it.
class ScratchFile {
 public:
  [[nodiscard]] static Expected<ScratchFile, Error> In(const std::filesystem::path& folder);

  [[nodiscard]] Expected<void, Error> Append(std::string_view bytes);
  /// To read it from its beginning while this object lives.
  [[nodiscard]] std::filesystem::path Path() const;

 private:
  explicit ScratchFile(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace brood::stages::parse_and_submit
