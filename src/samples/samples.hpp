#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "model/ids.hpp"

namespace brood::samples {

enum class Errc { kUnknown, kFull, kUnavailable, kTooLarge };

struct SampleError {
  Errc code = Errc::kUnavailable;
  std::string what;
};

/// Sample bytes by SHA-256. Files are never executed, mode 0600, named by their hash alone. Thread-safe.
class SampleStore {
 public:
  virtual ~SampleStore() = default;

  /// Durable on return. Storing the same bytes again is harmless.
  [[nodiscard]] virtual Expected<model::SampleHash, SampleError> Put(std::string_view bytes) = 0;
  /// The same for a file, which is read once and left as it is. A file that changes while it is read gives the
  /// hash of what was read.
  [[nodiscard]] virtual Expected<model::SampleHash, SampleError> PutFile(const std::filesystem::path& file) = 0;
  /// A local file with the sample's bytes, valid while the store is and nobody removes the sample.
  [[nodiscard]] virtual Expected<std::filesystem::path, SampleError> Fetch(const model::SampleHash& hash) = 0;
  [[nodiscard]] virtual bool Has(const model::SampleHash& hash) = 0;
  virtual void Remove(const model::SampleHash& hash) = 0;
};

}  // namespace brood::samples
