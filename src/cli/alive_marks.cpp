#include "cli/alive_marks.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace brood::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto kFolder = "alive";
constexpr mode_t kOwnersAlone = 0600;

/// The lock lasts as long as the file is open. Blocks only while somebody looks, which is at once over.
int Mark(const fs::path& file) {
  const int open_file = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnersAlone);
  if (open_file < 0)
    throw std::runtime_error(fmt::format("cannot make {}: {}", file.string(), std::strerror(errno)));
  while (::flock(open_file, LOCK_SH) != 0 && errno == EINTR) {
  }
  return open_file;
}

bool IsMarked(const fs::path& file) {
  const int open_file = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (open_file < 0) return false;
  const bool held = ::flock(open_file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(open_file);
  return held;
}

}  // namespace

AliveMarks::AliveMarks(const fs::path& state_dir, const std::vector<std::string>& services) {
  const fs::path folder = state_dir / kFolder;
  std::error_code error;
  fs::create_directories(folder, error);
  for (const std::string& service : services) files_.push_back(Mark(folder / service));
}

AliveMarks::~AliveMarks() {
  for (const int file : files_) ::close(file);
}

std::vector<api::ServiceState> StatesOfMarks(const fs::path& state_dir,
                                             const std::vector<std::string>& services) {
  std::vector<api::ServiceState> states;
  for (const std::string& service : services) {
    states.push_back({service, IsMarked(state_dir / kFolder / service), 0});
  }
  return states;
}

}  // namespace brood::cli
