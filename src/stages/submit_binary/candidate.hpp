#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace brood::stages::submit_binary {

/// What names a file's content for us, as lstat gives it.
struct FileFacts {
  enum class Kind { kRegular, kLink, kFolder, kOther } kind = Kind::kOther;
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;  ///< nobody can set it: a file that was away or touched in between shows it
  std::string what;           ///< "a symbolic link", "a fifo", …
  bool operator==(const FileFacts&) const = default;
};

/// Nothing if the file is gone.
[[nodiscard]] std::optional<FileFacts> FactsOf(const std::filesystem::path& path);

/// Whether some process has the file open for writing, as far as the kernel tells us.
[[nodiscard]] bool IsOpenForWriting(const std::filesystem::path& path);

enum class Readiness { kReady, kWait, kRefused };

struct Judgement {
  Readiness readiness = Readiness::kReady;
  std::string why;
};

/// Pure: `before` is what the last pass saw, if it saw the file at all.
[[nodiscard]] Judgement Judge(const FileFacts& facts, const std::optional<FileFacts>& before,
                              std::uint64_t max_size, Millis settle_for, Time now);

/// Names this sighting by path, inode, mtime and size: the same file seen again after a crash has the same
/// name.
[[nodiscard]] std::string SightingOf(const std::filesystem::path& path, const FileFacts& facts);

}  // namespace brood::stages::submit_binary
