#pragma once

#include <cstdint>
#include <filesystem>

#include "base/unique_fd.hpp"

namespace brood::sqlite {

/// Exclusive locks on single bytes of a side file, seen by all processes of this machine. The kernel lets go of
/// them when the object or its process dies, however it dies. Two objects exclude each other in one process as
/// well. Thread-safe, but the locks belong to the object, not to a thread. Bytes need not exist in the file.
class LockFile {
 public:
  /// Opens or makes the file (0600). Throws std::runtime_error naming the path.
  explicit LockFile(const std::filesystem::path& path);

  void Lock(std::int64_t byte);  ///< waits as long as it takes
  [[nodiscard]] bool TryLock(std::int64_t byte);
  void Unlock(std::int64_t byte);
  /// Whether another object, here or in another process, has the byte.
  [[nodiscard]] bool LockedByAnother(std::int64_t byte) const;
  /// False when somebody removed or replaced the file: locks here and locks of newcomers do not meet any more.
  [[nodiscard]] bool IsTheFileAtItsPath() const;

 private:
  std::filesystem::path path_;
  UniqueFd fd_;
};

}  // namespace brood::sqlite
