#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/file.hpp"

namespace brood::stages::submit_binary {

/// A watched folder whose files were last changed when the test says, on the test's clock.
class WatchedFolder {
 public:
  std::filesystem::path Write(const std::string& name, std::string_view content, Time changed) const {
    auto path = dir_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << content;
    Touch(path, changed);
    return path;
  }
  static void Touch(const std::filesystem::path& path, Time changed) {
    const auto millis = ToMillis(changed);
    const timespec at{millis / 1'000, millis % 1'000 * 1'000'000};
    const timespec both[2] = {at, at};
    ::utimensat(AT_FDCWD, path.c_str(), both, AT_SYMLINK_NOFOLLOW);
  }
  const std::filesystem::path& Path() const { return dir_.Path(); }

 private:
  TempDir dir_;
};

}  // namespace brood::stages::submit_binary
