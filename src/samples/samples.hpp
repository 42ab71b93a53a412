#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "model/ids.hpp"

namespace brood::samples {

enum class Errc {
  kUnknown,      ///< no such sample, or no such file to take one from
  kFull,         ///< no room: nothing was stored; goes away by itself
  kUnavailable,  ///< the store cannot be reached or a disk reports an error
  kTooLarge,     ///< larger than the store takes
  kRefused,      ///< not a regular file: symbolic links, devices, pipes and folders are not followed or read
};

[[nodiscard]] std::string_view Name(Errc code);

struct SampleError {
  Errc code = Errc::kUnavailable;
  std::string what;  ///< one sentence for people, naming the file or the sample
};

using Stored = Expected<model::SampleHash, SampleError>;

/// Sample bytes by SHA-256. Files are never executed, mode 0600, named by their hash alone. Thread-safe.
class SampleStore {
 public:
  virtual ~SampleStore() = default;

  /// Durable on return. Storing the same bytes again is harmless.
  [[nodiscard]] virtual Stored Put(std::string_view bytes) = 0;
  /// The same for files, which are read once and left as they are; one answer for each, in order. A file that
  /// changes while it is read gives the hash of what was read.
  [[nodiscard]] virtual std::vector<Stored> PutFiles(std::span<const std::filesystem::path> files) = 0;
  [[nodiscard]] Stored PutFile(const std::filesystem::path& file) {
    return std::move(PutFiles(std::span(&file, 1)).front());
  }
  /// A local file with the sample's bytes, valid while the store is and nobody removes the sample.
  /// Text that is no SHA-256 is kUnknown: names from outside never become paths.
  [[nodiscard]] virtual Expected<std::filesystem::path, SampleError> Fetch(const model::SampleHash& hash) = 0;
  [[nodiscard]] virtual bool Has(const model::SampleHash& hash) = 0;
  /// Removing what is not there is harmless.
  virtual void Remove(const model::SampleHash& hash) = 0;
};

}  // namespace brood::samples
